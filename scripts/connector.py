"""Lays out a new connector: make connector NAME=water_meters, or NAME=video.entrance for another group than feeds."""

import keyword
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).parent / "connector_files"
RECORD = {"feeds": "case", "video": "camera", "visuals": "overlay"}
"""Group → the record of its manifest."""

OWN = {
    "connector.py": "{group}.connector",
    "options.py": "{group}.options",
    "manifest.toml": "manifest",
    "README.md": "readme",
}
TESTS = {"situations.py": "situations", "recorded/README.md": "recorded"}
"""File → template, of the connector's folder and of its tests'."""

NEXT = """Made {folder}/ and {tests}/.
Next: 1. record real answers in {tests}/recorded/, or construct them in situations.py
      2. add "{name}": "{module}:{cls}Connector" to datasources/registry.py
      3. write what says TODO until the contract suite passes (docs/connectors.md shows one from nothing)"""


def lay_out(root: Path, wanted: str) -> str:
    """Write the files of connector `wanted` ("name" or "group.name") and say what comes next; ValueError if not."""
    group, _, name = wanted.rpartition(".")
    group = group or "feeds"
    if group not in RECORD:
        raise ValueError(f"NAME={wanted}: the group is one of {', '.join(RECORD)}")
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name):
        raise ValueError(f"NAME={wanted}: write a name in small letters, as in make connector NAME=water_meters")
    folder, tests = Path("datasources") / group / name, Path("tests/datasources") / group / name
    if (root / folder).exists():
        raise ValueError(f"NAME={wanted}: {folder}/ exists")
    words = {
        "name": f"{group}.{name}",
        "title": name.replace("_", " ").capitalize(),
        "cls": name.title().replace("_", ""),
        "package": f"datasources.{group}.{name}",
        "host": name.replace("_", "-"),
        "record": RECORD[group],
    }
    for place, files in ((folder, OWN), (tests, TESTS)):
        _write(root / place / "__init__.py", "")
        for file, template in files.items():
            _write(root / place / file, _filled(template.format(group=group), words))
    return NEXT.format(**words, folder=folder, tests=tests, module=f"{words['package']}.connector")


def _filled(template: str, words: dict[str, str]) -> str:
    """A template with its words; where its imports stand among each other depends on the name."""
    lines = Template((TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(words).splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith("from datasources")]
    if at:
        lines[at[0] : at[-1] + 1] = sorted(lines[at[0] : at[-1] + 1], key=lambda line: line.split()[1])
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        print(lay_out(ROOT, sys.argv[1] if len(sys.argv) > 1 else ""))
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)

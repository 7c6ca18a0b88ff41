"""Lays out a new connector: make connector NAME=water_meters, or NAME=video.entrance for another group than feeds."""

import keyword
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ("feeds", "video", "visuals")

CONNECTOR = '''"""{title}: its answers as pages. No sleep, no retry, no store: poller and sink have them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from datasources.contract import Clock, Cursor, Page


class {cls}:
    """Reads {title}. Options: none yet; see manifest.toml."""

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Take the options of the source; relative paths start at `folder`."""
        self.options, self.folder, self.zone, self.clock = options, folder, zone, clock

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what is new since `cursor`; raise TemporaryError, AuthenticationError or BadDataError, nothing else."""
        raise NotImplementedError
'''
MANIFEST = """name = "{name}"
title = "{title}"
records = ["case"]

[options]
# option = "what it means, its unit and its default"
"""
README = """# {name}

What it reads, from which system and version, and how far that was tested.

## Options

## What it cannot do
"""
NEXT = """Made {folder}/ and {recorded}/.
Next: 1. record real answers as {recorded}/normal, empty, partial, malformed, refused
      2. write pages() until the contract suite passes
      3. add "{name}": "{module}:{cls}" to datasources/registry.py"""


def lay_out(root: Path, wanted: str) -> str:
    """Write the files of connector `wanted` ("name" or "group.name") and say what comes next; ValueError if not."""
    group, _, name = wanted.rpartition(".")
    group = group or "feeds"
    if group not in GROUPS:
        raise ValueError(f"NAME={wanted}: the group is one of {', '.join(GROUPS)}")
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name):
        raise ValueError(f"NAME={wanted}: write a name in small letters, as in make connector NAME=water_meters")
    folder, recorded = Path("datasources") / group / name, Path("tests/datasources") / group / name
    if (root / folder).exists():
        raise ValueError(f"NAME={wanted}: {folder}/ exists")
    words = {
        "name": f"{group}.{name}",
        "title": name.replace("_", " ").capitalize(),
        "cls": name.title().replace("_", ""),
        "module": f"datasources.{group}.{name}.connector",
        "folder": folder,
        "recorded": recorded,
    }
    (root / folder).mkdir(parents=True)
    (root / recorded).mkdir(parents=True, exist_ok=True)
    files = {"__init__.py": "", "connector.py": CONNECTOR, "manifest.toml": MANIFEST, "README.md": README}
    for file, text in files.items():
        (root / folder / file).write_text(text.format(**words), encoding="utf-8")
    return NEXT.format(**words)


if __name__ == "__main__":
    try:
        print(lay_out(ROOT, sys.argv[1] if len(sys.argv) > 1 else ""))
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)

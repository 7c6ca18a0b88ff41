"""The house keeps its own rules, and its documents do not lie."""

import ast
import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from scripts import layers, sizes
from scripts.connector import lay_out

ROOT = Path(__file__).resolve().parent.parent
HOUSE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
FLOORS = HOUSE["importlinter"]["root_packages"]
NOT_ROOMS = {"tests", "scripts", "benchmarks", "docs", "assets", "locale", "examples", "var", "build"}
FOR_PEOPLE = ("pages", "components", "briefings", "api")  # their texts go through gettext
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
NAME = re.compile(r"^[A-Za-z0-9][\w.-]*", re.MULTILINE)
PIN = re.compile(r"^(?P<name>[\w.-]+)(\[[\w, ]+\])?==\S+(?P<rest>(.*\\\n)+.*)", re.MULTILINE)
OF_ONE_WORKPLACE = re.compile(r"(?<![\w.~*}\])-])/(work|root|tmp)/|pypi\.org|pythonhosted\.org|npmjs\.(org|com)")
MERGE_MARK = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
READMES = ("README.md", "README.zh-CN.md")


def known_files() -> list[Path]:
    """Files that git knows or would add; without git, none."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def room_files(rooms) -> list[Path]:
    """Python files of rooms, modules and packages."""
    modules = [ROOT / f"{room}.py" for room in rooms]
    return [path for path in modules if path.is_file()] + [
        path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))
    ]


def calls_of_print(source: str) -> list[int]:
    """Lines that call print()."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [node.lineno for node in calls if isinstance(node.func, ast.Name) and node.func.id == "print"]


def chinese_literals(source: str) -> list[int]:
    """Lines of string constants with Chinese in them; docstrings may have it."""
    tree = ast.parse(source)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in statements and CHINESE.search(node.value)
    ]


def pins(file: str) -> dict[str, str]:
    """Pinned package → what follows its version, the hashes among it."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return {match["name"].lower(): match["rest"] for match in PIN.finditer(text)}


def commands(readme: str) -> list[str]:
    """First column of the table of commands."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    table = text.split("<!-- commands")[1].split("<!-- /commands -->")[0]
    return re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)


def targets() -> set[str]:
    """Targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_imports_only_go_down():
    result = layers.check()
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_room_on_disk_lies_on_a_floor():
    packages = {path.parent.name for path in ROOT.glob("*/*.py")} - NOT_ROOMS
    modules = {path.stem for path in ROOT.glob("*.py")}
    assert {name for name in packages | modules if name.isidentifier()} <= set(FLOORS)


def test_the_floors_name_every_room_once():
    stack = HOUSE["importlinter"]["contracts"][0]["layers"]
    named = [name.strip("() ") for floor in stack for name in re.split("[|:]", floor)]
    assert sorted(named) == sorted(FLOORS)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [*pairwise(["app", "pages", "wiring", "views", "actions", "datasources", "demo", "domain", "geo"])],
)
def test_an_import_that_goes_up_is_found(tmp_path, upper, lower):
    house(tmp_path, {upper: "", lower: f"import {upper}\n"})
    assert layers.check(tmp_path).returncode == 1
    house(tmp_path, {upper: f"import {lower}\n", lower: ""})
    assert layers.check(tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("datasources", "store"),
        ("demo", "store"),
        ("store", "demo"),
        ("pages", "api"),
        ("views", "wiring"),
        ("geo", "domain"),
        ("store", "config"),
    ],
)
def test_a_room_that_must_not_know_another_is_found_out(tmp_path, one, other):
    house(tmp_path, {one: f"import {other}\n", other: ""})
    assert layers.check(tmp_path).returncode == 1


def house(folder: Path, rooms: dict[str, str]) -> None:
    """A small house with our floors: some rooms as packages, app and config as modules."""
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for room, source in rooms.items():
        if room in {"app", "config", "wiring"}:
            (folder / f"{room}.py").write_text(source)
        else:
            (folder / room).mkdir(exist_ok=True)
            (folder / room / "__init__.py").write_text(source)


@pytest.mark.parametrize(
    "path", room_files([room for room in FLOORS if room != "app"]), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_room_does_not_print(path):
    assert calls_of_print(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", room_files(FOR_PEOPLE), ids=lambda path: str(path.relative_to(ROOT)))
def test_text_for_people_goes_through_the_catalogue(path):
    assert chinese_literals(path.read_text(encoding="utf-8")) == []


def test_the_scan_for_chinese_sees_literals_and_lets_docstrings_pass():
    source = '"""基层"""\ndef f():\n    """网格"""\n    # 社区\n    return "case", "案件", f"{f}，"\n'
    assert chinese_literals(source) == [5, 5]


def test_the_scan_for_print_sees_calls_only():
    assert calls_of_print('"""print(1)"""\nprinter = print\nprint(1)\nx.print(2)\n') == [3]


@pytest.mark.parametrize("file", ["requirements", "requirements-dev"])
def test_every_package_asked_for_is_pinned_with_hashes(file):
    asked = NAME.findall((ROOT / f"{file}.in").read_text(encoding="utf-8"))
    pinned = pins(f"{file}.txt")
    assert {name.lower() for name in asked} <= set(pinned)
    assert [name for name, rest in pinned.items() if "--hash=sha256:" not in rest] == []
    assert asked == sorted(asked, key=str.lower)


def test_both_requirement_files_pin_the_same_versions():
    line = re.compile(r"^[\w.-]+(?:\[[\w,]+\])?==[^\s;]+", re.MULTILINE)
    run, dev = (set(line.findall((ROOT / f"{file}.txt").read_text())) for file in ("requirements", "requirements-dev"))
    names = {pin.split("==")[0] for pin in run}
    assert {pin for pin in dev if pin.split("==")[0] in names} <= run


def test_the_changelog_gives_a_reason_for_every_package():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").lower()
    asked = NAME.findall((ROOT / "requirements.in").read_text(encoding="utf-8"))
    assert [name for name in asked if f"| {name.lower()} |" not in text] == []
    tools = NAME.findall((ROOT / "requirements-dev.in").read_text(encoding="utf-8"))
    assert [name for name in tools if name.lower() not in text] == []


def test_no_file_holds_the_marks_of_an_unfinished_merge():
    """The readers of catalogues pass over them in silence."""
    texts = ((path, path.read_bytes()) for path in known_files())
    assert [path for path, text in texts if MERGE_MARK.search(text)] == []


def test_no_file_knows_the_place_where_it_was_written():
    found = []
    for path in known_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in OF_ONE_WORKPLACE.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_has_context_decision_and_consequences(path):
    text = path.read_text(encoding="utf-8")
    number = int(path.name[:4])
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert re.search(r"^Status: (accepted|superseded by \d+)$", text, re.MULTILINE)


def test_decisions_are_numbered_without_gap():
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


def test_the_readmes_list_the_same_commands():
    first, second = (commands(readme) for readme in READMES)
    assert first == second
    assert len(first) > 5


def test_every_make_command_in_the_documents_exists():
    text = "".join((ROOT / file).read_text(encoding="utf-8") for file in (*READMES, "CONTRIBUTING.md", "CHANGELOG.md"))
    named = set(re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", text, re.MULTILINE))
    assert {one or other for one, other in named} <= targets()


@pytest.mark.skipif(not (ROOT / "app.py").is_file(), reason="app.py is not built yet")
def test_every_command_of_the_readme_is_one_of_the_application():
    shown = subprocess.run([sys.executable, "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    named = [match[1] for line in commands("README.md") if (match := re.match(r"python app\.py \[?([a-z]+)", line))]
    assert [name for name in named if not re.search(rf"\b{name}\b", shown.stdout)] == []


@pytest.mark.parametrize("readme", [*READMES, "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(readme):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / readme).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_configuration_shown_is_readable():
    for readme in READMES:
        (shown,) = re.findall(r"```toml\n(.+?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
        assert tomllib.loads(shown)["sources"][0]["connector"] == "feeds.file"


@pytest.mark.parametrize("script", [".ci/run", "scripts/setup.sh", "scripts/debian.sh"])
def test_a_shell_script_is_executable_and_parses(script):
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def test_the_report_on_sizes_names_the_long_files():
    report = sizes.report({"geo/a.py": 10, "geo/b.py": 90, "store/c.py": 301, "tests/t.py": 401})
    assert report.split("\n") == [
        "sizes: 4 files, median 195.5 lines (reference 90), tests to source 1.00",
        "  401 lines: tests/t.py",
        "  301 lines: store/c.py",
    ]


def test_a_new_connector_is_laid_out_and_parses(tmp_path):
    said = lay_out(tmp_path, "water_meters")
    made = tmp_path / "datasources" / "feeds" / "water_meters"
    assert {path.name for path in made.iterdir()} == {
        "__init__.py",
        "connector.py",
        "options.py",
        "manifest.toml",
        "README.md",
    }
    tree = ast.parse((made / "connector.py").read_text())
    (cls,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    assert f'"feeds.water_meters": "datasources.feeds.water_meters.connector:{cls.name}"' in said
    assert tomllib.loads((made / "manifest.toml").read_text())["name"] == "feeds.water_meters"


@pytest.mark.parametrize("name", ["", "Water", "water-meters", "../x", "cloud.x", "class", "video."])
def test_a_bad_name_for_a_connector_changes_nothing(tmp_path, name):
    with pytest.raises(ValueError, match="NAME="):
        lay_out(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_connector_is_never_laid_over_another(tmp_path):
    lay_out(tmp_path, "video.entrance")
    with pytest.raises(ValueError, match="exists"):
        lay_out(tmp_path, "video.entrance")

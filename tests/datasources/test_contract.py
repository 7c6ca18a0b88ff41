"""Every registered connector against every rule of the contract. Nobody opts in."""

import ast
import importlib
import json
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from datasources.contract import Acknowledging, Page
from datasources.errors import SourceError
from datasources.registry import CONNECTORS, connector_class
from domain.records import RECORDS
from tests.datasources.sources import NOW, Situation

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(CONNECTORS)
FIVE = ("normal", "empty", "partial", "malformed", "refused")


def read(found, situation: Situation, cursor=None) -> list[Page]:
    return list(start(found, situation).pages(cursor if cursor is not None else situation.cursor))


def start(found, situation: Situation):
    return found(situation.options, folder=situation.folder, zone=ZoneInfo("Asia/Shanghai"), clock=lambda: NOW)


def situations(name: str) -> dict:
    return importlib.import_module(f"tests.datasources.{name}.situations").SITUATIONS


def situation(name: str, which: str, folder: Path, monkeypatch) -> Situation:
    make = situations(name)[which]
    if isinstance(make, str):
        pytest.skip(f"{name} {make}")
    made = make(folder)
    made.arrange(monkeypatch)
    return made


def rows(pages: list[Page]) -> list[str]:
    """Every row of the pages as text, unreadable ones by their number, in order."""
    found = []
    for page in pages:
        numbers = [
            (int(number), repr(row))
            for number, row in zip(page.row_numbers(), page.frame.to_dict("records"), strict=True)
        ]
        numbers += [(each.row, each.text) for each in page.unreadable]
        found += [f"{page.origin} {number} {row}" for number, row in sorted(numbers)]
    return found


def attempt(found, made: Situation) -> tuple[list[Page], Exception | None]:
    """The pages that came, and what came after them."""
    pages: list[Page] = []
    try:
        pages.extend(start(found, made).pages(made.cursor))
    except Exception as error:  # noqa: BLE001 (which one it is, is what the test asks)
        return pages, error
    return pages, None


@pytest.fixture(params=NAMES)
def name(request) -> str:
    return request.param


@pytest.fixture
def found(name):
    return connector_class(name)


def test_a_connector_brings_every_situation(name):
    assert set(situations(name)) == set(FIVE)


def test_pages_are_frames_with_text_names_and_cursors_of_json(name, found, tmp_path, monkeypatch):
    pages = read(found, situation(name, "normal", tmp_path, monkeypatch))
    assert sum(len(page.frame) for page in pages) > 0
    for page in pages:
        assert isinstance(page.frame, pd.DataFrame)
        assert all(isinstance(column, str) for column in page.frame.columns)
        assert page.origin
        assert page.first_row >= 1
        assert len(page.row_numbers()) == len(page.frame)
        assert json.loads(json.dumps(page.cursor)) == page.cursor


def test_progress_never_falls_and_ends_at_the_total(name, found, tmp_path, monkeypatch):
    pages = read(found, situation(name, "normal", tmp_path, monkeypatch))
    done = [page.done for page in pages]
    assert done == sorted(done)
    assert all(page.total == 0 or page.done <= page.total for page in pages)
    assert pages[-1].total in (0, pages[-1].done)


def test_starting_from_any_cursor_gives_exactly_the_rest(name, found, tmp_path, monkeypatch):
    made = situation(name, "normal", tmp_path, monkeypatch)
    pages = read(found, made)
    for number in sorted({0, len(pages) // 2, len(pages) - 1}):
        cursor = json.loads(json.dumps(pages[number].cursor))
        if issubclass(found, Acknowledging):  # where the rest begins is what its source was told
            made = situation(name, "normal", tmp_path, monkeypatch)
            acknowledge(start(found, made), made, number)
        assert rows(read(found, made, cursor)) == rows(pages[number + 1 :])


def acknowledge(connector, made: Situation, number: int) -> None:
    """Read on and acknowledge up to page `number`, as after a commit."""
    for at, page in enumerate(connector.pages(made.cursor)):
        connector.acknowledge(page.receipt)
        if at == number:
            return


def test_reading_twice_gives_the_same(name, found, tmp_path, monkeypatch):
    made = situation(name, "normal", tmp_path, monkeypatch)
    assert rows(read(found, made)) == rows(read(found, made))


def test_pages_do_not_share_what_a_later_one_changes(name, found, tmp_path, monkeypatch):
    reading = start(found, situation(name, "normal", tmp_path, monkeypatch)).pages(None)
    cursors = [(page.cursor, json.dumps(page.cursor)) for page in reading]
    assert all(json.dumps(cursor) == then for cursor, then in cursors)


def test_nothing_new_is_no_row_and_no_error(name, found, tmp_path, monkeypatch):
    assert rows(read(found, situation(name, "empty", tmp_path, monkeypatch))) == []


@pytest.mark.parametrize("which", ["partial", "malformed", "refused"])
def test_trouble_is_one_of_the_three_errors_or_an_unreadable_row(name, found, which, tmp_path, monkeypatch):
    made = situation(name, which, tmp_path, monkeypatch)
    pages, error = attempt(found, made)
    if made.raises is None:
        assert error is None
        assert sum(len(page.unreadable) for page in pages) > 0
    else:
        assert type(error) is made.raises
        assert isinstance(error, SourceError)
        assert "\n" not in str(error) and len(str(error)) > 20


def test_what_came_before_a_cut_is_not_lost(name, found, tmp_path, monkeypatch):
    pages, _ = attempt(found, situation(name, "partial", tmp_path, monkeypatch))
    assert rows(pages)


def test_an_unreadable_row_harms_no_other(name, found, tmp_path, monkeypatch):
    made = situation(name, "malformed", tmp_path, monkeypatch)
    if made.raises:
        pytest.skip(f"{name} refuses malformed input as a whole")
    pages, _ = attempt(found, made)
    numbers = sorted(
        int(number) for page in pages for number in [*page.row_numbers(), *(each.row for each in page.unreadable)]
    )
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(each.detail and each.text for page in pages for each in page.unreadable)


def folder_of(name: str) -> Path:
    return ROOT / "datasources" / name.replace(".", "/")


def test_a_connector_has_its_three_files_and_says_what_it_takes(name):
    folder = folder_of(name)
    assert (folder / "README.md").read_text().startswith(f"# {name}")
    manifest = tomllib.loads((folder / "manifest.toml").read_text())
    assert manifest["name"] == name
    assert manifest["title"]
    assert set(manifest["records"]) <= set(RECORDS)
    assert all(isinstance(text, str) and text for text in manifest["options"].values())


def test_a_connector_neither_sleeps_nor_retries_nor_knows_the_store(name):
    for path in folder_of(name).glob("*.py"):
        tree = ast.parse(path.read_text())
        imported = {each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
        imported |= {alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names}
        assert not {each.split(".")[0] for each in imported} & {"store", "time", "stamina", "wiring", "actions"}
        bare = [each for each in ast.walk(tree) if isinstance(each, ast.ExceptHandler) and each.type is None]
        assert not bare

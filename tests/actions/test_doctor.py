"""The doctor finds what is wrong with an installation, says what to do, and changes nothing."""

import socket
import sqlite3

import pytest

import config
from actions.doctor import findings
from store.engine import open_engine
from store.migrate import migrate
from tests.commands.smalltown import SmallTown
from tests.conftest import LOOPBACK


@pytest.fixture
def town(tmp_path) -> SmallTown:
    return SmallTown(tmp_path).write()


def found(town: SmallTown) -> tuple[list[str], list[str]]:
    """What is well and what is not."""
    settings = config.load(town.settings, town.program.environment)
    engine = open_engine(settings.store_url)
    told = list(findings(settings, engine))
    engine.dispose()
    return [text for ok, text in told if ok], [text for ok, text in told if not ok]


def only_trouble(town: SmallTown) -> str:
    _, (trouble,) = found(town)
    assert "\n" not in trouble
    return trouble


def test_a_good_installation_has_no_trouble_and_nothing_is_made(town):
    well, trouble = found(town)
    assert trouble == []
    assert "boundaries of level community: 4 areas in areas.geojson" in well
    assert any(text.startswith("source cases: cases.csv can be read; ") for text in well)
    assert any("is not there yet; the first start makes it" in text for text in well)
    assert not (town.folder / "var").exists()


def test_a_missing_file_of_a_source_is_found(town):
    (town.folder / "cases.csv").unlink()
    assert only_trouble(town).startswith("source cases: cases.csv")


def test_a_column_that_is_not_there_is_found(town):
    town.configure(('category = "category"', 'category = "categroy"'))
    assert "categroy" in only_trouble(town)


def test_an_unknown_connector_is_found(town):
    town.configure(("feeds.file", "feeds.fiel"))
    assert "feeds.file" in only_trouble(town)


def test_broken_boundaries_are_found(town):
    (town.folder / "areas.geojson").write_text("{")
    assert "areas.geojson" in only_trouble(town)


def test_a_store_of_this_version_and_of_an_older_one_are_told_apart(town, store_url):
    town.url = store_url
    town.configure()
    well, trouble = found(town)
    assert trouble == [] and any("first start makes" in text for text in well)
    engine = open_engine(store_url)
    migrate(engine)
    engine.dispose()
    well, trouble = found(town)
    assert trouble == [] and any(text.startswith("store ") and text.endswith("can be reached") for text in well)


def test_a_file_that_is_no_database_is_found(town):
    (town.folder / "var").mkdir()
    (town.folder / "var" / "gridhall.db").write_bytes(b"no database at all, but long enough to be read as one" * 99)
    assert "not a database" in only_trouble(town)


def test_a_store_of_a_newer_program_is_found(town):
    (town.folder / "var").mkdir()
    with sqlite3.connect(town.folder / "var" / "gridhall.db") as store:
        store.execute("CREATE TABLE alembic_version (version_num TEXT)")
        store.execute("INSERT INTO alembic_version VALUES ('9999')")
    store.close()
    assert "newer" in only_trouble(town)


@pytest.mark.allow_hosts(LOOPBACK)
def test_servers_that_do_not_answer_are_found_without_their_passwords(town):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        town.url = f"postgresql+psycopg://me:secret@127.0.0.1:{port}/town"
        town.configure()
        town.extra = {"GRIDHALL_BUS_URL": f"redis://me:secret@127.0.0.1:{port}/0"}
        _, trouble = found(town)
    assert len(trouble) == 2
    assert all("127.0.0.1" in text and "secret" not in text and "\n" not in text for text in trouble)


def test_a_redis_that_answers_is_well(town, redis_server):
    town.extra = {"GRIDHALL_BUS_URL": redis_server}
    well, trouble = found(town)
    assert trouble == [] and any(text.startswith("Redis ") for text in well)


def test_little_room_on_the_disk_is_found(town, monkeypatch):
    monkeypatch.setattr("actions.doctor.ROOM_BYTES", 1 << 80)
    assert "make room" in only_trouble(town)


def test_an_old_python_and_an_unknown_zone_are_found(town, monkeypatch):
    monkeypatch.setattr("actions.doctor.OLDEST", (9, 9))
    assert "GridHall needs" in only_trouble(town)
    monkeypatch.undo()

    def unknown(name):
        raise KeyError(name)

    settings = config.load(town.settings, town.program.environment)
    engine = open_engine(settings.store_url)
    monkeypatch.setattr("actions.doctor.ZoneInfo", unknown)
    wrong = [text for ok, text in findings(settings, engine) if not ok]
    engine.dispose()
    assert wrong and all("tzdata" in text for text in wrong)


@pytest.mark.parametrize("installed", [True, False])
def test_a_missing_chinese_font_is_said_but_is_no_trouble(town, tmp_path, monkeypatch, installed):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    if installed:
        (fonts / "NotoSansCJK-Regular.ttc").touch()
    monkeypatch.setattr("actions.doctor.FONT_FOLDERS", (fonts, tmp_path / "nowhere"))
    well, trouble = found(town)
    assert trouble == []
    assert any(text.startswith("a Chinese font" if installed else "no Chinese font") for text in well)

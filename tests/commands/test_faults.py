"""Bad input: one clear line that says what, where and what to do; exit 2; nothing half-written."""

import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.program import clear_line
from tests.commands.smalltown import SmallTown
from tests.conftest import LOOPBACK

SYNC = ("sync", "--once", "--json")


@pytest.fixture
def town(tmp_path) -> SmallTown:
    return SmallTown(tmp_path).write()


def nothing_written(town: SmallTown) -> bool:
    return not (town.folder / "var").exists()


def test_a_missing_file_is_said_and_the_source_is_down_or_bad(town, run):
    (town.folder / "cases.csv").unlink()
    line = clear_line(run(town.program, *SYNC))
    assert line.startswith("cases: ") and "cases.csv" in line
    (source,) = town.sources()
    assert source["state"] in {"down", "bad"} and source["failures"] == 1
    assert line == f"cases: {source['error']}"
    assert town.rows("SELECT * FROM cases") == town.rows("SELECT * FROM runs WHERE finished_at IS NULL") == []


def test_an_unknown_column_is_said_with_the_nearest_one(town, run):
    town.configure(('category = "category"', 'category = "categroy"'))
    line = clear_line(run(town.program, *SYNC))
    assert "categroy" in line and "'category'" in line
    assert town.sources()[0]["state"] == "bad"
    assert town.rows("SELECT * FROM cases") == []


def test_a_wrong_encoding_is_said(town, run):
    text = (town.folder / "cases.csv").read_text().replace("litter", "垃圾")
    (town.folder / "cases.csv").write_bytes(text.encode("gb18030"))
    line = clear_line(run(town.program, *SYNC))
    assert "cases.csv" in line and "encoding" in line
    assert town.sources()[0]["state"] == "bad"


def test_a_broken_polygon_is_said_before_anything_is_written(town, run):
    path = town.folder / "areas.geojson"
    path.write_text(path.read_text().replace("[[114.0, 30.0], ", "[[114.0], ", 1))
    line = clear_line(run(town.program, *SYNC))
    assert "areas.geojson" in line
    assert nothing_written(town)


def test_boundaries_that_are_no_geojson_are_said(town, run):
    (town.folder / "areas.geojson").write_text("{")
    assert "areas.geojson" in clear_line(run(town.program, *SYNC))
    assert nothing_written(town)


def test_a_typo_in_the_settings_names_the_nearest_key(town, run):
    town.configure(("timezone", "timezon"))
    line = clear_line(run(town.program, *SYNC))
    assert line.startswith("town.toml: ") and "timezon" in line and "'timezone'" in line
    assert nothing_written(town)


def test_settings_that_are_not_there_are_said(town, run):
    line = clear_line(run(town.program, *SYNC, "--config", str(town.folder / "twon.toml")))
    assert "twon.toml" in line and "town.toml" in line
    assert nothing_written(town)


def test_an_unknown_source_names_the_nearest_one(town, run):
    for words in ((*SYNC, "--source", "case"), ("quarantine", "list", "--source", "case")):
        line = clear_line(run(town.program, *words))
        assert "'case'" in line and "'cases'" in line
        assert nothing_written(town)


def test_an_unknown_area_names_the_nearest_one(town, run):
    line = clear_line(run(town.program, "kpi", "--months", "2024-01", "--area", "S9"))
    assert line.startswith("--area: ") and "'S9'" in line


@pytest.mark.parametrize("months", ["2024-03..2024-01", "2024", "2024-13", "x..y", "0001-01..0002-01", ""])
def test_months_that_make_no_sense_are_said(town, run, months):
    line = clear_line(run(town.program, "kpi", f"--months={months}"))
    assert line.startswith("--months: ") and ("YYYY-MM" in line or "2022-08" in line or "years" in line)
    assert nothing_written(town)


def test_an_unknown_connector_is_said_before_anything_is_written(town, run):
    town.configure(("feeds.file", "feeds.fiel"))
    line = clear_line(run(town.program, *SYNC))
    assert "feeds.fiel" in line and "feeds.file" in line
    assert nothing_written(town)


@pytest.mark.allow_hosts(LOOPBACK)
def test_a_store_of_a_newer_version_is_refused_untouched(town, run):
    assert run(town.program, *SYNC).code == 0
    path = town.folder / "var" / "gridhall.db"
    with sqlite3.connect(path) as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    before = town.rows("SELECT * FROM runs")
    for words in (SYNC, ("kpi", "--months", "2024-01"), ("counts", "rebuild"), ("worker",), ("serve", "--port", "0")):
        line = clear_line(run(town.program, *words))
        assert "newer" in line and "gridhall.db" in line
    assert town.rows("SELECT * FROM runs") == before


def test_a_file_that_is_no_database_is_said_and_left_alone(town, run):
    path = town.folder / "var" / "gridhall.db"
    path.parent.mkdir()
    path.write_bytes(b"minutes of the meeting\n" * 100)
    line = clear_line(run(town.program, *SYNC))
    assert "gridhall.db" in line and "not a database" in line
    assert path.read_bytes() == b"minutes of the meeting\n" * 100


@pytest.mark.allow_hosts(LOOPBACK)
def test_a_store_on_a_server_that_does_not_answer_is_said_without_its_password(town, run):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        town.url = f"postgresql+psycopg://me:secret@127.0.0.1:{taken.getsockname()[1]}/town"
        town.configure()
        line = clear_line(run(town.program, *SYNC))
    assert "127.0.0.1" in line and "secret" not in line


def test_a_database_that_does_not_exist_is_said(town, run, postgres_server):
    town.url = f"{postgres_server().rsplit('/', 1)[0]}/nowhere"
    town.configure()
    line = clear_line(run(town.program, *SYNC))
    assert "nowhere" in line and "create it" in line


def test_a_folder_that_cannot_be_made_is_said(town, run):
    (town.folder / "var").write_text("a file stands in the way")
    line = clear_line(run(town.program, *SYNC))
    assert str(town.folder / "var") in line and "GRIDHALL_VAR" in line


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to make a folder of somebody else")
def test_a_folder_that_may_not_be_written_is_said(town, run):
    (town.folder / "var").mkdir(mode=0o555)
    with somebody_else(town.folder):
        line = clear_line(run(town.program, *SYNC))
    assert "gridhall.db" in line and "permission" in line


@contextmanager
def somebody_else(folder: Path) -> Iterator[None]:
    """Be nobody for a while, who may look into the folders above but not write."""
    closed = [each for each in (folder, *folder.parents) if each.stat().st_mode & 0o005 != 0o005]
    modes = [each.stat().st_mode for each in closed]
    for each, mode in zip(closed, modes, strict=True):
        each.chmod(mode | 0o055)
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
        for each, mode in zip(closed, modes, strict=True):
            each.chmod(mode)


@pytest.mark.allow_hosts(LOOPBACK)
def test_a_port_that_is_taken_is_said(town, run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = clear_line(run(town.program, "serve", "--port", str(port)))
    assert str(port) in line and "--port" in line
    assert nothing_written(town)


@pytest.mark.allow_hosts(LOOPBACK)
def test_a_dead_redis_harms_no_import_and_leaves_its_output_clean(town, run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        town.extra = {"GRIDHALL_BUS_URL": f"redis://127.0.0.1:{taken.getsockname()[1]}/0"}
        ran = run(town.program, *SYNC)
    assert ran.code == 0 and [line["source"] for line in ran.lines] == ["cases"]


def test_an_unreadable_row_goes_to_quarantine_and_the_rest_goes_on(town, run):
    path = town.folder / "cases.csv"
    lines = path.read_text().splitlines()
    lines[10] = lines[10] + ',"too",many,cells'
    lines[20] = 'C19,"a quote that is never closed, 2024'
    path.write_text("\n".join(lines) + "\n")
    ran = run(town.program, *SYNC)
    (said,) = ran.lines
    assert ran.code == 0 and said["reasons"]["unreadable_row"] == 2
    assert said["read"] == 50 == said["kept"] + said["unchanged"] + said["quarantined"]
    rows = town.rows("SELECT raw FROM quarantine WHERE reason = 'unreadable_row' ORDER BY row_number")
    assert [json.loads(row["raw"])["@text"] for row in rows] == [lines[10], lines[20]]


def test_one_bad_source_stops_no_other(town, run):
    with town.settings.open("a") as file:
        text = town.settings.read_text()
        file.write(text[text.index("[[sources]]") :].replace('"cases"', '"more"').replace("cases.csv", "no.csv"))
    text = town.settings.read_text()
    first, second = text.index('name = "cases"'), text.index('name = "more"')
    town.settings.write_text(
        text[:first] + 'name = "more"' + text[first + 14 : second] + 'name = "cases"' + text[second + 13 :]
    )
    ran = run(town.program, *SYNC)
    assert ran.code == 2 and len(ran.lines) == 1 and ran.err.count("\n") == 1
    assert sorted(source["state"] for source in town.sources()) in (["bad", "ok"], ["down", "ok"])


def test_quarantined_rows_are_listed_and_taken_again_once_the_mapping_is_mended(town, run):
    (said,) = run(town.program, *SYNC).lines
    listed = run(town.program, "quarantine", "list", "--source", "cases").lines
    assert len(listed) == said["quarantined"] > 0
    town.configure(('none = "void" }', 'none = "void", "???" = "handling" }'))
    (again,) = run(town.program, "quarantine", "replay").lines
    assert again["source"] == "cases"
    assert run(town.program, "quarantine", "list").lines == []
    assert run(town.program, "counts", "verify").code == 0


def test_figures_can_be_read_by_people_too(town, run):
    assert run(town.program, *SYNC).code == 0
    ran = run(town.program, "kpi", "--months", "2024-01")
    first, last = ran.out.splitlines()
    assert first.startswith("month=2024-01  reported=") and "satisfaction=—" in first
    assert last.startswith("month=total  reported=")

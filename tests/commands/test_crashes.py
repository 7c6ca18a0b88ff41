"""An import that is cut short, however it is: the next one completes it, and the store is that of a clean run."""

import json
import os
import random
import resource
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.mark_overdue import mark_overdue
from store.counts.verify import rebuild
from store.engine import open_engine, read, write
from tests.commands.program import Ran, clear_line
from tests.commands.smalltown import SmallTown
from tests.recount import assert_counts_equal_a_recount
from tests.servers.postgres import running_postgres

ROWS, PAGE_ROWS = 20_000, 1_000
SYNC = ("sync", "--once", "--json")
TABLES = {
    "cases": 'SELECT s.name, c.external_id, c.kind, c.status, k.name, c.title, c.reported_at, c.due_at, c.closed_at, '
             'c.ended_at, c.updated_at, a.code, c."placing", c.longitude, c.latitude, c.overdue, c.content_hash '
             "FROM cases c JOIN sources s ON s.id = c.source_id JOIN categories k ON k.id = c.category_id "
             "JOIN areas a ON a.id = c.area_id",
    "steps": "SELECT c.external_id, p.at, p.move, p.status, p.actor, p.note FROM case_steps p "
             "JOIN cases c ON c.id = p.case_id",
    "quarantine": "SELECT row_key, external_id, reason, detail, raw, origin, row_number, resolved_at IS NULL "
                  "FROM quarantine",
    "sources": "SELECT name, state, error, failures, cursor FROM sources",
    "unfinished runs": "SELECT id FROM runs WHERE finished_at IS NULL",
}  # fmt: skip


def contents(url: str) -> dict[str, Counter[Any]]:
    """What a store holds, whatever numbers its rows got and whenever it learned of them."""
    engine = open_engine(url)
    try:
        with read(engine) as connection:
            return {
                name: Counter(tuple(_plain(v) for v in row) for row in connection.execute(sa.text(query)))
                for name, query in TABLES.items()
            }
    finally:
        engine.dispose()


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith('{"'):
        found = json.loads(value)
        return repr(sorted((k, v) for k, v in found.items() if k not in ("path", "files")))
    return int(value) if isinstance(value, bool) else value


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("file") / "cases.csv"
    SmallTown(path.parent).fill(path, ROWS)
    return path


def new_town(folder: Path, file: Path, url: str = "") -> SmallTown:
    folder.mkdir(exist_ok=True)
    town = SmallTown(folder, url, str(file), PAGE_ROWS)
    town.configure()
    town.draw()
    return town


def store_of(town: SmallTown) -> str:
    return town.url or f"sqlite:///{town.folder}/var/gridhall.db"


@pytest.fixture(scope="module")
def clean(tmp_path_factory, file) -> dict[str, Counter[Any]]:
    """The store of a run that nothing disturbed."""
    town = new_town(tmp_path_factory.mktemp("clean"), file)
    (said,) = town.program.told(*SYNC)
    assert said["read"] == ROWS and said["quarantined"] > 100
    return contents(store_of(town))


def rows_read(town: SmallTown) -> int:
    """How many rows the running import has committed so far; -1 before there is a store."""
    if not town.url and not (town.folder / "var" / "gridhall.db").exists():
        return -1
    try:
        return int(town.rows("SELECT coalesce(sum(read), 0) AS n FROM runs")[0]["n"])
    except sa.exc.DBAPIError:
        return -1


def wait_for_rows(town: SmallTown, process: subprocess.Popen[str], rows: int) -> None:
    """Return once so many rows are committed, or the import has ended."""
    pause = threading.Event()
    while process.poll() is None and rows_read(town) < rows:
        pause.wait(0.005)


def ends_like(town: SmallTown, clean: dict[str, Counter[Any]], run: Callable[..., Ran]) -> None:
    """A second run completes the store: every table and every figure is that of a clean run."""
    assert run(town.program, *SYNC).code == 0
    found = contents(store_of(town))
    for name, rows in clean.items():
        assert found[name] == rows, name
    engine = open_engine(store_of(town))
    assert_counts_equal_a_recount(engine, "Asia/Shanghai", town.folder / "var" / "counts")
    engine.dispose()


@pytest.mark.parametrize("point", range(5))
def test_an_import_that_is_killed_is_completed_by_the_next(tmp_path, file, clean, run, point):
    kill_and_complete(new_town(tmp_path, file), clean, random.Random(f"sqlite {point}"), run)


@pytest.mark.parametrize("point", range(2))
def test_an_import_into_postgresql_that_is_killed_is_completed_by_the_next(
    tmp_path, file, clean, run, point, postgres_server
):
    kill_and_complete(new_town(tmp_path, file, postgres_server()), clean, random.Random(f"postgres {point}"), run)


def kill_and_complete(
    town: SmallTown, clean: dict[str, Counter[Any]], draw: random.Random, run: Callable[..., Ran]
) -> None:
    process = town.program.start(*SYNC)
    wait_for_rows(town, process, draw.randrange(1, ROWS * 2 // 3))
    threading.Event().wait(draw.uniform(0, 0.05))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 0 < rows_read(town) < ROWS
    ends_like(town, clean, run)


def test_an_import_onto_a_full_disk_is_said_and_completed_once_there_is_room(tmp_path, file, clean, run):
    town = new_town(tmp_path, file)
    full = 3_000_000
    line = clear_line(town.program.run(*SYNC, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))))
    assert line.startswith("cases: ") and "gridhall.db" in line and "room" in line
    assert 0 < rows_read(town) < ROWS
    assert town.rows("SELECT sum(kept) AS n FROM runs")[0]["n"] >= town.rows("SELECT count(*) AS n FROM cases")[0]["n"]
    ends_like(town, clean, run)


def test_a_disk_too_full_for_the_tables_leaves_no_table(tmp_path, file, clean, run):
    town = new_town(tmp_path, file)
    line = clear_line(town.program.run(*SYNC, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000,) * 2)))
    assert "gridhall.db" in line and "room" in line
    assert town.rows("SELECT name FROM sqlite_master") == []
    ends_like(town, clean, run)


@pytest.mark.postgres
def test_a_database_that_goes_in_the_middle_is_said_and_the_next_import_completes(tmp_path, file, clean, run):
    with running_postgres() as server:
        town = new_town(tmp_path, file, server())
        process = town.program.start(*SYNC)
        wait_for_rows(town, process, ROWS // 3)
        server.stop()
        out, err = process.communicate(timeout=60)
        assert process.returncode == 2 and out == "" and err.count("\n") == 1, (process.returncode, out, err)
        assert err.startswith("gridhall: cases: the store postgresql+psycopg://postgres@127.0.0.1") and "again" in err
        server.start()
        assert 0 < rows_read(town) < ROWS
        ends_like(town, clean, run)


def test_memory_of_an_import_does_not_grow_with_the_file(tmp_path):
    peak = {}
    for rows in (20_000, 200_000):
        folder = tmp_path / str(rows)
        folder.mkdir()
        file = folder / "cases.csv"
        SmallTown(folder).fill(file, rows)
        town = new_town(folder, file)
        town.page_rows = 10_000
        town.configure()
        process = town.program.start(*SYNC)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        process.communicate()
        peak[rows] = used.ru_maxrss
    assert peak[200_000] <= 1.3 * peak[20_000], peak


def test_two_processes_that_sync_one_source_at_once_keep_every_row_once(tmp_path, file, clean, run, postgres_server):
    town = new_town(tmp_path, file, postgres_server())
    both = [town.program.start(*SYNC) for _ in range(2)]
    said = [json.loads(process.communicate()[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(each["read"] for each in said) == 2 * ROWS
    ends_like(town, clean, run)


def test_cases_that_become_overdue_while_they_are_imported_are_counted_once(
    tmp_path, file, clean, run, postgres_server
):
    town = new_town(tmp_path, file, postgres_server())
    assert run(town.program, *SYNC).code == 0
    house = town.program.house()
    forget = "UPDATE cases SET overdue = false, content_hash = 0 WHERE ended_at IS NULL"
    with write(house.engine) as connection:  # every open case will be told of anew, and is marked at the same time
        connection.execute(sa.text(forget))
    rebuild(house.engine, house.counts_folder, house.zone, now=house.clock())
    process, marked = town.program.start(*SYNC), 0
    while process.poll() is None:
        marked += mark_overdue(house.site, now=house.clock())
    process.communicate()
    assert process.returncode == 0 and marked > 0
    assert_counts_equal_a_recount(house.engine, "Asia/Shanghai", house.counts_folder)
    assert contents(town.url)["cases"] == clean["cases"]
    house.engine.dispose()

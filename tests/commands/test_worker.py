"""The worker process: it picks up what comes, marks what is overdue, seals, and ends when it should."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from datasources.poller import run_once
from tests.commands.smalltown import COLUMNS, SmallTown
from tests.recount import assert_counts_equal_a_recount
from tests.servers.processes import answers, free_port
from wiring import prepare

ZONE = "Asia/Shanghai"
SECONDS, ENDING_SECONDS = 90, 30


def comes_true(fact: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Whether a fact comes true soon."""
    pause, until = threading.Event(), time.monotonic() + seconds
    while time.monotonic() < until:
        if fact():
            return True
        pause.wait(0.05)
    return fact()


def count(town: SmallTown, query: str) -> int:
    return int(town.rows(f"SELECT count(*) AS n FROM {query}")[0]["n"])


def put(town: SmallTown, name: str, *due: datetime) -> None:
    """A file of open cases with these deadlines, finished a while ago."""
    lines = [",".join(COLUMNS)]
    for i, at in enumerate(due):
        lines.append(f"{name}-{i},2024-05-01T08:00:00,,,{at.isoformat(timespec='seconds')},open,litter,114.005,30.005,")
    path = town.folder / "feed" / f"{name}.csv"
    part = path.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n")
    os.utime(part, (time.time() - 7200,) * 2)
    part.rename(path)


@pytest.fixture
def town(tmp_path) -> SmallTown:
    """A folder that is watched, with one file of 260 cases in it."""
    made = SmallTown(tmp_path, path="feed/*.csv", page_rows=1)
    made.configure()
    made.draw()
    (tmp_path / "feed").mkdir()
    return made


def test_a_worker_picks_up_files_marks_overdue_cases_seals_and_ends_when_it_is_told(town):
    due = datetime.now(ZoneInfo(ZONE)).replace(tzinfo=None) - timedelta(minutes=30)
    put(town, "first", *[due] * 260)
    house = replace(town.program.house(), clock=lambda: int(time.time()) - 3600)
    prepare(house)
    ((job, feed),) = house.jobs()
    run_once(job.source, job.connector, job.mapping, feed, cursor=feed.cursor(), clock=house.clock)
    feed.succeeded()
    # as it stands after a crash of the program that took them: not yet overdue when taken, and nothing sealed
    assert count(town, "cases WHERE overdue = 0") > 0
    assert count(town, "checkpoints") == 0
    process = town.program.start("worker")
    try:
        assert comes_true(lambda: count(town, "cases WHERE overdue = 0") == 0)
        assert comes_true(lambda: count(town, "checkpoints") > 0)
        put(town, "second", due - timedelta(days=1), due + timedelta(days=1))
        assert comes_true(lambda: count(town, "cases") == 262)
        assert count(town, "cases WHERE overdue = 1") == 261
        assert comes_true(lambda: town.sources()[0]["state"] == "ok")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=ENDING_SECONDS)
        assert process.returncode == 0 and "Traceback" not in out + err, err
    finally:
        process.kill()
        process.communicate()
    assert count(town, "runs WHERE finished_at IS NULL") == 0
    assert_counts_equal_a_recount(house.engine, ZONE, house.counts_folder)
    house.engine.dispose()


def children(process: subprocess.Popen[str]) -> list[int]:
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(word) for word in text.split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_the_worker_ends_with_its_server_however_that_ends(town, sent):
    port = free_port()
    server = town.program.start("serve", "--port", str(port))
    worker = 0
    try:
        assert comes_true(lambda: answers(port)), server.poll()
        (worker,) = children(server)
        assert is_alive(worker)
        server.send_signal(sent)
        assert comes_true(lambda: not is_alive(server.pid), ENDING_SECONDS)
        assert comes_true(lambda: not is_alive(worker), ENDING_SECONDS)
    finally:
        server.kill()
        if worker and is_alive(worker):
            os.kill(worker, signal.SIGKILL)
        server.communicate()

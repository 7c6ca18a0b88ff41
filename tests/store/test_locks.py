"""One worker a store, whatever becomes of the one before."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.engine import open_engine
from store.locks import worker_lock

ROOT = Path(__file__).parents[2]
SECONDS = 20


@contextmanager
def holder(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that wants to be the worker."""
    words = [sys.executable, "-m", "tests.store.hands", "hold", url, str(folder)]
    with subprocess.Popen(words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: subprocess.Popen[str]) -> str:
    """The next line that a process says."""
    assert process.stdout
    return process.stdout.readline()


class Waiting(threading.Thread):
    """Waits in this process to be the worker; `ours` is set once it is, `answer` holds what it was told."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__()
        self.url, self.folder = url, folder
        self.stop, self.told, self.done = threading.Event(), threading.Event(), threading.Event()
        self.answer: bool | None = None

    def run(self) -> None:
        engine = open_engine(self.url)
        with worker_lock(engine, self.folder, self.stop) as self.answer:
            self.told.set()
            self.done.wait(SECONDS)
        engine.dispose()


@pytest.fixture
def waiting(store_url, tmp_path) -> Iterator[Waiting]:
    made = Waiting(store_url, tmp_path / "var")
    yield made
    made.stop.set()
    made.done.set()
    if made.ident:
        made.join()


def test_the_second_worker_waits_until_the_first_is_killed(store_url, tmp_path, waiting):
    with holder(store_url, tmp_path / "var") as first:
        assert told(first) == "True\n"
        waiting.start()
        assert not waiting.told.wait(1.5)
        first.kill()
        assert waiting.told.wait(SECONDS) and waiting.answer is True


def test_a_worker_that_ends_lets_the_next_one_in(store_url, tmp_path, waiting):
    with holder(store_url, tmp_path / "var") as first:
        assert told(first) == "True\n"
        waiting.start()
        first.communicate()  # ends its stdin
        assert waiting.told.wait(SECONDS) and waiting.answer is True


def test_a_worker_that_is_stopped_while_it_waits_does_not_work(store_url, tmp_path, waiting):
    with holder(store_url, tmp_path / "var") as first:
        assert told(first) == "True\n"
        waiting.start()
        assert not waiting.told.wait(0.2)
        waiting.stop.set()
        assert waiting.told.wait(SECONDS) and waiting.answer is False


def test_workers_of_different_stores_do_not_wait_for_each_other(tmp_path, waiting):
    with holder(f"sqlite:///{tmp_path}/other.db", tmp_path / "other") as first:
        assert told(first) == "True\n"
        waiting.start()
        assert waiting.told.wait(SECONDS) and waiting.answer is True

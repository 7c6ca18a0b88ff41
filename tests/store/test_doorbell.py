"""The bell rings for every commit of any process, by the database alone; Redis makes it quicker and may be dead."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from store import doorbell
from store.doorbell import NoHints, RedisHints, watch
from store.engine import open_engine, write
from tests.servers.postgres import running_postgres
from tests.servers.redis import running_redis

ROOT = Path(__file__).parents[2]
SECONDS = 20


class Watcher:
    """Watches a store in a thread; `rung` is set by every call back."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.rung, self.wake, self.stop = threading.Event(), threading.Event(), threading.Event()
        self.thread = threading.Thread(target=watch, args=(self.engine, self.rung.set, self.wake, self.stop))

    def hears(self) -> bool:
        """Whether it is called back soon; forgets the call."""
        heard = self.rung.wait(SECONDS)
        self.rung.clear()
        return heard


@contextmanager
def watching(url: str) -> Iterator[Watcher]:
    made = Watcher(url)
    with write(made.engine) as connection:
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS bell_test (n INTEGER)"))
    made.thread.start()
    try:
        assert made.hears()  # it looks once at the beginning
        yield made
    finally:
        made.stop.set()
        made.wake.set()
        made.thread.join(SECONDS)
        assert not made.thread.is_alive()
        made.engine.dispose()


def commit_elsewhere(url: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.store.hands", "commit", url], cwd=ROOT, check=True)


def test_a_commit_of_another_process_rings(store_url):
    with watching(store_url) as watcher:
        for _ in range(2):
            commit_elsewhere(store_url)
            assert watcher.hears()


def test_where_nothing_is_committed_nothing_rings(store_url):
    with watching(store_url) as watcher:
        watcher.rung.clear()
        assert not watcher.rung.wait(1.0)


def test_a_commit_of_this_process_rings_too(store_url):
    with watching(store_url) as watcher, write(watcher.engine) as connection:
        connection.execute(sa.text("INSERT INTO bell_test (n) VALUES (2)"))
        doorbell.ring(connection)
        connection.commit()
        assert watcher.hears()


@pytest.mark.postgres
def test_the_bell_outlives_a_restart_of_the_database():
    with running_postgres() as server:
        url = server()
        with watching(url) as watcher:
            server.stop()
            server.start()
            assert watcher.hears()  # what was committed meanwhile is looked for at once
            commit_elsewhere(url)
            assert watcher.hears()


@contextmanager
def listening(hints: RedisHints, wake: threading.Event) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=hints.listen, args=(wake.set, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


def rings_until_heard(hints: RedisHints, wake: threading.Event) -> bool:
    """Whether a ring arrives; the first ones may come before the other end listens."""
    for _ in range(SECONDS * 10):
        hints.ring()
        if wake.wait(0.1):
            wake.clear()
            return True
    return False


def test_a_hint_through_redis_wakes_the_watcher_at_once(redis_server, tmp_path, monkeypatch):
    monkeypatch.setattr(doorbell, "SQLITE_POLL_SECONDS", 60)  # only a hint can wake it
    url = f"sqlite:///{tmp_path}/store.db"
    with watching(url) as watcher, listening(RedisHints(redis_server), watcher.wake):
        commit_elsewhere(url)
        assert not watcher.rung.wait(0.5)
        other_process = RedisHints(redis_server)
        heard = False
        for _ in range(SECONDS * 10):  # the first hints may come before the other end listens
            other_process.ring()
            if heard := watcher.rung.wait(0.1):
                break
        assert heard


@pytest.mark.redis
def test_hints_come_again_after_a_restart_of_redis(monkeypatch):
    monkeypatch.setattr(doorbell, "SLOW_SECONDS", 0.1)
    with running_redis() as server:
        hints, wake = RedisHints(server.url), threading.Event()
        with listening(hints, wake):
            assert rings_until_heard(hints, wake)
            server.stop()
            hints.ring()  # nobody hears it, nobody minds
            assert hints.trouble()
            server.start()
            assert rings_until_heard(hints, wake)
            assert hints.trouble() is None


@pytest.mark.redis
def test_a_dead_redis_costs_the_database_s_bell_nothing(store_url):
    with running_redis() as server:
        server.stop()
        hints = RedisHints(server.url)
        with watching(store_url) as watcher, listening(hints, watcher.wake):
            hints.ring()
            commit_elsewhere(store_url)
            assert watcher.hears()


def test_one_process_needs_no_hints():
    hints, stop = NoHints(), threading.Event()
    hints.ring()
    hints.listen(stop.set, stop)
    assert not stop.is_set()

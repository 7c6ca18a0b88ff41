"""The doorbell: versions on connecting and after a change, a beat while it is quiet, an end when the server ends."""

import asyncio
import contextlib
import http.client
import json
import signal
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from api import live
from api.live import Bell
from store import accounts
from store.engine import open_engine, write
from tests.accounts import HEADERS, add, enter
from tests.servers.app import running_app

LIMIT_SECONDS = 30


def parsed(event: bytes) -> tuple[str, dict]:
    """The last event of some bytes: its name and data."""
    name, data = [line.split(": ", 1)[1] for line in event.decode().strip().split("\n")[-2:]]
    return name, json.loads(data)


async def heard(bell: Bell, stream, number: int) -> list[tuple[str, dict]]:
    return [parsed(await asyncio.wait_for(anext(stream), LIMIT_SECONDS)) for _ in range(number)]


def test_a_stream_begins_with_the_versions_and_tells_each_change(monkeypatch):
    monkeypatch.setattr(live, "COALESCE_SECONDS", 0.0)
    now = {"counts": "1"}

    async def play():
        bell = Bell(lambda: dict(now))
        bell.start()
        bell.changed()
        stream = bell.stream()
        first = await heard(bell, stream, 1)
        now["counts"] = "2"
        await asyncio.to_thread(bell.changed)
        return first + await heard(bell, stream, 1)

    assert asyncio.run(play()) == [("versions", {"counts": "1"}), ("versions", {"counts": "2"})]


def test_many_rings_within_a_second_are_one(monkeypatch):
    monkeypatch.setattr(live, "COALESCE_SECONDS", 0.2)
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.4)
    now = {"counts": 0}

    async def play():
        bell = Bell(lambda: {"counts": str(now["counts"])})
        bell.start()
        stream = bell.stream()
        await heard(bell, stream, 1)
        for _ring in range(20):
            now["counts"] += 1
            await asyncio.to_thread(bell.changed)
        told = await heard(bell, stream, 3)
        assert told[-1][0] == "beat"
        return [data["counts"] for name, data in told if name == "versions"]

    told = asyncio.run(play())
    assert len(told) <= 2
    assert told[-1] == "20"


def test_what_has_not_changed_does_not_ring_and_quiet_is_a_beat(monkeypatch):
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.05)

    async def play():
        bell = Bell(lambda: {"counts": "1"})
        bell.start()
        bell.changed()
        stream = bell.stream()
        await heard(bell, stream, 1)
        told = await heard(bell, stream, 2)
        bell.changed()
        return told[1:] + await heard(bell, stream, 2)

    assert asyncio.run(play()) == [("beat", {})] * 3


def test_every_stream_ends_when_the_bell_closes():
    async def play():
        bell = Bell(dict)
        bell.start()
        streams = [bell.stream() for _ in range(5)]
        for stream in streams:
            await heard(bell, stream, 1)
        bell.close()
        for stream in streams:
            with pytest.raises(StopAsyncIteration):
                await asyncio.wait_for(anext(stream), LIMIT_SECONDS)
        return bell._streams

    assert asyncio.run(play()) == set()


def test_a_ring_before_the_start_or_after_the_end_harms_nobody():
    bell = Bell(lambda: {"counts": "1"})
    bell.changed()
    bell._loop = SimpleNamespace(is_closed=lambda: True)
    bell.changed()
    assert bell.current == {}


@contextlib.contextmanager
def opened(app) -> Iterator[http.client.HTTPResponse]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", app.port, timeout=20)) as connection:
        connection.request("GET", "/live", headers={"Accept-Encoding": "gzip, br", **HEADERS})
        with connection.getresponse() as answer:
            yield answer


def event(answer: http.client.HTTPResponse, name: str) -> dict:
    """The data of the next event of this name."""
    while line := answer.readline():
        if line == f"event: {name}\n".encode():
            return json.loads(answer.readline().removeprefix(b"data: "))
    raise EOFError


def test_a_server_tells_versions_and_its_build_neither_packed_nor_held_back(app_server):
    with opened(app_server) as answer:
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["content-encoding"] is None
        assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
        first = event(answer, "versions")
        assert {"counts", "sources", "build"} <= set(first)
        app_server.report(1)
        told = event(answer, "versions")
        while told["counts"] == first["counts"]:
            told = event(answer, "versions")
        assert told["build"] == first["build"]


def test_a_server_with_an_open_stream_ends_within_seconds(app_server):
    with running_app(app_server.folder, "en") as app, opened(app) as answer:
        event(answer, "versions")
        app.server.process.send_signal(signal.SIGTERM)
        answer.read()
        app.server.process.wait(LIMIT_SECONDS)
        assert "graceful shutdown exceeded" not in app.server.log.read_text()  # the stream ended by itself


def test_a_stream_ends_soon_after_its_session_is_revoked(app_server):
    engine = open_engine(f"sqlite:///{app_server.folder}/var/gridhall.db")
    account = add(engine, "leaving", "viewer")
    headers = enter(engine, account, "a-session-to-be-ended")
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", app_server.port, timeout=20)) as connection:
        connection.request("GET", "/live", headers=headers)
        with connection.getresponse() as answer:
            event(answer, "versions")
            with write(engine) as writing:
                accounts.end_sessions(writing, account.id, now=1)
            begun = time.monotonic()
            answer.read()  # it beats for ever where it does not end
            assert time.monotonic() - begun < LIMIT_SECONDS
        connection.request("GET", "/live", headers=headers)
        assert connection.getresponse().status == 401
    engine.dispose()

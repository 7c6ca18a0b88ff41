"""A server as it comes: recorded entries behind the few commands that the connector uses."""

import json
from pathlib import Path
from typing import Any

from redis import exceptions as said

from datasources.errors import AuthenticationError, TemporaryError
from datasources.feeds.redis_stream import link
from datasources.feeds.redis_stream.stream import Entry
from tests.datasources.sources import Situation

RECORDED = Path(__file__).parent / "recorded" / "entries.jsonl"
OPTIONS = {"url": "redis://127.0.0.1:6379/0", "stream": "readings", "page_rows": 4}


def recorded() -> list[Entry]:
    found = [json.loads(line) for line in RECORDED.read_text().splitlines()]
    return [
        (entry.encode(), {name.encode(): cell.encode() for name, cell in fields.items()}) for entry, fields in found
    ]


class Server:
    """A group of one consumer. cut: how many entries it hands out before the connection breaks."""

    def __init__(self, entries: list[Entry], error: Exception | None = None, cut: int | None = None) -> None:
        self.entries, self.error, self.cut = entries, error, cut
        self.given = 0
        self.owed: list[Entry] = []

    def exists(self, _stream: str) -> int:
        if self.error:
            raise self.error
        return 1

    def xinfo_stream(self, _stream: str) -> dict[str, Any]:
        last = self.entries[-1][0] if self.entries else b"0-0"
        first = self.entries[0] if self.entries else None
        count = len(self.entries)
        return {"last-generated-id": last, "first-entry": first, "length": count, "entries-added": count}

    def xinfo_groups(self, _stream: str) -> list[dict[str, Any]]:
        at = self.entries[self.given - 1][0] if self.given else b"0-0"
        return [{"name": b"gridhall", "entries-read": self.given, "last-delivered-id": at}]

    def pipeline(self, transaction: bool) -> "Server":
        assert transaction
        return self

    def execute(self) -> list[Any]:
        return [self.xinfo_stream("readings"), self.xinfo_groups("readings")]

    def xgroup_create(self, *_words: Any, **_settings: Any) -> None:
        raise said.ResponseError("BUSYGROUP Consumer Group name already exists")

    def xreadgroup(self, _group: str, _consumer: str, streams: dict[str, str], count: int, block: Any) -> Any:
        ((name, after),) = streams.items()
        if after != ">":
            return [[name.encode(), [each for each in self.owed if each[0].decode() > after][:count]]]
        if self.cut is not None and self.given >= self.cut:
            raise said.ConnectionError("Connection closed by server.")
        fresh = self.entries[self.given : self.given + count]
        self.given, self.owed = self.given + len(fresh), self.owed + fresh
        return [[name.encode(), fresh]] if fresh else []

    def xautoclaim(self, *_words: Any, **_settings: Any) -> list[Any]:
        return [b"0-0", [], []]

    def xack(self, _stream: str, _group: str, *ids: bytes) -> None:
        self.owed = [each for each in self.owed if each[0] not in ids]

    def close(self) -> None:
        pass


def told(folder: Path, server: Server, raises: type[Exception] | None = None) -> Situation:
    return Situation(
        OPTIONS,
        folder,
        raises=raises,
        arrange=lambda patch: patch.setattr(link, "client", lambda _options, _folder: server),
    )


def normal(folder: Path) -> Situation:
    return told(folder, Server(recorded()))


def empty(folder: Path) -> Situation:
    return told(folder, Server([]))


def partial(folder: Path) -> Situation:
    """The connection breaks in the middle (constructed: recorded entries, cut after eight)."""
    return told(folder, Server(recorded(), cut=8), TemporaryError)


def malformed(folder: Path) -> Situation:
    """Among good ones (constructed): a cell that is not UTF-8."""
    bad = (b"1795539970058-9", {b"sensor": b"s\xff"})
    return told(folder, Server([*recorded()[:3], bad, *recorded()[3:6]]))


def refused(folder: Path) -> Situation:
    """What Redis 7.0.15 answers to a wrong password."""
    error = said.AuthenticationError("WRONGPASS invalid username-password pair or user is disabled.")
    return told(folder, Server([], error), AuthenticationError)


SITUATIONS = {"normal": normal, "empty": empty, "partial": partial, "malformed": malformed, "refused": refused}

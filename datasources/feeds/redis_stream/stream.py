"""One stream as a member of a group: what is ours to read again, what nobody finishes, what is new."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import exceptions as said

from datasources.feeds.redis_stream import link
from datasources.feeds.redis_stream.options import RedisStreamOptions

FIRST = b"0-0"
MOST_BYTES, FIRST_ROWS = 16_000_000, 100
"""Bytes of entries that are asked for at a time, by the size of the last ones; how many before any size is known."""

Entry = tuple[bytes, dict[bytes, bytes] | None]
"""Id and fields; none where the stream was trimmed before we had read the entry again."""


@dataclass(frozen=True)
class Standing:
    """A stream and how far its group has come in it.

    newest: the newest id it ever gave · first: the oldest entry it still holds · given: the newest that the group was given.
    unread: entries that were added and never given, by the server's own counts (Redis 7; None where it cannot say).
    """

    newest: str
    first: str | None
    given: str
    unread: int | None
    length: int


def order(entry: str) -> tuple[int, int]:
    """Entry ids in the order of the stream."""
    at, _, number = entry.partition("-")
    return int(at), int(number or 0)


class Stream:
    """Asks the server; every call raises the three errors."""

    def __init__(self, options: RedisStreamOptions, folder: Path) -> None:
        self.options, self.folder = options, folder
        self._client: Any = None
        self._rows = min(FIRST_ROWS, options.page_rows)

    @property
    def place(self) -> str:
        """Server and stream in words."""
        return "{}:{} {}".format(*self.options.server, self.options.stream)

    @property
    def client(self) -> Any:
        """The connection, made on first use."""
        if self._client is None:
            self._client = link.client(self.options, self.folder)
        return self._client

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def join(self, start: str) -> bool:
        """Make the group from `start` on where it is missing; whether it was."""
        with self._asking():
            try:
                self.client.xgroup_create(self.options.stream, self.options.group, start, mkstream=True)
            except said.ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise
                return False
        return True

    def newest(self) -> str | None:
        """The newest id the stream ever gave; None where there is no stream."""
        with self._asking():
            if not self.client.exists(self.options.stream):
                return None
            return str(self.client.xinfo_stream(self.options.stream)["last-generated-id"].decode())

    def holds(self, entry: str) -> bool:
        """Whether the stream still has an entry."""
        with self._asking():
            return bool(self.client.xrange(self.options.stream, entry, entry))

    def standing(self) -> Standing:
        """Where stream and group are, at one moment."""
        with self._asking():
            both = self.client.pipeline(transaction=True)
            both.xinfo_stream(self.options.stream)
            both.xinfo_groups(self.options.stream)
            stream, groups = both.execute()
        ours: Any = next((each for each in groups if each["name"] == self.options.group.encode()), {})
        given, added = ours.get("entries-read"), stream.get("entries-added")
        return Standing(
            newest=stream["last-generated-id"].decode(),
            first=stream["first-entry"][0].decode() if stream["first-entry"] else None,
            given=ours.get("last-delivered-id", FIRST).decode(),
            unread=None if given is None or added is None else int(added) - int(given),
            length=int(stream["length"]),
        )

    def ours(self, after: str) -> list[Entry]:
        """What we were given once and never acknowledged, after an id."""
        with self._asking():
            return self._entries(self._read(after, None))

    def new(self, wait_ms: int | None) -> list[Entry]:
        """What no consumer of the group was given yet."""
        with self._asking():
            return self._entries(self._read(">", wait_ms))

    def forsaken(self) -> Iterator[list[Entry]]:
        """What another consumer was given and did not acknowledge for options.claim: ours from now on."""
        after = FIRST
        while True:
            with self._asking():
                after, entries, *gone = self.client.xautoclaim(
                    self.options.stream, self.options.group, self.options.consumer, self.options.claim_seconds * 1_000,
                    after, count=self._rows,
                )  # fmt: skip
            if found := [*entries, *((each, None) for each in (gone[0] if gone else ()))]:
                yield found
            if after == FIRST:
                return

    def acknowledge(self, ids: Sequence[bytes]) -> None:
        """The group is done with these."""
        if ids:
            with self._asking():
                self.client.xack(self.options.stream, self.options.group, *ids)

    def latest(self, count: int) -> list[Entry]:
        """The last entries in their order; nothing changes at the server."""
        with self._asking():
            return list(reversed(self.client.xrevrange(self.options.stream, count=count)))

    def _read(self, after: str, wait_ms: int | None) -> Any:
        return self.client.xreadgroup(
            self.options.group, self.options.consumer, {self.options.stream: after}, count=self._rows,
            block=wait_ms,
        )  # fmt: skip

    def _entries(self, answer: Any) -> list[Entry]:
        """The entries of an answer in RESP 2 (a list of streams) or RESP 3 (a map of them)."""
        streams = answer.values() if isinstance(answer, dict) else [each[1] for each in answer or ()]
        found: Any = next(iter(streams), [])
        entries = list(found[0]) if found and isinstance(found[0], list) else list(found)
        if entries:
            size = sum(len(cell) for _, fields in entries for cell in (fields or {}).values()) / len(entries)
            self._rows = max(1, min(self.options.page_rows, int(MOST_BYTES / max(size, 1))))
        return entries

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except said.RedisError as error:
            raise link.told(error, self.place, self.options.group) from error

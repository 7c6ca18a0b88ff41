"""feeds.redis_stream: entries of a Redis stream, read as a consumer of a group."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config_errors import read_model
from datasources.bodies import Gathered
from datasources.contract import Clock, Cursor, Gap, Page
from datasources.feeds.redis_stream.entries import add
from datasources.feeds.redis_stream.losses import missed
from datasources.feeds.redis_stream.options import RedisStreamOptions
from datasources.feeds.redis_stream.stream import Entry, Stream, order

WAIT_MS, TURNS_TO_CLAIM = 2_000, 15
LOOKED_AT = 5


class RedisStreamConnector:
    """Reads what is new to its group; what was not acknowledged comes first, after a crash.

    Cursor: {"row": rows so far, "last": newest entry stored, "seen": when, epoch seconds, "known": see losses.missed}.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: RedisStreamOptions. Raises config.ConfigError."""
        self.options = read_model(RedisStreamOptions, options, "options")
        self.folder, self.zone, self.clock = folder, zone, clock
        self.stream = Stream(self.options, folder)

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """What the stream holds for the group."""
        return (page for page in self._read(cursor, None) if not page.is_empty)

    def follow(self, cursor: Cursor | None) -> Iterator[Page]:
        """What comes, for as long as somebody wants to hear it; an empty page every two seconds while nothing does."""
        return self._read(cursor, WAIT_MS)

    def sample(self) -> Iterator[Page]:
        """The last five entries; the group is not touched."""
        try:
            yield self._page(self.stream.latest(LOOKED_AT), {"row": 0, "last": None}, None)
        finally:
            self.stream.close()

    def acknowledge(self, receipt: Any) -> None:
        """The group is done with a page's entries."""
        self.stream.acknowledge(receipt)

    def _read(self, cursor: Cursor | None, wait_ms: int | None) -> Iterator[Page]:
        try:
            at, why = self._join({"row": 0, "last": None, "seen": self.clock(), "known": None, **(cursor or {})})
            for entries in self._batches(wait_ms):
                at, lost = self._missed(at)
                page = self._page(entries, at, why or lost)
                at, why = page.cursor or at, None
                yield page
        finally:
            self.stream.close()

    def _batches(self, wait_ms: int | None) -> Iterator[list[Entry]]:
        """Our own unfinished entries, those that others left, then new ones until an empty batch (or, waiting, for ever)."""
        after = "0"
        while entries := self.stream.ours(after):
            yield entries
            after = entries[-1][0].decode()
        yield from self.stream.forsaken()
        turns = 0
        while True:
            entries = self.stream.new(wait_ms)
            yield entries
            if not entries and wait_ms is None:
                return
            turns += 1
            if wait_ms is not None and turns % TURNS_TO_CLAIM == 0:
                yield from self.stream.forsaken()

    def _join(self, at: Cursor) -> tuple[Cursor, str | None]:
        """Come into the group. One that is gone is made again where we stood, as far as the stream reaches back."""
        last, newest = at["last"], self.stream.newest()
        is_older = last is not None and (newest is None or order(newest) < order(last))
        is_new = self.stream.join("0" if is_older else last or self.options.start)
        now = self.stream.standing()
        if not is_older and not is_new and last is not None and order(now.given) < order(last):
            is_older = not self.stream.holds(last)  # else somebody set the group back, to read again
        if is_older:
            why = "the server had lost the stream, or went back to an older state of it, with what it held for us"
            return {**at, "last": now.newest, "known": None}, why
        cut = is_new and last is not None and now.first is not None and order(now.first) > order(last)
        why = "the group was gone, and the stream no longer reaches back to what we had read"
        return {**at, "known": None} if is_new else at, why if cut else None

    def _missed(self, at: Cursor) -> tuple[Cursor, str | None]:
        """What was trimmed since it was last told of."""
        count, known = missed(self.stream.standing(), at["known"])
        why = f"{count} entries were trimmed from the stream before we could read them" if count else None
        return {**at, "known": known}, why

    def _page(self, entries: list[Entry], cursor: Cursor, why: str | None) -> Page:
        row, gathered, now = int(cursor["row"]), Gathered(int(cursor["row"]) + 1), self.clock()
        whole = [(entry.decode(), fields) for entry, fields in entries if fields]
        for entry, fields in whole:
            add(gathered, entry, fields, self.options)
        if lost := len(entries) - len(whole):
            why = why or f"{lost} entries were trimmed from the stream before we had stored them"
        last = max([*(entry for entry, _ in whole), *filter(None, [cursor["last"]])], key=order, default=None)
        at = {**cursor, "row": row + len(gathered), "last": last, "seen": now}
        gap = Gap(min(int(cursor["seen"]), now), now, f"{self.stream.place}: {why}") if why else None
        return Page(
            gathered.frame(), self.stream.place, row + 1, at, rows=gathered.row_numbers(),
            unreadable=tuple(gathered.unreadable), gap=gap, receipt=[entry for entry, _ in entries], sparse=True,
        )  # fmt: skip

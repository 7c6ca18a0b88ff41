"""What is new since the last run: by a time that every record carries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import xxhash

from datasources.jsontext import dumps

MOST_KNOWN = 5_000
"""Rows of the overlap that are remembered; more of them come again, and the store knows them."""

Known = list[list[Any]]
"""[time, mark] of rows that were given already and lie within the overlap."""


def mark(item: Any) -> str:
    """What tells an item from any other: a short hash of its values."""
    return xxhash.xxh3_64_hexdigest(dumps(item))


@dataclass(frozen=True)
class Since:
    """A record's time: `find` takes it out of an item; format: "iso", "epoch", "epoch_ms" or a strptime pattern.

    overlap_seconds: how far each run reaches back before the last time seen, so that late records are not lost.
    """

    find: Callable[[Any], Any]
    format: str
    zone: ZoneInfo
    overlap_seconds: int

    def read(self, item: Any) -> float | None:
        """The time of an item in epoch seconds, None where it has none that can be read."""
        try:
            return self._epoch(self.find(item))
        except (TypeError, ValueError, OverflowError):
            return None

    def _epoch(self, cell: Any) -> float | None:
        if cell in (None, ""):
            return None
        if self.format in EPOCHS:
            return float(cell) / EPOCHS[self.format]
        text = str(cell)
        at = datetime.fromisoformat(text) if self.format == "iso" else datetime.strptime(text, self.format)  # noqa: DTZ007 (the zone follows)
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).timestamp()

    def write(self, at: float) -> str:
        """A time as the source wants to be asked for it."""
        if self.format in EPOCHS:
            return str(int(at * EPOCHS[self.format]))
        if self.format == "iso":
            return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return datetime.fromtimestamp(int(at), self.zone).strftime(self.format)

    def begin(self, since: float | None) -> str | None:
        """What to ask for after a run that saw `since` last."""
        return None if since is None else self.write(since - self.overlap_seconds)

    def kept(self, known: Known, since: float | None) -> Known:
        """Of the rows seen, those that the next run will be given again."""
        if since is None:
            return []
        within = [each for each in known if each[0] >= since - self.overlap_seconds - 1]
        return sorted(within)[-MOST_KNOWN:]


EPOCHS = {"epoch": 1, "epoch_ms": 1_000}

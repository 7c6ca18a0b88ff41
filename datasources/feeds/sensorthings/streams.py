"""How far each Datastream has been read."""

from dataclasses import dataclass, field
from typing import Any

from datasources.contract import Cursor
from datasources.errors import BadDataError

MOST_KNOWN = 500
"""Ids of the latest observations that are remembered; more of them come again, and the store knows them."""


@dataclass(frozen=True)
class Place:
    """last: when the latest observation began (epoch seconds); known: those near it, id → when it began."""

    last: float | None = None
    known: dict[str, float] = field(default_factory=dict)

    def after(self, begun: dict[str, float | None], *, again: int, now: int) -> "Place":
        """The place once these were read. One from the future must not hide those of today: no later than now."""
        told = {name: at if at is not None else float(self.last or 0) for name, at in begun.items()}
        last = max([min(at, now) for at in told.values()] + ([] if self.last is None else [self.last]), default=None)
        near = {name: at for name, at in {**self.known, **told}.items() if last is not None and at >= last - again}
        latest = sorted(near.items(), key=lambda each: each[1])[-MOST_KNOWN:]
        return Place(last, dict(latest))


def places(cursor: Cursor | None) -> tuple[dict[str, Place], int]:
    """Datastream id → place, and how many rows were read. Raises BadDataError for a cursor of another source."""
    try:
        found: dict[str, Any] = cursor["streams"] if cursor else {}
        rows = int(cursor["rows"]) if cursor else 0
        return {name: Place(last, dict(known)) for name, (last, known) in found.items()}, rows
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadDataError("the cursor is not this source's own; read it afresh (sync --once)") from error


def cursor_of(streams: dict[str, Place], rows: int) -> Cursor:
    """The cursor that places() reads."""
    return {"streams": {name: [place.last, place.known] for name, place in streams.items()}, "rows": rows}

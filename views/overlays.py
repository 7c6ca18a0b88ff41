"""The layers of other services that a reader may lay over the map."""

from dataclasses import dataclass

import sqlalchemy as sa

from domain.feeds import freshness
from domain.scope import Scope
from geo.offset import gcj02_shift_m
from store.engine import read
from store.overlays import read_overlays
from views.reader import Reader

REFUSED = ("refused", "bad")
WORTH_SAYING_M = 60.0
"""An offset below this is not told: no layer is drawn better than that."""
LIKE_GCJ02_M = 80.0


@dataclass(frozen=True)
class Overlay:
    """A layer. state: live | stale | down | waiting | refused | bad | paused, of its source; bounds: degrees or None.

    offset_m: how far it lies off the areas, None where that is small or cannot be said; like_gcj02: by just the shift of GCJ-02.
    """

    id: int
    source: str
    external_id: str
    kind: str
    title: str
    attribution: str
    bounds: tuple[float, float, float, float] | None
    min_zoom: int | None
    max_zoom: int | None
    state: str
    offset_m: float | None
    like_gcj02: bool
    version: str


def overlays(reader: Reader, scope: Scope) -> tuple[Overlay, ...]:
    """Every layer, by source and title; a reader without any area sees none."""
    if not scope.areas:
        return ()
    now = reader.clock()
    with read(reader.engine) as connection:
        return tuple(_overlay(row, now) for row in read_overlays(connection))


def overlay(reader: Reader, scope: Scope, overlay_id: int) -> Overlay | None:
    """One layer, or None where there is none that the reader may see."""
    return next((each for each in overlays(reader, scope) if each.id == overlay_id), None)


def lying_off(connection: sa.Connection, now: int) -> dict[str, tuple[Overlay, ...]]:
    """Source → those of its layers that lie off the areas. Whoever minds the services is told, whatever they see of the map."""
    found: dict[str, tuple[Overlay, ...]] = {}
    for each in (_overlay(row, now) for row in read_overlays(connection)):
        if each.offset_m is not None:
            found[each.source] = (*found.get(each.source, ()), each)
    return found


def _overlay(row: sa.RowMapping, now: int) -> Overlay:
    bounds = tuple(row[name] for name in ("west", "south", "east", "north"))
    off = row["offset_m"] if (row["offset_m"] or 0.0) >= WORTH_SAYING_M else None
    return Overlay(
        id=row["id"], source=row["source"], external_id=row["external_id"], kind=row["kind"],
        title=row["title"] or f"{row['source']} {row['external_id']}", attribution=row["attribution"] or "",
        bounds=None if None in bounds else bounds, min_zoom=row["min_zoom"], max_zoom=row["max_zoom"],
        state=_state(row, now), offset_m=off, like_gcj02=off is not None and _is_gcj02(off, bounds),
        version=f"{row['content_hash'] & 0xFFFFFFFFFFFFFFFF:016x}",
    )  # fmt: skip


def _state(row: sa.RowMapping, now: int) -> str:
    if row["paused_at"] is not None:
        return "paused"
    if row["state"] in REFUSED:
        return str(row["state"])
    if row["state"] == "down":
        return "down"
    return freshness(last_success_at=row["last_success_at"], every_seconds=row["every_seconds"], refused=False, now=now)


def _is_gcj02(off: float, bounds: tuple[float, ...]) -> bool:
    west, south, east, north = bounds
    return abs(off - gcj02_shift_m((west + east) / 2, (south + north) / 2)) < LIKE_GCJ02_M

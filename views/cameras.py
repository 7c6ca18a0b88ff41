"""Cameras as pages show them: all of a scope with their areas and sources, a wall of some, the nearest to a point."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
import sqlalchemy as sa

from domain import cameras as rules
from domain.cameras import NEAREST, NEAREST_M, Near
from domain.cases import HERE
from domain.feeds import freshness
from domain.scope import Scope
from store.areas import AreaIndex
from store.engine import read
from store.schema import areas, sources
from store.schema_services import cameras as table
from views.feeds import REFUSED
from views.reader import Reader

WALLS = (1, 4, 9, 16)
"""How many tiles a wall may have."""
USUAL_WALL, MOST_PAGE = 9, 9_999

Camera = dict[str, Any]

_COLUMNS = (
    *(table.c[n] for n in ("id", "name", "area_id", "longitude", "latitude", "direction", "ptz_type", "online", "external_id")),
    areas.c.position, sources.c.name.label("source"),
)  # fmt: skip


@dataclass(frozen=True)
class SourceState:
    """A source of cameras: its state by its own clock, and when it was last read (epoch seconds, None = never)."""

    name: str
    state: str
    at: int | None


@dataclass(frozen=True)
class Cameras:
    """The cameras of a scope in order of area and name, the areas they hang in, and how their sources feel."""

    rows: tuple[Camera, ...]
    areas: AreaIndex
    sources: tuple[SourceState, ...]

    def of(self, code: str) -> tuple[Camera, ...]:
        """Those of an area with all below it; of one that is not there, none."""
        if code not in self.areas.position:
            return ()
        low, high = self.areas.range(code)
        return tuple(row for row in self.rows if low <= row["position"] < high)

    def named(self, ids: tuple[int, ...]) -> tuple[Camera, ...]:
        """Those of these ids, in their order; what the scope does not see is left out."""
        by_id = {row["id"]: row for row in self.rows}
        return tuple(by_id[i] for i in ids if i in by_id)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Area code → (online, all) of the area with all below it, of areas that have any."""
        own = [np.zeros(len(self.areas), dtype=np.int64) for _i in range(2)]
        for row in self.rows:
            own[0][row["position"]] += row["online"] is not False
            own[1][row["position"]] += 1
        online, every = (self.areas.rolled_up(each) for each in own)
        return {self.areas.code[p]: (int(online[p]), int(every[p])) for p in np.flatnonzero(every)}

    def search(self, text: str, most: int) -> tuple[Camera, ...]:
        """The first cameras whose name, code or area holds every word."""
        words = text.casefold().split()
        found = (row for row in self.rows if all(word in self._said(row) for word in words))
        return tuple(row for row, _n in zip(found, range(most), strict=False))

    def _said(self, row: Camera) -> str:
        area = self.areas.name[row["position"]]
        return f"{row['name'] or ''} {row['external_id']} {area}".casefold()


def cameras(reader: Reader, scope: Scope) -> Cameras:
    """Every camera that the scope may see. Rows: id, name, external_id, area_id, position, longitude, latitude, direction
    (degrees), ptz_type, online (None = the source does not say), source.
    """
    ranges = reader.areas.ranges(scope)
    query = _query().order_by(areas.c.position, table.c.name, table.c.id).where(_within(ranges))
    with read(reader.engine) as connection:
        rows = tuple(dict(row) for row in connection.execute(query).mappings()) if ranges else ()
        states = connection.execute(
            sa.select(sources)
            .where(sources.c.record == "camera", sources.c.removed.is_(False))
            .order_by(sources.c.name)
        ).all()
    now = reader.clock()
    return Cameras(rows, reader.areas, tuple(_state(row, now) for row in states) if ranges else ())


def _state(row: Any, now: int) -> SourceState:
    state = freshness(
        last_success_at=row.last_success_at, every_seconds=row.every_seconds, refused=row.state in REFUSED, now=now
    )
    return SourceState(row.name, state, row.last_success_at)


def nearest(
    reader: Reader, scope: Scope, longitude: float, latitude: float, area_id: int | None, limit: int = NEAREST
) -> tuple[Near, ...]:
    """The cameras that see a point (degrees, WGS-84) best; area_id: the area that the point lies in."""
    ranges = reader.areas.ranges(scope)
    if not ranges:
        return ()
    high = NEAREST_M / 111_000
    wide = high / max(float(np.cos(np.radians(latitude))), 0.01)
    query = _query().where(
        _within(ranges), table.c.placing == HERE,
        table.c.latitude.between(latitude - high, latitude + high), table.c.longitude.between(longitude - wide, longitude + wide),
    )  # fmt: skip
    with read(reader.engine) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return rules.nearest(rows, (longitude, latitude), area_id, limit)


def any_camera(reader: Reader, scope: Scope) -> bool:
    """Whether the scope sees a camera at all."""
    ranges = reader.areas.ranges(scope)
    with read(reader.engine) as connection:
        return bool(ranges) and connection.execute(_query().where(_within(ranges)).limit(1)).first() is not None


def _query() -> sa.Select[Any]:
    joined = table.join(areas, areas.c.id == table.c.area_id).join(sources, sources.c.id == table.c.source_id)
    return sa.select(*_COLUMNS).select_from(joined)


def _within(ranges: tuple[tuple[int, int], ...]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(sa.and_(areas.c.position >= low, areas.c.position < high) for low, high in ranges))


@dataclass(frozen=True)
class WallQuery:
    """What the address says of a wall: its size, cameras chosen by hand, or an area and which page of it (from 1)."""

    wall: int = USUAL_WALL
    cameras: tuple[int, ...] = ()
    area: str = ""
    page: int = 1

    def text(self, **changes: Any) -> str:
        """The address that has these changes, what is usual left out."""
        said = {**self.__dict__, **changes}
        pairs = [
            ("wall", said["wall"] if said["wall"] != USUAL_WALL else ""), ("area", said["area"]),
            ("cameras", ",".join(map(str, said["cameras"]))), ("page", said["page"] if said["page"] > 1 else ""),
        ]  # fmt: skip
        text = urlencode([(name, value) for name, value in pairs if value], safe=",")
        return f"?{text}" if text else ""

    def with_camera(self, number: int) -> str:
        """The address with a camera put on the wall or taken off; a wall of one shows that one, a full one its newest."""
        if number in self.cameras:
            left = tuple(i for i in self.cameras if i != number)
        else:
            left = (*self.cameras, number)[-self.wall :]
        return self.text(cameras=left, page=1)


def parse_wall(search: str) -> WallQuery:
    """What an address asks for; what cannot be read is the usual."""
    given = dict(parse_qsl(search.removeprefix("?")))
    wall = int(given["wall"]) if given.get("wall", "") in map(str, WALLS) else USUAL_WALL
    ids = dict.fromkeys(int(i) for i in given.get("cameras", "").split(",") if _whole(i))
    page = given.get("page", "1")
    return WallQuery(
        wall, tuple(ids)[:wall], given.get("area", ""), int(page) if _whole(page) and int(page) <= MOST_PAGE else 1
    )


def parse_point(search: str) -> tuple[float, float] | None:
    """The point that an address names (near=longitude,latitude in degrees), or None."""
    said = dict(parse_qsl(search.removeprefix("?"))).get("near", "")
    try:
        longitude, latitude = map(float, said.split(","))
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < len(text) < 16 and int(text) > 0


@dataclass(frozen=True)
class Shown:
    """The cameras of a wall, which page of how many, and how many there are to choose from."""

    rows: tuple[Camera, ...]
    page: int
    pages: int
    total: int


def on_wall(found: Cameras, query: WallQuery) -> Shown:
    """The cameras chosen by hand, or a page of the area's; the last page where the address names one after it."""
    if query.cameras:
        rows = found.named(query.cameras)
        return Shown(rows, 1, 1, len(rows))
    rows = found.of(query.area)
    pages = max(1, -(-len(rows) // query.wall))
    page = min(query.page, pages)
    return Shown(rows[(page - 1) * query.wall : page * query.wall], page, pages, len(rows))

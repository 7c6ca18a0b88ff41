"""Requests of Open311: what is published of a case, and nothing that says who reported it or exactly where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from domain.catalogue import Catalogue
from domain.open311 import Asked, code_of, services
from store import published
from store.areas import AreaIndex
from store.engine import read
from views.area_names import full_name
from views.reader import Reader

GRID_DECIMALS = 5


@dataclass(frozen=True)
class Published:
    """One request: status is the state of domain.cases; place is the area's name and centre, (None, None) without a shape."""

    id: int
    code: str
    category: str
    status: str
    is_open: bool
    department: str | None
    reported_at: int
    updated_at: int
    due_at: int | None
    area: str
    longitude: float | None
    latitude: float | None


def published_requests(reader: Reader, catalogue: Catalogue, asked: Asked) -> tuple[Published, ...]:
    """The requests that are asked for, newest first. A department that the settings do not name is a text of a feed: left out."""
    known = {category.name: category for category in services(catalogue, everything=False)}
    names = [
        name for name, each in known.items() if not asked.codes or asked.ids is not None or code_of(each) in asked.codes
    ]
    if not names:
        return ()
    centres, departments = _centres(reader), frozenset(catalogue.departments())
    with read(reader.engine) as connection:
        rows = published.requests(connection, asked, names)
    told = (row if row["department"] in departments else {**row, "department": None} for row in rows)
    return tuple(_published(dict(row), code_of(known[row["category"]]), reader.areas, centres) for row in told)


def _centres(reader: Reader) -> Mapping[int, tuple[float, float]]:
    """Area id → longitude and latitude of a point well inside it."""

    def make() -> Mapping[int, tuple[float, float]]:
        with read(reader.engine) as connection:
            found = published.shapes(connection)
        points = {number: shapely.point_on_surface(shapely.from_wkb(shape)) for number, shape in found.items()}
        return {number: (round(p.x, GRID_DECIMALS), round(p.y, GRID_DECIMALS)) for number, p in points.items()}

    return reader.cached("centres", str(id(reader.areas)), make)


def _published(
    row: Mapping[str, Any], code: str, areas: AreaIndex, centres: Mapping[int, tuple[float, float]]
) -> Published:
    longitude, latitude = centres.get(row["area_id"], (None, None))
    place = full_name(areas, areas.code[int(areas.position_of_id[row["area_id"]])])
    return Published(
        row["id"], code, row["category"], row["status"], row["ended_at"] is None, row["department"], row["reported_at"],
        row["updated_at"] or row["reported_at"], row["due_at"], place, longitude, latitude,
    )  # fmt: skip

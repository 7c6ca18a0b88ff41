"""Places with a QR code of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.schema import areas
from store.schema_public import places


@dataclass(frozen=True)
class Place:
    """id: what its code carries. area_code, position: of its area. longitude, latitude: WGS-84, or None."""

    id: str
    name: str
    area_code: str
    position: int
    longitude: float | None
    latitude: float | None
    made_at: int
    revoked_at: int | None


_COLUMNS = (
    places.c.id, places.c.name, areas.c.code.label("area_code"), areas.c.position, places.c.longitude, places.c.latitude,
    places.c.made_at, places.c.revoked_at,
)  # fmt: skip


def open_place(connection: sa.Connection, place_id: str) -> Place | None:
    """The place of a code that was not revoked."""
    found = place(connection, place_id)
    return found if found and found.revoked_at is None else None


def place(connection: sa.Connection, place_id: str) -> Place | None:
    """A place by its id, revoked ones too."""
    if not (place_id.isascii() and len(place_id) < 64):
        return None
    query = sa.select(*_COLUMNS).join(areas, areas.c.id == places.c.area_id).where(places.c.id == place_id)
    row = connection.execute(query).first()
    return Place(*row) if row else None


def places_in(connection: sa.Connection, ranges: Sequence[tuple[int, int]]) -> list[Place]:
    """Every place whose area lies in ranges of positions (store.areas), by area and name."""
    if not ranges:
        return []
    query = (
        sa.select(*_COLUMNS)
        .join(areas, areas.c.id == places.c.area_id)
        .where(sa.or_(*(sa.and_(areas.c.position >= low, areas.c.position < high) for low, high in ranges)))
        .order_by(areas.c.position, places.c.name, places.c.id)
    )
    return [Place(*row) for row in connection.execute(query)]

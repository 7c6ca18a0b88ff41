"""One camera as a row."""

from dataclasses import dataclass

import sqlalchemy as sa

from store.schema import areas, sources
from store.schema_services import cameras


@dataclass(frozen=True)
class StoredCamera:
    """A camera with the source it came from. stream and snapshot are the source's own words and stay on the server.

    position: of its area (store.areas).
    """

    id: int
    source: str
    external_id: str
    name: str
    position: int
    online: bool | None
    stream: str
    snapshot: str


def read_camera(connection: sa.Connection, camera_id: int) -> StoredCamera | None:
    """A camera by its number; None where there is none, or where its source left the configuration."""
    c = cameras.c
    query = (
        sa.select(
            c.external_id, c.name, areas.c.position, c.online, c.stream, c.snapshot, sources.c.name.label("source")
        )
        .join_from(cameras, sources, sources.c.id == c.source_id)
        .join(areas, areas.c.id == c.area_id)
        .where(c.id == camera_id, sources.c.removed.is_(False))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return StoredCamera(
        camera_id, row.source, row.external_id, row.name or row.external_id, row.position, row.online,
        row.stream or "", row.snapshot or "",
    )  # fmt: skip

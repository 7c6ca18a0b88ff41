"""Sensors and cameras where other boundaries put them."""

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from actions.site import Site
from store.counts.verify import Places
from store.engine import write
from store.locks import lock_sensors
from store.schema_sensors import sensors
from store.schema_services import cameras


def place_devices_again(site: Site) -> None:
    """Set area and placing of every sensor and camera whose place the tree of areas has moved. Safe to repeat."""
    with write(site.engine) as connection:
        lock_sensors(connection)
        for table in (sensors, cameras):
            _place(connection, site, table)


def _place(connection: sa.Connection, site: Site, table: sa.Table) -> None:
    c = table.c
    rows = connection.execute(
        sa.select(c.id, c.longitude, c.latitude, c.area_code, c.placing, c.area_id).order_by(c.id)
    ).all()
    if not rows:
        return
    columns = [np.array(column, dtype=object) for column in zip(*rows, strict=True)]
    area, placing = site.place_again(
        Places(_floats(columns[1]), _floats(columns[2]), columns[3], columns[4].astype(np.int8))
    )
    changed = [
        {"row": row.id, "area": a, "how": p}
        for row, a, p in zip(rows, area.tolist(), placing.tolist(), strict=True)
        if (row.area_id, row.placing) != (a, p)
    ]
    if changed:
        update = sa.update(table).where(c.id == sa.bindparam("row"))
        connection.execute(update.values(area_id=sa.bindparam("area"), placing=sa.bindparam("how")), changed)


def _floats(column: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if each is None else each for each in column], dtype=np.float64)

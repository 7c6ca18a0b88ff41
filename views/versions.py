"""What the doorbell tells: a version for each topic, read from the database, so that every process says the same."""

import zlib

import sqlalchemy as sa

from store.engine import read
from store.schema import case_steps, sources
from views.reader import Reader
from views.workdays import calendar_state


def versions(reader: Reader) -> dict[str, str]:
    """Topic → version: `counts` (the figures), `sources` (the state of the feeds), `calendar` (the days of work),
    `work` (the newest step of any case).
    """
    columns = (sources.c.id, sources.c.state, sources.c.last_success_at, sources.c.done, sources.c.failures)
    with read(reader.engine) as connection:
        state = connection.execute(sa.select(*columns).order_by(sources.c.id)).all()
        step = connection.execute(sa.select(sa.func.max(case_steps.c.id))).scalar()
    return {
        "counts": reader.counts.snapshot().version,
        "sources": f"{zlib.crc32(repr(state).encode()):x}",
        "calendar": f"{zlib.crc32(calendar_state(reader.engine).encode()):x}",
        "work": str(step or 0),
    }

"""Layers that services offer, as rows."""

from collections.abc import Sequence

import sqlalchemy as sa

from store.schema import sources
from store.schema_services import overlays

GONE = "gone"
"""Kind of a layer that its service offers no more; it keeps its number, which stands in people's addresses."""
SOURCE = (
    "state", "error", "every_seconds", "last_attempt_at", "last_success_at", "paused_at",
)  # fmt: skip


def read_overlays(connection: sa.Connection) -> Sequence[sa.RowMapping]:
    """Every layer that sources in the configuration offer, by source and title: its columns, and the state of its source."""
    columns = [*overlays.c, sources.c.name.label("source"), *(sources.c[name] for name in SOURCE)]
    joined = overlays.join(sources, sources.c.id == overlays.c.source_id)
    asked = sa.select(*columns).select_from(joined).where(sa.not_(sources.c.removed), overlays.c.kind != GONE)
    return connection.execute(asked.order_by(sources.c.name, overlays.c.title, overlays.c.id)).mappings().all()

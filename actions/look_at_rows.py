"""That somebody looked at raw rows: they may hold personal data, so each look is on record."""

import sqlalchemy as sa

from domain.actor import Actor
from store import audit
from store.engine import write


def look_at_rows(engine: sa.Engine, actor: Actor, name: str, rows: int, *, now: int) -> None:
    """Put on record that bad rows of a source were shown."""
    with write(engine) as connection:
        audit.append(connection, actor, "source.look", f"source:{name}", now=now, detail={"rows": rows})

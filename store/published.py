"""Cases as anyone may read them: published categories, no text, no number of another system, the place as its area."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from domain.cases import NOT_COUNTED
from domain.open311 import Asked
from store.schema import areas, cases, categories

c = cases.c
_SHOWN = (
    c.id, categories.c.name.label("category"), c.status, c.department, c.reported_at, c.updated_at, c.due_at, c.ended_at,
    c.area_id,
)  # fmt: skip
_JOINED = cases.join(categories, categories.c.id == c.category_id)


def requests(connection: sa.Connection, asked: Asked, names: Sequence[str]) -> Sequence[sa.RowMapping]:
    """Cases of these categories, newest first: id, category, status, department, times, area_id. No void or merged one."""
    wanted = [categories.c.name.in_(list(names)), c.status.not_in(sorted(NOT_COUNTED))]
    if asked.ids is not None:
        wanted.append(c.id.in_(list(asked.ids)))
    else:
        wanted += [c.reported_at >= asked.start, c.reported_at < asked.end]
        if len(set(asked.states)) == 1:
            wanted.append(c.ended_at.is_(None) if asked.states[0] == "open" else c.ended_at.is_not(None))
    query = sa.select(*_SHOWN).select_from(_JOINED).where(*wanted).order_by(c.reported_at.desc(), c.id.desc())
    rows = connection.execute(query.offset((asked.page - 1) * asked.size).limit(asked.size)).mappings()
    return rows.all()


def shapes(connection: sa.Connection) -> Mapping[int, bytes]:
    """Area id → WKB of every area that has a shape."""
    found = connection.execute(sa.select(areas.c.id, areas.c.geometry).where(areas.c.geometry.is_not(None)))
    return {row.id: row.geometry for row in found}

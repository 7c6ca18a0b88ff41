"""Who reported a case, with the middle hidden: enough to recognise a call, too little to make one."""

from dataclasses import dataclass

import sqlalchemy as sa

from domain.masking import mask_name, mask_phone
from domain.scope import Scope
from store.engine import read
from store.listings import one
from store.schema_public import reporters
from views.reader import Reader


@dataclass(frozen=True)
class Masked:
    """A reporter; erased: name and number are gone for good."""

    name: str
    phone: str
    erased: bool


def contacts(reader: Reader, scope: Scope, case_id: int) -> tuple[Masked, ...]:
    """The reporters of a case that the scope may see, in order; nothing of any other."""
    query = sa.select(reporters).where(reporters.c.case_id == case_id).order_by(reporters.c.id)
    with read(reader.engine) as connection:
        if one(connection, case_id, reader.areas.ranges(scope)) is None:
            return ()
        rows = connection.execute(query).mappings().all()
    return tuple(
        Masked(mask_name(row["name"] or ""), mask_phone(row["phone"] or ""), row["erased_at"] is not None)
        for row in rows
        if row["name"] or row["phone"] or row["erased_at"] is not None
    )

"""Looking at personal data: who reported a case. It asks for a reason, and every look is on record, refused ones too."""

from dataclasses import dataclass

import sqlalchemy as sa

from actions.work import Work
from domain.actor import Actor
from domain.measures import N_
from domain.refusal import Refused
from domain.scope import Scope
from domain.secrets import mac
from store import audit
from store.engine import write
from store.schema import areas, cases
from store.schema_public import reporters
from store.schema_trust import contact_looks

MAY = frozenset({"officer", "intake", "shift_leader", "return_visitor"})
"""网格员, 受理员, 值班长, 回访员 of the area: they check, call back, decide and visit."""
SHORTEST, LONGEST = 4, 200


@dataclass(frozen=True)
class Contact:
    """Who reported a case; both empty where it was erased."""

    name: str
    phone: str


def reveal(work: Work, actor: Actor, scope: Scope, case_id: int, reason: str, *, now: int) -> tuple[Contact, ...]:
    """Name and number of everyone who reported a case. Raises Refused, the try on record: absent, forbidden, missing.

    The record has ids and the keyed hash of the reason; the reason itself is in contact_looks.
    """
    reason = " ".join(reason.split())[:LONGEST]
    with write(work.site.engine) as connection:
        refusal = _refusal(connection, work, actor, scope, case_id, reason)
        if refusal is None:
            look = {"case_id": case_id, "at": now, "by_login": actor.login, "reason": reason}
            number = connection.execute(
                sa.insert(contact_looks).values(look).returning(contact_looks.c.id)
            ).scalar_one()
            detail = {"look": number, "reason": mac(work.secret, "reason", reason)}
            audit.append(connection, actor, "contact.reveal", f"case:{case_id}", now=now, detail=detail)
            return _contacts(connection, case_id)
        audit.append(
            connection,
            actor,
            "contact.reveal",
            f"case:{case_id}",
            now=now,
            result="refused",
            detail={"why": refusal.kind},
        )
    raise refusal


def _refusal(
    connection: sa.Connection, work: Work, actor: Actor, scope: Scope, case_id: int, reason: str
) -> Refused | None:
    """Why not, or None. A case elsewhere is answered as one that does not exist."""
    where = cases.join(areas, areas.c.id == cases.c.area_id)
    position = connection.execute(sa.select(areas.c.position).select_from(where).where(cases.c.id == case_id)).scalar()
    if position is None or not work.site.areas.sees(scope, position):
        return Refused("absent", N_("There is no such case within your areas."))
    if actor.role not in MAY:
        return Refused("forbidden", N_("Your role does not look at who reported a case."))
    if len(reason) < SHORTEST or not reason.isprintable():
        return Refused("missing", N_("Say why you need it, in {n} characters or more."), n=SHORTEST)
    return None


def _contacts(connection: sa.Connection, case_id: int) -> tuple[Contact, ...]:
    found = (
        sa.select(reporters.c.name, reporters.c.phone).where(reporters.c.case_id == case_id).order_by(reporters.c.id)
    )
    return tuple(Contact(row.name or "", row.phone or "") for row in connection.execute(found))

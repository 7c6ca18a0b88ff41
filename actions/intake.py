"""Take a report from a desk or a grid, with who reported it, in one transaction."""

from dataclasses import dataclass

import sqlalchemy as sa

from actions.report import Report, Reported, report_in
from actions.work import Work
from domain.actor import Actor
from domain.contacts import phone, words
from store.engine import write
from store.schema_public import reporters

LONGEST_NAME = 40


@dataclass(frozen=True)
class Contact:
    """Who reported it, as far as they said."""

    name: str = ""
    phone: str = ""


def take_in(work: Work, actor: Actor, what: Report, contact: Contact, *, now: int) -> Reported:
    """The case that was made. Raises Refused, nothing kept, as a report does, and for a name or number that is none."""
    name, telephone = words(contact.name, LONGEST_NAME), phone(contact.phone)
    with write(work.site.engine) as connection:
        made = report_in(connection, work, actor, what, now=now)
        known = sa.select(reporters.c.id).where(reporters.c.case_id == made.case_id)
        if (name or telephone) and connection.execute(known).first() is None:
            row = {"case_id": made.case_id, "name": name or None, "phone": telephone or None, "made_at": now}
            connection.execute(sa.insert(reporters).values(row))
    work.ring()
    return made

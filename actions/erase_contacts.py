"""What is kept for a time only: names and numbers of reporters, photos that no case took, marks of clients."""

import sqlalchemy as sa

from actions.work import Work
from config_public import Public
from domain.actor import SYSTEM
from domain.cases import TAKEN_OUT
from store import audit, uploads
from store.engine import read, write
from store.schema import cases
from store.schema_public import photos, public_reports, reporters

DAY = 86_400
BATCH = 500


def erase_contacts(work: Work, rules: Public, *, now: int) -> int:
    """Erase name and number of reporters whose case ended more than the set time ago; how many. Figures stay."""
    before = now - rules.contact_seconds
    ended = sa.case((cases.c.status.in_(TAKEN_OUT), cases.c.updated_at), else_=cases.c.ended_at)
    due = (
        sa.select(reporters.c.id)
        .join(cases, cases.c.id == reporters.c.case_id)
        .where(reporters.c.erased_at.is_(None), ended <= before)
        .limit(BATCH)
    )
    erased = 0
    while True:
        with read(work.site.engine) as connection:  # nothing to do is the usual case: it takes no lock
            ids = connection.execute(due).scalars().all()
        if not ids:
            return erased
        with write(work.site.engine) as connection:
            mine = sa.update(reporters).where(reporters.c.id.in_(ids), reporters.c.erased_at.is_(None))
            connection.execute(mine.values(name=None, phone=None, erased_at=now))
            for number in ids:
                audit.append(connection, SYSTEM, "contact.erase", f"reporter:{number}", now=now)
        erased += len(ids)


def remove_loose(work: Work, *, now: int) -> int:
    """Remove photos that nothing took within a day, and marks of clients of yesterday; how many photos."""
    old = sa.and_(photos.c.case_id.is_(None), photos.c.made_at < now - DAY)
    with read(work.site.engine) as connection:
        digests = connection.execute(sa.select(photos.c.digest).where(old)).scalars().all()
        marks = connection.execute(
            sa.select(public_reports.c.id).where(public_reports.c.at < now - DAY).limit(1)
        ).first()
    if not digests and marks is None:
        return 0
    with write(work.site.engine) as connection:
        connection.execute(sa.delete(public_reports).where(public_reports.c.at < now - DAY))
        gone = connection.execute(sa.delete(photos).where(old).returning(photos.c.digest)).scalars().all()
        kept = set(connection.execute(sa.select(photos.c.digest).where(photos.c.digest.in_(gone))).scalars())
        for digest in set(gone) - kept:
            uploads.remove(work.uploads, digest, before=now - DAY)
    return len(gone)

"""What the auditor reads: the record by filter, and how far its chain reaches. For the auditor's role alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from domain.actor import Actor
from domain.periods import SiteZone, day_of
from store import auditlist, seals
from store.auditlist import AuditFilter
from store.engine import read

AUDITOR = "auditor"
PAGE = 50
RESULTS = ("done", "refused")
LONGEST = 80


@dataclass(frozen=True)
class AuditQuery:
    """What an address asks: days as YYYY-MM-DD ('' = open), words of a row, a page from 1."""

    since: str = ""
    until: str = ""
    actor: str = ""
    action: str = ""
    subject: str = ""
    result: str = ""
    page: int = 1

    def text(self, **changes: Any) -> str:
        """The query of an address with some changes; ? included, '' where nothing is asked."""
        said = replace(self, **changes)
        values = {k: v for k, v in vars(said).items() if v and not (k == "page" and v == 1)}
        return f"?{urlencode(values)}" if values else ""

    def wanted(self, zone: SiteZone) -> AuditFilter:
        """The rows that are asked for, whole days in the site's zone."""
        start, end = _day(self.since), _day(self.until)
        return AuditFilter(
            None if start is None else zone.start(start), None if end is None else zone.start(end + 1), self.actor,
            self.action, self.subject, self.result if self.result in RESULTS else "",
        )  # fmt: skip


def parse_audit(search: str) -> AuditQuery:
    """What the query of an address asks; what does not fit is not asked."""
    given = {k: v.strip()[:LONGEST] for k, v in parse_qsl(search.removeprefix("?"), errors="replace")}
    words = {k: given.get(k, "") for k in ("since", "until", "actor", "action", "subject", "result")}
    number = given.get("page", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else 1
    return AuditQuery(**words, page=max(page, 1))


def _day(text: str) -> int | None:
    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        return None


@dataclass(frozen=True)
class AuditPage:
    """rows: of the audit table. total: of the filter. actions: every action that occurs."""

    rows: tuple[Mapping[str, Any], ...]
    total: int
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """The last seal (None before the first) with its head, and how many rows come after it."""

    seals: int
    head: str
    sealed_at: int | None
    tail: int


def may_audit(actor: Actor) -> bool:
    """Whether somebody reads the record."""
    return actor.role == AUDITOR


def audit_page(engine: sa.Engine, actor: Actor, query: AuditQuery, zone: SiteZone) -> AuditPage:
    """One page; nothing for anyone but the auditor."""
    if not may_audit(actor):
        return AuditPage((), 0, ())
    wanted = query.wanted(zone)
    with read(engine) as connection:
        rows = auditlist.page(connection, wanted, offset=(query.page - 1) * PAGE, limit=PAGE)
        total = auditlist.count(connection, wanted)
        return AuditPage(tuple(dict(row) for row in rows), total, auditlist.actions(connection))


def audit_rows(
    engine: sa.Engine, actor: Actor, query: AuditQuery, zone: SiteZone
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """All rows of a filter in chunks, for a file; nothing for anyone but the auditor."""
    if may_audit(actor):
        with read(engine) as connection:
            yield from auditlist.stream(connection, query.wanted(zone))


def chain_state(engine: sa.Engine, actor: Actor) -> Chain:
    """How far the record is sealed; nothing for anyone but the auditor."""
    if not may_audit(actor):
        return Chain(0, "", None, 0)
    with read(engine) as connection:
        seal = seals.last(connection)
        tail = seals.unsealed(connection, seal.last_id if seal else 0)
    return Chain(seal.id if seal else 0, seal.head if seal else "", seal.made_at if seal else None, tail)

"""What who reported a matter may see of it: the public steps, times, departments, and their own photos; no name, no note."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from actions.work import Work
from domain.cases import CLOSED, LEVELS
from domain.measures import N_
from domain.tracking import code_mac
from store.engine import read
from store.schema import areas, case_steps, cases, categories
from store.schema_public import photos, reporters
from store.schema_work import casework, step_details
from views.photos import mark
from views.public_places import area_words

STEPS: dict[str, str] = {
    "report": N_("Submitted"), "register": N_("Taken up"), "dispatch": N_("Given to {department}"),
    "arbitrate": N_("Given to {department}"), "accept": N_("Being worked on"), "suspend_approve": N_("Put off for a while"),
    "resume": N_("Work goes on"), "finish": N_("It is mended"), "rework": N_("To be done once more"), "check": N_("Verified"),
    "close": N_("Verified and settled"), "reopen": N_("Taken up once more"), "refuse": N_("Cannot be taken up"),
    "void": N_("Cannot be taken up"), "merge": N_("Handled together with another report of the same"),
}  # fmt: skip
"""Move → what the public hears of it; of all other moves it hears nothing."""

PASSING = frozenset({"register", "accept", "resume", "suspend_approve", "check"})
"""Moves that are worth a word only until the next one."""


@dataclass(frozen=True)
class PublicStep:
    """label: a message id with {department}. at: epoch seconds, UTC."""

    label: str
    department: str
    at: int


@dataclass(frozen=True)
class Tracked:
    """One report as its code shows it. what: in the plain word of the form. before, after: names of photos (views.photos)
    with their times. closed: it may be rated. level: index in LEVELS of the last rating. reopens: a low one opens it again.
    """

    case_id: int
    what: str
    area: str
    spot: str
    steps: tuple[PublicStep, ...]
    before: tuple[tuple[str, int], ...]
    after: tuple[tuple[str, int], ...]
    closed: bool
    level: str | None
    reopens: bool
    due_at: int | None


def tracked(work: Work, code: str, *, now: int) -> Tracked | None:
    """The report of a code; None alike for a code that is unknown, that has expired, and for what is no code."""
    mine = (reporters.c.code_mac == code_mac(work.secret, code), reporters.c.expires_at > now)
    query = (
        sa.select(
            cases.c.id, cases.c.status, cases.c.title, cases.c.due_at, cases.c.closed_at, cases.c.level,
            areas.c.position, categories.c.name.label("category"), casework.c.state, casework.c.main_id,
            casework.c.low_reopened,
        )
        .select_from(reporters)
        .join(cases, cases.c.id == reporters.c.case_id)
        .join(areas, areas.c.id == cases.c.area_id)
        .join(categories, categories.c.id == cases.c.category_id)
        .join(casework, casework.c.case_id == cases.c.id)
        .where(*mine)
    )  # fmt: skip
    with read(work.site.engine) as connection:
        row = connection.execute(query).mappings().first()
        return None if row is None else _told(connection, work, dict(row), now)


def _told(connection: sa.Connection, work: Work, row: Mapping[str, Any], now: int) -> Tracked:
    main = None if row["main_id"] is None else _status(connection, row["main_id"])
    closed = row["status"] in CLOSED or main in CLOSED
    found = _photos(connection, row["id"])
    spot = (row["title"] or "").removesuffix(row["category"]).strip()
    soon = row["closed_at"] is not None and now <= row["closed_at"] + work.rules.reopen_days * 86_400
    return Tracked(
        case_id=row["id"], what=work.catalogue.of(row["category"]).group or row["category"],
        area=area_words(work.site.areas, row["position"]), spot=spot, steps=tuple(_steps(connection, row)),
        before=tuple((mark(work, p.id), p.made_at) for p in found if p.kind == "before"),
        after=tuple((mark(work, p.id), p.made_at) for p in found if p.kind == "after")[-1:] if closed else (),
        closed=closed, level=None if row["level"] is None else LEVELS[row["level"]],
        reopens=row["state"] in {"closed", "archived"} and soon and not row["low_reopened"],
        due_at=None if closed else row["due_at"],
    )  # fmt: skip


def _status(connection: sa.Connection, case_id: int) -> str | None:
    return connection.execute(sa.select(cases.c.status).where(cases.c.id == case_id)).scalar()


def _photos(connection: sa.Connection, case_id: int) -> Sequence[Any]:
    """Photos of the report itself, and of what was done."""
    shown = sa.or_(
        sa.and_(photos.c.kind == "before", case_steps.c.move == "report"),
        sa.and_(photos.c.kind == "after", case_steps.c.move == "finish"),
    )
    query = sa.select(photos.c.id, photos.c.kind, photos.c.made_at).join(
        case_steps, case_steps.c.id == photos.c.step_id
    )
    return connection.execute(query.where(photos.c.case_id == case_id, shown).order_by(photos.c.id)).all()


def _steps(connection: sa.Connection, row: Mapping[str, Any]) -> Iterable[PublicStep]:
    """Of a merged report also what is done about the case that it was merged into."""
    query = (
        sa.select(case_steps.c.case_id, case_steps.c.move, case_steps.c.at, step_details.c.detail)
        .join(step_details, step_details.c.step_id == case_steps.c.id, isouter=True)
        .where(case_steps.c.case_id.in_([row["id"], row["main_id"] or row["id"]]), case_steps.c.move.in_(STEPS))
        .order_by(case_steps.c.at, case_steps.c.id)
    )
    heard = [step for step in connection.execute(query).all() if _is_heard(step, row["id"])]
    for number, step in enumerate(heard, start=1):
        if step.move not in PASSING or number == len(heard):
            detail = orjson.loads(step.detail) if step.detail else {}
            yield PublicStep(STEPS[step.move], str(detail.get("department") or ""), step.at)


def _is_heard(step: Any, case_id: int) -> bool:
    """Of a verification only that it went well; of the main case not who else reported it."""
    if step.move == "check":
        return bool(step.detail and orjson.loads(step.detail).get("passed") is True)
    return step.case_id == case_id or step.move not in {"report", "merge"}

"""The work page of one case: the case, its sheet, what may be done next and with what, its photos and related cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from actions.moving import facts
from actions.work import Work
from domain.actor import ADMINISTRATORS, Actor
from domain.guards import Permission, permissions
from domain.scope import Scope
from domain.workclock import unknown_years
from store import casework as sheets
from store.engine import read
from store.schema import cases, categories
from store.schema_people import accounts
from store.schema_public import photos
from store.schema_work import casework, step_details
from views.caselist import OneCase, one_case
from views.duplicates import similar
from views.reader import Reader
from views.running import Running, running

Options = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Worksheet:
    """one: case, steps (with their detail and the name of who made them), neighbours. sheet: a row of casework; of a case
    that nobody works here yet the one with which it would begin. options: kind of field → (value, name) to choose from;
    conditions with their limits are in `conditions`. related: (how, case): main | child | similar. unknown: years whose
    days of work nobody has entered and which the deadline reaches. running: the limit that runs now.
    """

    one: OneCase
    sheet: dict[str, Any]
    permissions: tuple[Permission, ...]
    options: Options
    conditions: tuple[tuple[str, float, str], ...]
    photos: tuple[dict[str, Any], ...]
    related: tuple[tuple[str, dict[str, Any]], ...]
    tasks: tuple[dict[str, Any], ...]
    unknown: tuple[int, ...]
    running: Running | None

    @property
    def number(self) -> str:
        """The number by which people call the case."""
        return str(self.sheet["case_no"] or self.one.case["external_id"])

    @property
    def seen(self) -> int:
        """The newest step on this sheet."""
        return max((step["id"] for step in self.one.steps), default=0)


def worksheet(reader: Reader, work: Work, actor: Actor, scope: Scope, case_id: int, now: int) -> Worksheet | None:
    """The sheet of a case that the scope may see, or None."""
    one = one_case(reader, scope, case_id)
    if one is None:
        return None
    with read(reader.engine) as connection:
        row = {**one.case, "status": one.case["status"]}
        sheet = sheets.sheet_of(connection, row)
        summoned = tuple(dict(task) for task in sheets.tasks_of(connection, case_id))
        known = facts(row, sheet, summoned, work.rules.most_returns, now)
        names = _names(connection)
        steps = _told(connection, one, names)
        category = work.catalogue.of(one.case["category"])
        due = one.case["due_at"] or sheet["stage_due_at"]
        return Worksheet(
            one=OneCase(one.case, steps, one.neighbours),
            sheet=sheet | {"handler_name": names.get(sheet["handler"] or "", "")},
            permissions=() if actor.role in ADMINISTRATORS else permissions(known, actor),
            options=_options(connection, work, actor, summoned),
            conditions=tuple((c.name, c.limit.amount, c.limit.unit) for c in category.conditions),
            photos=_photos(connection, case_id),
            related=(
                *_related(connection, reader, scope, case_id, sheet["main_id"]),
                *_similar(reader, work, scope, one),
            ),
            tasks=summoned,
            unknown=() if due is None else unknown_years(work.calendar(connection), now, max(now, due)),
            running=running(work, connection, row, sheet, now),
        )


def changed_since(reader: Reader, scope: Scope, case_id: int, seen: int) -> tuple[dict[str, Any], ...]:
    """The steps of a case after step `seen`, oldest first, with the name of who made them; none outside the scope."""
    one = one_case(reader, scope, case_id)
    if one is None:
        return ()
    with read(reader.engine) as connection:
        names = _names(connection)
        return tuple(step for step in _told(connection, one, names) if step["id"] > seen)


def _names(connection: sa.Connection) -> dict[str, str]:
    """Login → name of every account."""
    return {row.login: row.name for row in connection.execute(sa.select(accounts.c.login, accounts.c.name))}


def _told(connection: sa.Connection, one: OneCase, names: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
    """The steps with what is on record of them."""
    known = sa.select(step_details.c.step_id, step_details.c.detail).where(
        step_details.c.step_id.in_([step["id"] for step in one.steps])
    )
    details = {step_id: orjson.loads(detail) for step_id, detail in connection.execute(known)}
    return tuple(
        {**step, "by": names.get(step["actor"], ""), "detail": _named(details.get(step["id"], {}), names)}
        for step in one.steps
    )


def _named(detail: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    login = detail.get("handler")
    return {**detail, "handler": names.get(login, login)} if login else detail


def _options(connection: sa.Connection, work: Work, actor: Actor, summoned: tuple[dict[str, Any], ...]) -> Options:
    mine = sa.select(accounts.c.login, accounts.c.name).where(
        accounts.c.role == "handler", accounts.c.department == actor.department, accounts.c.disabled.is_(False)
    )
    people = [(login, name or login) for login, name in connection.execute(mine.order_by(accounts.c.name))]
    return {
        "category": tuple((c.name, c.name) for c in work.catalogue.categories),
        "department": tuple((name, name) for name in work.catalogue.departments(sheets.departments(connection))),
        "person": tuple(sorted(people, key=lambda each: each[0] != actor.login)),
        "task": tuple((str(t["id"]), t["department"]) for t in summoned if t["done_at"] and t["score"] is None),
    }


def _photos(connection: sa.Connection, case_id: int) -> tuple[dict[str, Any], ...]:
    query = sa.select(photos).where(photos.c.case_id == case_id).order_by(photos.c.made_at, photos.c.id)
    return tuple(dict(row) for row in connection.execute(query).mappings())


_RELATED = (cases.c.id, casework.c.case_no, cases.c.external_id, cases.c.title, cases.c.status, cases.c.reported_at)


def _related(
    connection: sa.Connection, reader: Reader, scope: Scope, case_id: int, main_id: int | None
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The case that this one was merged into, and those that were merged into it, as far as they may be seen."""
    query = (
        sa.select(*_RELATED, categories.c.name.label("category"), cases.c.area_id)
        .select_from(cases.join(categories, categories.c.id == cases.c.category_id).outerjoin(
            casework, casework.c.case_id == cases.c.id
        ))
        .where(sa.or_(cases.c.id == (main_id or -1), casework.c.main_id == case_id))
        .order_by(cases.c.reported_at)
    )  # fmt: skip
    found = []
    for row in connection.execute(query).mappings():
        if reader.areas.sees(scope, int(reader.areas.position_of_id[row["area_id"]])):
            number = row["case_no"] or row["external_id"]
            found.append(("main" if row["id"] == main_id else "child", {**row, "number": number}))
    return tuple(found)


def _similar(reader: Reader, work: Work, scope: Scope, one: OneCase) -> tuple[tuple[str, dict[str, Any]], ...]:
    case = one.case
    if case["longitude"] is None or case["placing"] != 0:
        return ()
    found = similar(
        reader,
        work,
        scope,
        case["category"],
        case["longitude"],
        case["latitude"],
        case["reported_at"],
        leave=case["id"],
    )
    return tuple(("similar", each) for each in found)

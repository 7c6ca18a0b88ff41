"""Cases that are worked here: the row of a case, the sheet of its work, and how both are written."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from domain.lifecycle import STATE_OF
from store import schema
from store.bulk import with_keys
from store.schema import case_steps, categories, sources
from store.schema_people import accounts
from store.schema_work import casework, step_details, tasks

SOURCE = "gridhall"
"""The source of what is reported here: a source like every other, so that figures need no case of their own for it."""

_COUNTERS = ("returns", "reworks", "reopens", "extensions", "escalation")
_FLAGS = ("bound", "urgent", "supervised", "whistled", "appealed", "not_timed", "low_reopened")


def house_source(connection: sa.Connection) -> int:
    """The id of our own source, made with the first report: no feed, so it is never late and never fetched."""
    wanted = sa.select(sources.c.id).where(sources.c.name == SOURCE)
    known = connection.execute(wanted).scalar()
    if known is None:
        connection.execute(
            sa.text(
                "INSERT INTO sources (name, connector, record, every_seconds, state, failures, removed) "
                "VALUES (:name, :name, 'case', 0, 'new', 0, :removed) ON CONFLICT (name) DO NOTHING"
            ),
            {"name": SOURCE, "removed": True},
        )
        known = connection.execute(wanted).scalar_one()
    return int(known)


def locked(connection: sa.Connection, case_id: int) -> dict[str, Any] | None:
    """The row of a case with the name of its category, locked until the transaction ends; None when there is none."""
    query = (
        sa.select(schema.cases, categories.c.name.label("category"))
        .join(categories, categories.c.id == schema.cases.c.category_id)
        .where(schema.cases.c.id == case_id)
        .with_for_update(of=schema.cases)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def sheet_of(connection: sa.Connection, case: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet of a case; of one that nobody works here yet, the one with which it would begin (version 0)."""
    row = connection.execute(sa.select(casework).where(casework.c.case_id == case["id"])).mappings().first()
    return dict(row) if row is not None else new_sheet(case)


def worked(connection: sa.Connection, case_ids: Sequence[int]) -> set[int]:
    """Those of these cases that are worked here."""
    if not case_ids or connection.execute(sa.select(casework.c.case_id).limit(1)).first() is None:
        return set()
    found = with_keys(connection, "SELECT case_id FROM casework WHERE case_id IN (:keys)", list(case_ids))
    return {row.case_id for row in found}


def new_sheet(case: Mapping[str, Any], state: str | None = None, case_no: str | None = None) -> dict[str, Any]:
    """An empty sheet for a case row, in the state that its status stands for."""
    begun = case["closed_at"] or case["updated_at"] or case["reported_at"]
    return (
        dict.fromkeys(casework.columns.keys())
        | {"case_id": case["id"], "version": 0, "state": state or STATE_OF[case["status"]], "case_no": case_no}
        | {"department": case["department"], "since": begun}
        | dict.fromkeys(_COUNTERS, 0)
        | dict.fromkeys(_FLAGS, False)
    )


def write_sheet(connection: sa.Connection, sheet: Mapping[str, Any]) -> None:
    """Write a sheet with the version that it has; the caller holds the lock of the case."""
    values = dict(sheet)
    key = casework.c.case_id == values["case_id"]
    if not connection.execute(sa.update(casework).where(key).values(values)).rowcount:
        connection.execute(sa.insert(casework).values(values))


def write_case(connection: sa.Connection, case_id: int, changed: Mapping[str, Any]) -> None:
    """Set columns of a case."""
    if changed:
        connection.execute(sa.update(schema.cases).where(schema.cases.c.id == case_id).values(dict(changed)))


def append_step(
    connection: sa.Connection, step: Mapping[str, Any], detail: Mapping[str, Any], once: str | None = None
) -> int:
    """Append a step (case_id, at, move, status, actor, note) with its detail (ids and words, no free text); its id."""
    values = {"known_at": step["at"], **step}
    made = connection.execute(sa.insert(case_steps).values(values)).inserted_primary_key
    step_id = int(made[0])  # type: ignore[index]
    if detail or once:
        told = orjson.dumps(dict(detail), option=orjson.OPT_SORT_KEYS).decode()
        connection.execute(sa.insert(step_details).values(step_id=step_id, once=once, detail=told))
    return step_id


def detail_of(connection: sa.Connection, case_id: int, move: str) -> dict[str, Any]:
    """The detail of the last step of this name that a case has; empty when there is none."""
    query = (
        sa.select(step_details.c.detail)
        .join(case_steps, case_steps.c.id == step_details.c.step_id)
        .where(case_steps.c.case_id == case_id, case_steps.c.move == move)
        .order_by(case_steps.c.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return {} if found is None else dict(orjson.loads(found))


def made_before(connection: sa.Connection, case_id: int, once: str) -> bool:
    """Whether the form with this key made its step of this case already."""
    query = (
        sa.select(case_steps.c.id)
        .join(step_details, step_details.c.step_id == case_steps.c.id)
        .where(step_details.c.once == once, case_steps.c.case_id == case_id)
    )
    return connection.execute(query).first() is not None


def of_form(connection: sa.Connection, once: str) -> tuple[int, str] | None:
    """(case id, case number) of the report that the form with this key made; None when it made none."""
    query = (
        sa.select(casework.c.case_id, casework.c.case_no)
        .join(case_steps, case_steps.c.case_id == casework.c.case_id)
        .join(step_details, step_details.c.step_id == case_steps.c.id)
        .where(step_details.c.once == once)
    )
    row = connection.execute(query).first()
    return None if row is None else (row.case_id, row.case_no)


def next_number(connection: sa.Connection, prefix: str, day: str) -> str:
    """A fresh case number: 6 区划 + 8 date + 5 serial, as 429099-20261124-00117."""
    insert = sa.text(
        "INSERT INTO case_numbers (day, last) VALUES (:day, 1) "
        "ON CONFLICT (day) DO UPDATE SET last = case_numbers.last + 1 RETURNING last"
    )
    serial = connection.execute(insert, {"day": day}).scalar_one()
    return f"{prefix}-{day}-{serial:05d}"


def departments(connection: sa.Connection) -> list[str]:
    """The departments that people belong to."""
    column = accounts.c.department
    return list(connection.execute(sa.select(column).where(column != "").distinct().order_by(column)).scalars())


def follow(connection: sa.Connection, case_id: int, main_id: int) -> None:
    """What was merged into a case follows it into another, so that every reporter hears of the case that is worked on."""
    connection.execute(sa.update(casework).where(casework.c.main_id == case_id).values(main_id=main_id))


def by_number(connection: sa.Connection, number: str) -> int | None:
    """The id of the case with this number, or, where no case has it as its number, with this id at its source."""
    mine = connection.execute(sa.select(casework.c.case_id).where(casework.c.case_no == number)).scalar()
    if mine is not None:
        return int(mine)
    found = (
        connection.execute(sa.select(schema.cases.c.id).where(schema.cases.c.external_id == number).limit(2))
        .scalars()
        .all()
    )
    return int(found[0]) if len(found) == 1 else None


def tasks_of(connection: sa.Connection, case_id: int) -> list[dict[str, Any]]:
    """The tasks of departments summoned to a case, oldest first."""
    query = sa.select(tasks).where(tasks.c.case_id == case_id).order_by(tasks.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]

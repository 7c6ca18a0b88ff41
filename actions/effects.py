"""What each move changes beyond the state: one function a move; what is not in EFFECTS changes nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from actions.moving import deadlines_of
from actions.work import Work
from domain.actor import Actor
from domain.cases import LEVELS
from domain.fields import FIELDS
from domain.lifecycle import Move
from domain.measures import N_
from domain.refusal import Refused
from domain.workclock import add
from store import casework, names
from store.schema_work import return_visits, tasks

YEAR = 366 * 86_400
"""挂账 at most a year (domain handbook §2)."""


@dataclass
class Change:
    """One move being made. case: the row as it becomes. sheet: the same of the work. fields: cleaned.

    detail: ids and words for the step, no free text. ratings: told on a return visit (index in LEVELS).
    """

    connection: sa.Connection
    work: Work
    actor: Actor
    move: Move
    case: dict[str, Any]
    sheet: dict[str, Any]
    fields: dict[str, Any]
    now: int
    detail: dict[str, Any] = field(default_factory=dict)
    ratings: list[int] = field(default_factory=list)


def _responded(change: Change) -> None:
    """首次响应: the first time that a person accepts, comes or calls; it never starts again."""
    if change.case["first_response_at"] is None:
        change.case["first_response_at"] = change.now


def _limits(change: Change, fed: int | None = None) -> None:
    """Set the deadlines anew from the sheet; old and new stand in the step. fed: the deadline where a feed sets it."""
    old, found = change.case["due_at"], deadlines_of(change.work, change.connection, change.sheet)
    change.case["due_at"] = found["due_at"] if change.sheet["amount"] is not None else fed
    change.sheet |= {"warn_at": found["warn_at"], "escalate_at": found["escalate_at"]}
    if old != change.case["due_at"]:
        change.detail |= {"due_from": old, "due_to": change.case["due_at"]}


def _correct(change: Change) -> None:
    name = change.fields["category"]
    if name not in change.work.catalogue.by_name:
        raise Refused("invalid", N_("There is no such category; choose one of the list."))
    change.detail |= {"category_from": change.case["category"], "category_to": name}
    change.case["category_id"] = names.category_ids(change.connection, [name])[name]


def _merge(change: Change) -> None:
    number = change.fields["main"]
    main = casework.by_number(change.connection, number)
    row = None if main is None else casework.locked(change.connection, main)
    if row is None or main == change.case["id"] or not change.work.may_see(change.actor, row["area_id"]):
        raise Refused("invalid", N_("There is no other case with the number {number} in your areas."), number=number)
    state = casework.sheet_of(change.connection, row)["state"]
    if state in {"merged", "void", "refused"}:
        raise Refused("illegal", N_("The case {number} is no main case: it was ended without handling."), number=number)
    change.sheet["main_id"] = main
    change.detail["main"] = main
    casework.follow(change.connection, change.case["id"], main)


def _register(change: Change) -> None:
    condition = change.work.catalogue.of(change.case["category"]).condition(change.fields["condition"])
    if condition is None:
        raise Refused("invalid", N_("There is no such condition for this category; choose one of the list."))
    change.sheet |= {
        "condition": condition.name, "amount": condition.limit.amount, "unit": condition.limit.unit,
        "timed_from": change.now, "urgent": condition.limit.unit == "urgent_hours",
    }  # fmt: skip
    _limits(change)


def _require_known(change: Change, departments: Iterable[str]) -> None:
    """Nobody could take up what is given to a department that nobody belongs to."""
    known = {*change.work.catalogue.departments(casework.departments(change.connection)), change.case["department"]}
    if unknown := [each for each in departments if each not in known]:
        raise Refused("invalid", N_("There is no department {name}; choose one of the list."), name=unknown[0])


def _dispatch(change: Change) -> None:
    department = change.fields["department"]
    _require_known(change, [department])
    if department == change.sheet["returned_by"]:
        raise Refused(
            "illegal",
            N_("{department} has just returned it; choose another, or let the shift leader decide."),
            department=department,
        )
    change.sheet["department"] = change.case["department"] = department
    change.detail["department"] = department


def _arbitrate(change: Change) -> None:
    change.sheet |= {"returned_by": None, "bound": True}
    _dispatch(change)


def _accept(change: Change) -> None:
    change.sheet["handler"] = change.fields["handler"]
    change.detail["handler"] = change.fields["handler"]
    _responded(change)


def _return(change: Change) -> None:
    sheet = change.sheet
    sheet |= {
        "returns": sheet["returns"] + 1,
        "returned_by": sheet["department"],
        "department": None,
        "handler": None,
        "passed": None,
    }


def _finish(change: Change) -> None:
    change.sheet["passed"] = None


def _rework(change: Change) -> None:
    change.sheet |= {"reworks": change.sheet["reworks"] + 1, "passed": None}


def _check(change: Change) -> None:
    change.sheet["passed"] = change.fields["passed"] == "yes"
    change.detail["passed"] = change.sheet["passed"]


def _close(change: Change) -> None:
    change.case |= {"closed_at": change.now, "ended_at": change.now}
    change.sheet |= {"warn_at": None, "escalate_at": None}


def _suspend_ask(change: Change) -> None:
    until = change.fields["until"]
    if not change.now < until <= change.now + YEAR:
        raise Refused("invalid", N_("A hold ends within a year from now."))
    change.sheet |= {"asked": "hold", "asked_until": until}
    change.detail["until"] = until


def _suspend_approve(change: Change) -> None:
    change.sheet |= {
        "asked": None,
        "held_from": change.now,
        "held_to": change.sheet["asked_until"],
        "asked_until": None,
    }
    change.detail["until"] = change.sheet["held_to"]
    _limits(change, None)


def _resume(change: Change) -> None:
    change.sheet["held_to"] = min(change.sheet["held_to"] or change.now, change.now)
    _limits(change, _after_the_hold(change))


def _after_the_hold(change: Change) -> int | None:
    """The deadline that a feed had set, behind the hold: as long as was left is left again. The step knows what it was."""
    due: int | None = casework.detail_of(change.connection, change.case["id"], "suspend_approve").get("due_from")
    held_from, held_to = change.sheet["held_from"], change.sheet["held_to"]
    return due if due is None or due <= held_from else due + held_to - held_from


def _asked(word: str | None) -> Callable[[Change], None]:
    def set_asked(change: Change) -> None:
        change.sheet |= {"asked": word, "asked_until": None}

    return set_asked


def _extend(change: Change) -> None:
    change.sheet |= {"asked": None, "extensions": change.sheet["extensions"] + 1}
    _limits(change)


def _whistle(change: Change) -> None:
    _require_known(change, change.fields["departments"])
    due = add(change.work.calendar(change.connection), change.now, change.fields["hours"], "urgent_hours")
    open_now = {
        t["department"] for t in casework.tasks_of(change.connection, change.case["id"]) if t["done_at"] is None
    }
    summoned = [each for each in change.fields["departments"] if each not in open_now]
    if not summoned:
        raise Refused("illegal", N_("These departments are summoned already."))
    rows = [{"case_id": change.case["id"], "department": d, "made_at": change.now, "due_at": due} for d in summoned]
    change.connection.execute(sa.insert(tasks), rows)
    change.sheet["whistled"] = True
    change.detail |= {"departments": summoned, "due": due}


def _on_task(column: str) -> Callable[[Change], None]:
    def mark(change: Change) -> None:
        mine = (
            tasks.c.case_id == change.case["id"],
            tasks.c.department == change.actor.department,
            tasks.c.done_at.is_(None),
        )
        change.connection.execute(sa.update(tasks).where(*mine).values({column: change.now}))
        change.detail["department"] = change.actor.department
        if column == "arrived_at":
            _responded(change)

    return mark


def _score(change: Change) -> None:
    score = change.fields["score"]
    mine = (
        tasks.c.id == change.fields["task"],
        tasks.c.case_id == change.case["id"],
        tasks.c.done_at.isnot(None),
        tasks.c.score.is_(None),
    )
    if (
        score != int(score)
        or not change.connection.execute(sa.update(tasks).where(*mine).values(score=int(score))).rowcount
    ):
        raise Refused("invalid", N_("This department has no finished task to score."))
    change.detail |= {"task": change.fields["task"], "score": int(score)}


def _flag(name: str, **also: Any) -> Callable[[Change], None]:
    def set_flag(change: Change) -> None:
        change.sheet |= {name: True, **also}

    return set_flag


def _visit(change: Change) -> None:
    """Put a return visit on record; its rating counts like any other."""
    told: dict[str, Any] = {
        name: change.fields[name] == "yes" for name in ("reached", "contacted", "resolved") if name in change.fields
    }
    level = change.fields.get("level")
    if not told["reached"] and (level or len(told) > 1):
        raise Refused("invalid", N_("Who was not reached has told nothing; leave the other answers open."))
    row = {
        "case_id": change.case["id"], "at": change.now, "by_login": change.actor.login, "reached": told["reached"],
        "contacted": told.get("contacted"), "resolved": told.get("resolved"),
        "level": None if level is None else LEVELS.index(level),
    }  # fmt: skip
    change.connection.execute(sa.insert(return_visits).values(row))
    change.detail |= told
    if level:
        change.ratings.append(LEVELS.index(level))


def _reopen(change: Change) -> None:
    sheet = change.sheet
    if change.actor.role != "system":
        if "reached" not in change.fields:
            raise Refused("missing", N_("Please fill in: {field}."), field=FIELDS["reached"].label)
        _visit(change)
    sheet |= {
        "reopens": sheet["reopens"] + 1, "department": None, "handler": None, "passed": None, "returned_by": None,
        "bound": False, "returns": 0, "extensions": 0, "escalation": 0, "asked": None, "not_timed": False,
        "appealed": sheet["appealed"] and not sheet["asked"],
    }  # fmt: skip
    due, begun = change.case["due_at"], change.case["reported_at"]
    change.case |= {"closed_at": None, "ended_at": None}
    sheet["timed_from"] = change.now
    _limits(change, due and change.now + max(due - begun, 0))


EFFECTS: dict[str, Callable[[Change], None]] = {
    "confirm": _register, "answer_check": _responded, "correct": _correct, "merge": _merge, "register": _register, "dispatch": _dispatch,
    "arbitrate": _arbitrate, "accept": _accept, "return": _return, "finish": _finish, "rework": _rework, "check": _check,
    "close": _close, "refuse": _close, "suspend_ask": _suspend_ask, "suspend_approve": _suspend_approve,
    "suspend_refuse": _asked(None), "resume": _resume, "extend_ask": _asked("extension"),
    "extend_support": _asked("supported"), "extend_approve": _extend, "extend_refuse": _asked(None), "whistle": _whistle,
    "arrive": _on_task("arrived_at"), "task_done": _on_task("done_at"), "score": _score,
    "supervise": _flag("supervised"), "appeal": _flag("appealed", asked="appeal"),
    "appeal_grant": _flag("not_timed", asked=None), "appeal_refuse": _asked(None), "archive": _visit, "reopen": _reopen,
}  # fmt: skip

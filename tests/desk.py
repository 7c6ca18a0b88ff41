"""People, categories and photos for the tests of work on cases, in the town of tests.factories."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.move import Moved, move
from actions.report import Report, report
from actions.work import Work
from config_cases import Cases
from domain.actor import ROLES, SYSTEM, Actor
from domain.catalogue import Catalogue, Category, Condition, Limit
from domain.lifecycle import MOVES
from store import casework
from store.engine import read, write
from store.schema import cases
from store.schema_public import photos
from tests.factories import IN_A1, Town

CLEANING, PARKS, POLICE = "Cleaning", "Parks", "Police"
HOUR, DAY = 3_600, 86_400
HEAP, BAG = Condition("heap", Limit(4, "urgent_hours"), "It is gone"), Condition("bag", Limit(2, "work_days"))
CATALOGUE = Catalogue(
    (
        Category("Litter", department=CLEANING, group="Dirt", conditions=(HEAP, BAG)),
        Category("Manhole", department=PARKS, conditions=(Condition("open", Limit(2, "urgent_hours")),)),
        Category("Noise", department=POLICE),
    ),
    Condition("usual", Limit(5, "calendar_days")),
)
SECRET = b"0123456789abcdef0123456789abcdef"
FILLED: dict[str, Any] = {
    "category": "Manhole", "text": "seen again", "note": "a note", "reason": "a reason", "result": "swept",
    "finding": "exists", "passed": "yes", "condition": "heap", "close_condition": "It is gone", "department": CLEANING,
    "departments": [PARKS, POLICE], "handler": "handler", "hours": 2, "score": 4, "reached": "yes", "contacted": "yes",
    "resolved": "yes", "level": "satisfied",
}  # fmt: skip
"""A value for every field that needs to know nothing of the case."""
PATH = (
    ("register", "intake"), ("dispatch", "dispatcher"), ("accept", "handler"), ("finish", "handler"),
    ("check", "verifier"), ("close", "intake"), ("archive", "return_visitor"),
)  # fmt: skip
"""The straight way from a report to the archive."""


def person(role: str, department: str = CLEANING, areas: tuple[str, ...] = ("",), login: str = "") -> Actor:
    """Someone with this role; of the roles only handlers belong to a department."""
    if role == "system":
        return SYSTEM
    return Actor(login or role, role.title(), role, frozenset(areas), department if role == "handler" else "")


EVERYONE = (*ROLES, "public", "machine", "system")


def _next(sheet: dict[str, Any]) -> tuple[str, str]:
    """The step of the straight way that follows."""
    return next((n, r) for n, r in PATH if sheet["state"] in MOVES[n].states and (n != "check" or not sheet["passed"]))


class Desk:
    """The town with somebody at every desk; its clock is the town's."""

    def __init__(self, town: Town, folder: Path, **rules: Any) -> None:
        self.town = town
        self.work = Work(town.site, CATALOGUE, Cases(**rules), folder, SECRET)

    def report(self, role: str = "officer", **about: Any) -> int:
        """A new case in the grid A1; its id."""
        usual = {"category": "Litter", "text": "a heap", "channel": "walk", "longitude": IN_A1[0], "latitude": IN_A1[1]}
        return report(self.work, person(role), Report(**(usual | about)), now=self.town.now).case_id

    def detected(self, **about: Any) -> int:
        """A hazard that a machine has seen in the grid A1 an hour ago; its id."""
        seen = {
            "external_id": "seen-1",
            "status": "detected",
            "kind": "hazard",
            "category": "Litter",
            "title": "smoke",
            "channel": "视频",
        }
        self.town.take(seen | {"reported_at": self.town.now - HOUR} | about)
        query = "SELECT id FROM cases WHERE external_id = :id"
        return int(self.town.rows(query, id=about.get("external_id", "seen-1"))[0][0])

    def do(self, case_id: int, name: str, role: str, of: str = CLEANING, **fields: Any) -> Moved:
        """Make a move (of: the department of a handler) with everything that it asks for filled in, seen as the case is now."""
        actor = person(role, of)
        given = self.fields(name, actor, case_id) | fields
        return move(
            self.work, actor, case_id, name, given, version=self.sheet(case_id)["version"], now=self.town.now,
        )  # fmt: skip

    def walk(self, case_id: int, until: str) -> int:
        """Go on the straight way until a state is reached; the case."""
        while (sheet := self.sheet(case_id))["state"] != until:
            self.do(case_id, *_next(sheet))
        return case_id

    def fields(self, name: str, actor: Actor, case_id: int = 0) -> dict[str, Any]:
        """What the move asks for, filled in."""
        mine = {
            "until": self.town.now + DAY,
            "photos": self.photo, "before": self.photo, "after": self.photo, "main": lambda _who: self.other(case_id),
            "task": lambda _who: self.task(case_id),
        }  # fmt: skip
        asked = (*MOVES[name].asks, *(("reached",) if (name, actor.role) == ("reopen", "return_visitor") else ()))
        found = {key: mine.get(key, FILLED.get(key)) for key in asked if key != "place"}
        return {key: value(actor) if callable(value) else value for key, value in found.items()}

    def photo(self, actor: Actor) -> list[int]:
        """One loose photo of somebody."""
        row = {"digest": "0" * 64, "width": 4, "height": 3, "made_at": self.town.now, "made_by": actor.login}
        with write(self.town.engine) as connection:
            return [int(connection.execute(sa.insert(photos).values(row)).inserted_primary_key[0])]

    def other(self, case_id: int) -> str:
        """The number of another case, made when there is none."""
        query = (
            "SELECT case_no FROM casework WHERE case_id <> :me AND state NOT IN ('merged', 'void', 'refused') "
            "ORDER BY case_id LIMIT 1"
        )
        found = self.town.rows(query, me=case_id)
        return str(found[0][0]) if found else str(self.sheet(self.report())["case_no"])

    def task(self, case_id: int) -> int:
        """A finished task of a case that has no score yet; 0 when there is none."""
        query = "SELECT id FROM tasks WHERE case_id = :me AND done_at IS NOT NULL AND score IS NULL LIMIT 1"
        return next((row[0] for row in self.town.rows(query, me=case_id)), 0)

    def sheet(self, case_id: int) -> dict[str, Any]:
        """The sheet of a case."""
        with read(self.town.engine) as connection:
            return casework.sheet_of(connection, self._case(connection, case_id))

    def case(self, case_id: int) -> dict[str, Any]:
        """The row of a case."""
        with read(self.town.engine) as connection:
            return self._case(connection, case_id)

    def steps(self, case_id: int) -> list[str]:
        """The names of its steps in order."""
        return [
            row[0] for row in self.town.rows("SELECT move FROM case_steps WHERE case_id = :id ORDER BY id", id=case_id)
        ]

    @staticmethod
    def _case(connection: sa.Connection, case_id: int) -> dict[str, Any]:
        return dict(connection.execute(sa.select(cases).where(cases.c.id == case_id)).mappings().one())

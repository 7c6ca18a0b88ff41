"""Work as lists: what waits for a person, what they have handled, what falls due; and cases by stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

import sqlalchemy as sa

from domain.actor import Actor
from domain.lifecycle import OPEN, STAGES
from domain.scope import SITE, Scope
from store import worklists
from store.engine import read
from store.worklists import Worker
from views.reader import Reader

TABS = ("todo", "mine", "due", "done")
PAGE, TOP = 50, 20
END_DAYS = 30
"""The last column of the board holds what ended within so many days."""

Rows = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class WorkQuery:
    """What the address of a list of work asks for."""

    tab: str = TABS[0]
    area: str = SITE
    department: str = ""
    stage: str = ""
    words: str = ""
    page: int = 1

    def text(self, **changes: object) -> str:
        """The address of the same list with some changes; another choice begins at its first page."""
        values = {
            "tab": self.tab, "area": self.area, "department": self.department, "stage": self.stage, "q": self.words,
            "page": "1", **changes,
        }  # fmt: skip
        usual = {"tab": TABS[0], "page": "1"}
        pairs = [(key, str(value)) for key, value in values.items() if value and str(value) != usual.get(key)]
        return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True)
class WorkPage:
    """A page of a list of work: how many lie in each tab, the rows, how many pages there are."""

    counts: dict[str, int]
    rows: Rows
    page: int
    pages: int


@dataclass(frozen=True)
class Stage:
    """A stage of the board: how many cases stand in it, how many of them are overdue, the most urgent ones."""

    label: str
    total: int
    overdue: int
    rows: Rows


def parse_work(search: str) -> WorkQuery:
    """What an address asks for; what makes no sense falls back to its default."""
    given = parse_qs(search.removeprefix("?"), max_num_fields=50)

    def one(key: str) -> str:
        return given.get(key, [""])[-1].strip()[:100]

    page = one("page")
    return WorkQuery(
        tab=one("tab") if one("tab") in TABS else TABS[0],
        area=one("area") or SITE,
        department=one("department"),
        stage=one("stage") if one("stage") in STAGES else "",
        words=one("q"),
        page=int(page) if page.isdecimal() and len(page) < 6 and int(page) > 0 else 1,
    )


def worker(actor: Actor, most_returns: int) -> Worker:
    """Whose list an actor's is."""
    return Worker(actor.login, actor.role, actor.department, most_returns)


def inbox(reader: Reader, who: Worker, scope: Scope, asked: WorkQuery, now: int) -> WorkPage:
    """The page of the tab that is asked for, and how many each tab holds, counted by SQL."""
    ranges = reader.areas.ranges(scope, asked.area)
    own = sa.or_(worklists.todo(who), sa.and_(worklists.touched(who), worklists.is_open()))
    mine = worklists.is_open() if who.role in worklists.SEES_ALL else own
    parts: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
        "todo": (worklists.todo(who),),
        "mine": (worklists.touched(who), worklists.is_open()),
        "due": (mine, worklists.falls_due(now)),
        "done": (worklists.touched(who), sa.not_(worklists.is_open())),
    }
    works = {tab: worklists.Work(parts[tab], ranges, asked.words, newest_first=tab == "done") for tab in TABS}
    with read(reader.engine) as connection:
        counts = {tab: worklists.count(connection, work) for tab, work in works.items()}
        page, pages = _page(asked.page, counts[asked.tab])
        found = worklists.rows(connection, works[asked.tab], offset=(page - 1) * PAGE, limit=PAGE)
        return WorkPage(counts, tuple(dict(row) for row in found), page, pages)


def todo_count(reader: Reader, who: Worker, scope: Scope) -> int:
    """How much waits for a person."""
    with read(reader.engine) as connection:
        return worklists.count(connection, worklists.Work((worklists.todo(who),), reader.areas.ranges(scope)))


def stages(reader: Reader, scope: Scope, asked: WorkQuery, now: int) -> tuple[Stage, ...]:
    """Every stage with its counts and its most urgent cases."""
    ranges, more = reader.areas.ranges(scope, asked.area), _narrowed(asked)
    with read(reader.engine) as connection:
        standing = worklists.by_state(connection, worklists.Work((worklists.is_open(), *more), ranges), now)
        found = []
        for label in STAGES:
            work = _in_stage(asked, label, ranges, now)
            told = [standing.get(state, (0, 0)) for state in STAGES[label] if state in OPEN]
            total = sum(n for n, _late in told) if told else worklists.count(connection, work)
            top = worklists.rows(connection, work, offset=0, limit=TOP)
            found.append(Stage(label, total, sum(late for _n, late in told), tuple(dict(row) for row in top)))
        return tuple(found)


def stage_page(reader: Reader, scope: Scope, asked: WorkQuery, now: int) -> WorkPage:
    """One stage whole, page by page."""
    work = _in_stage(asked, asked.stage, reader.areas.ranges(scope, asked.area), now)
    with read(reader.engine) as connection:
        total = worklists.count(connection, work)
        page, pages = _page(asked.page, total)
        found = worklists.rows(connection, work, offset=(page - 1) * PAGE, limit=PAGE)
        return WorkPage({asked.stage: total}, tuple(dict(row) for row in found), page, pages)


def open_departments(reader: Reader, scope: Scope) -> list[str]:
    """The departments that open cases name, as far as the scope may see them."""
    with read(reader.engine) as connection:
        return worklists.departments(connection, reader.areas.ranges(scope))


def _in_stage(asked: WorkQuery, label: str, ranges: tuple[tuple[int, int], ...], now: int) -> worklists.Work:
    states: Sequence[str] = [state for state in STAGES[label] if state in OPEN]
    part = worklists.in_states(states) if states else worklists.ended_since(now - END_DAYS * 86_400)
    return worklists.Work((part, *_narrowed(asked)), ranges, newest_first=not states)


def _narrowed(asked: WorkQuery) -> tuple[sa.ColumnElement[bool], ...]:
    return (worklists.of_department(asked.department),) if asked.department else ()


def _page(asked: int, total: int) -> tuple[int, int]:
    """(page, pages): a page beyond the last is the last."""
    pages = max(1, -(-total // PAGE))
    return min(asked, pages), pages

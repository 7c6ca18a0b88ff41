"""The answers behind the three rates of an area and a period."""

from collections.abc import Callable, Sequence

from domain.cases import LEVELS
from domain.filters import Filter
from domain.periods import Period
from domain.scope import Scope
from domain.threerates import Answers
from store.answers import Given, of_cases, of_surveys
from store.engine import read
from views.reader import Moment, Reader

_COUNTED = ("closed", "rated", "satisfied", "basically")
_SATISFIED, _BASICALLY = LEVELS.index("satisfied"), LEVELS.index("basically")


def answers(reader: Reader, moment: Moment, scope: Scope, period: Period, area: str) -> Answers:
    """Of the cases of an area closed in a period, and of the surveys of it that name no case."""
    totals = moment.snapshot.totals(_COUNTED, period.first, period.last, moment.slice(scope, Filter(period, area)))
    start, end = moment.zone.start(period.first), moment.zone.start(period.last + 1)
    with read(reader.engine) as connection:
        ranges = moment.areas.ranges(scope, area)
        told, surveys = (find(connection, start, end, ranges) for find in (of_cases, of_surveys))
    every = [*told, *surveys]
    return Answers(
        closed=totals["closed"],
        asked_contact=_sum(every, lambda contacted, *_: contacted is not None),
        contacted=_sum(every, lambda contacted, *_: contacted is True),
        asked_solved=_sum(every, lambda _contacted, solved, _level: solved is not None),
        resolved=_sum(every, lambda _contacted, solved, _level: solved is True),
        rated=totals["rated"] + _sum(surveys, lambda *_: True),
        satisfied=totals["satisfied"] + _sum(surveys, lambda *given: given[2] == _SATISFIED),
        basically=totals["basically"] + _sum(surveys, lambda *given: given[2] == _BASICALLY),
        surveys=_sum(surveys, lambda *_: True),
        surveys_contact=_sum(surveys, lambda contacted, *_: contacted is not None),
        surveys_solved=_sum(surveys, lambda _contacted, solved, _level: solved is not None),
    )


def _sum(rows: Sequence[Given], wanted: Callable[[bool | None, bool | None, int | None], bool]) -> int:
    return sum(row[3] for row in rows if wanted(*row[:3]))

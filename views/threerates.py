"""The answers behind the three rates of an area and a period."""

from dataclasses import asdict

from domain.cases import LEVELS
from domain.filters import Filter
from domain.periods import Period
from domain.scope import Scope
from domain.threerates import Answers
from store.answers import survey_levels, visits
from store.engine import read
from views.reader import Moment, Reader

_COUNTED = ("closed", "rated", "satisfied", "basically")


def answers(reader: Reader, moment: Moment, scope: Scope, period: Period, area: str) -> Answers:
    """Of the cases of an area closed in a period, and of the surveys of it that name no case."""
    totals = moment.snapshot.totals(_COUNTED, period.first, period.last, moment.slice(scope, Filter(period, area)))
    start, end = moment.zone.start(period.first), moment.zone.start(period.last + 1)
    with read(reader.engine) as connection:
        ranges = moment.areas.ranges(scope, area)
        surveys, visited = survey_levels(connection, start, end, ranges), visits(connection, start, end, ranges)
    asked = sum(surveys.values())
    return Answers(
        closed=totals["closed"],
        rated=totals["rated"] + asked,
        satisfied=totals["satisfied"] + surveys.get(LEVELS.index("satisfied"), 0),
        basically=totals["basically"] + surveys.get(LEVELS.index("basically"), 0),
        surveys=asked,
        **asdict(visited),
    )

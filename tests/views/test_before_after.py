"""Before and after a launch: every number beside plain Python over the cases themselves."""

import math
import random
import statistics
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.fold_responses import fold_responses
from domain.cases import LEVELS
from domain.periods import SiteZone
from domain.scope import Scope
from store.counts.reader import Counts
from tests.factories import IN_A1, IN_A2, IN_B1, ZONE, Town
from views.before_after import FIGURES, Spread, before_after, effective_n, mean_of_means_interval
from views.outcome_query import parse_outcomes
from views.reader import Reader

SITE = Scope.site("viewer")
HERE = ZoneInfo(ZONE)
MONTHS = ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
SEARCH = f"?months={MONTHS[0]}..{MONTHS[-1]}&launch=2026-07"
POINTS = {"A1": IN_A1, "A2": IN_A2, "B1": IN_B1}


def some_cases(seed: int, n: int = 240) -> list[dict]:
    """Cases of half a year: both kinds, answered and not, closed and not, rated and not."""
    dice = random.Random(seed)
    found = []
    for number in range(n):
        at = datetime(2026, 4, 20, tzinfo=HERE) + timedelta(seconds=dice.randrange(180 * 86_400))
        closed = at + timedelta(hours=dice.randrange(1, 400)) if dice.random() < 0.8 else None
        place = dice.choice(list(POINTS))
        found.append(
            {
                "external_id": str(number),
                "reported_at": at.timestamp(),
                "kind": dice.choice(["problem", "hazard"]),
                "status": "closed" if closed else dice.choice(["handling", "void"]),
                "closed_at": closed.timestamp() if closed else None,
                "first_response_at": at.timestamp() + dice.randrange(600, 400_000) if dice.random() < 0.7 else None,
                "online": dice.choice([True, False, None]),
                "longitude": POINTS[place][0],
                "latitude": POINTS[place][1],
                "_place": place,
                "_level": dice.choice([*LEVELS, None]) if closed else None,
            }  # fmt: skip  # noqa: RUF028
        )
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[tuple[Town, list[dict], Reader]]:
    town = Town(f"sqlite:///{tmp_path_factory.mktemp('outcome')}/store.db")
    made = some_cases(11)
    town.take(*({k: v for k, v in case.items() if not k.startswith("_")} for case in made))
    town.rate(
        *(
            {"external_id": f"r{c['external_id']}", "case": c["external_id"], "level": c["_level"]}
            for c in made
            if c["_level"]
        )
    )
    counts = Counts(town.engine, town.site.areas, tmp_path_factory.mktemp("counts"))
    yield town, made, Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)
    town.close()


def month_of(epoch):
    return datetime.fromtimestamp(epoch, HERE).strftime("%Y-%m")


def plain(made, area, month):
    """(value, rows) of each figure by the words of the handbook."""
    mine = [c for c in made if c["_place"].startswith(area) and c["status"] != "void"]
    reported = [c for c in mine if month_of(c["reported_at"]) == month]
    closed = [c for c in mine if c["closed_at"] and month_of(c["closed_at"]) == month and c["_level"]]
    waits = [c["first_response_at"] - c["reported_at"] for c in reported if c["first_response_at"]]
    good = sum({"satisfied": 1, "basically": 0.9, "dissatisfied": 0}[c["_level"]] for c in closed)
    known = [c["online"] for c in reported if c["kind"] == "problem" and c["online"] is not None]
    problems, hazards = (sum(c["kind"] == kind for c in reported) for kind in ("problem", "hazard"))
    return {
        "reported": (problems, problems), "hazards": (hazards, hazards),
        "response": (statistics.mean(waits) / 86_400 if waits else None, len(waits)),
        "satisfaction": (100 * good / len(closed) if closed else None, len(closed)),
        "online_rate": (100 * sum(known) / len(known) if known else None, len(known)),
    }  # fmt: skip


@pytest.mark.parametrize("area", ["", "A", "A2", "B1"])
def test_every_month_and_side_equals_plain_python(world, area):
    _town, made, reader = world
    moment = reader.moment()
    found = before_after(reader, moment, SITE, parse_outcomes(f"{SEARCH}&area={area}", moment, paper=False))
    for shown in found.figures:
        name = shown.kpi.name
        expected = [plain(made, area, m)[name] for m in MONTHS]
        assert [c.rows for c in shown.cells] == [rows for _value, rows in expected]
        for cell, (value, _rows) in zip(shown.cells, expected, strict=True):
            assert cell.value == (None if value is None else pytest.approx(value))
        for side, part in ((shown.before, expected[:2]), (shown.after, expected[2:])):
            assert side.rows == sum(rows for _value, rows in part)
            values = [value for value, _rows in part if value is not None]
            if name == "online_rate":
                whole = sum(value * rows for value, rows in part if rows)
                assert side.value == (pytest.approx(whole / side.rows) if side.rows else None)
            elif values:  # two months before and three after: counts are means of months, too
                assert side.value == pytest.approx(statistics.mean(values))


def test_sides_of_one_length_add_up_counts(world):
    _town, made, reader = world
    moment = reader.moment()
    found = before_after(
        reader, moment, SITE, parse_outcomes("?months=2026-05..2026-08&launch=2026-07", moment, paper=False)
    )
    reported = found.of("reported")
    assert reported.before.value == sum(plain(made, "", m)["reported"][0] for m in MONTHS[:2])
    assert reported.change == pytest.approx(100 * (reported.after.value / reported.before.value - 1))


def test_medians_are_a_dash_until_they_are_folded_and_exact_then(world):
    town, made, reader = world
    moment = reader.moment()
    wanted = parse_outcomes(f"{SEARCH}&area=A", moment, paper=False)
    before = before_after(reader, moment, SITE, wanted)
    assert (before.medians, before.folded) == ((None,) * 5, False)
    assert before.of("response").before.interval is None
    fold_responses(town.site, reader.counts, MONTHS)
    after = before_after(reader, moment, SITE, wanted)
    assert after.folded
    for month, median in zip(MONTHS, after.medians, strict=True):
        waits = [
            c["first_response_at"] - c["reported_at"]
            for c in made
            if c["_place"].startswith("A") and c["status"] != "void" and c["first_response_at"]
            if month_of(c["reported_at"]) == month
        ]
        assert median == pytest.approx(statistics.median(waits) / 86_400)
    side = after.of("response").before
    assert side.interval.low < side.value < side.interval.high


def test_who_sees_a_part_is_shown_no_median_of_the_whole(world):
    town, _made, reader = world
    fold_responses(town.site, reader.counts, MONTHS)
    moment = reader.moment()
    found = before_after(reader, moment, Scope(frozenset({"A"}), "viewer"), parse_outcomes(SEARCH, moment, paper=False))
    assert found.medians == (None,) * 5


def test_intervals_hold_their_value_and_shrink_with_more_cases(world):
    _town, _made, reader = world
    moment = reader.moment()
    found = before_after(reader, moment, SITE, parse_outcomes(SEARCH, moment, paper=False))
    for name in FIGURES:
        for side in (found.of(name).before, found.of(name).after):
            if side.interval:
                assert side.interval.low <= side.value <= side.interval.high


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12))
def test_a_mean_of_months_is_worth_no_more_than_all_its_cases(sizes):
    assert effective_n(sizes) <= sum(sizes) + 1e-6
    assert effective_n([7] * len(sizes)) == pytest.approx(7 * len(sizes))


@given(st.lists(st.lists(st.integers(1, 10**6), min_size=2, max_size=9), min_size=1, max_size=5))
def test_the_interval_of_a_mean_of_means_is_that_of_independent_months(months):
    spreads = [Spread(len(m), sum(m), float(sum(x * x for x in m)), None) for m in months]
    found = mean_of_means_interval(spreads, len(months))
    mean = statistics.mean(statistics.mean(m) for m in months)
    error = math.sqrt(sum(statistics.variance(m) / len(m) for m in months)) / len(months)
    assert found.low * 86_400 == pytest.approx(max(0, mean - 1.959963984540054 * error), rel=1e-5, abs=2)
    assert found.high * 86_400 == pytest.approx(mean + 1.959963984540054 * error, rel=1e-5, abs=2)


def test_no_interval_is_made_of_a_month_with_one_answer_or_none():
    assert mean_of_means_interval([Spread(1, 5, 25.0, 5.0)], 1) is None
    assert mean_of_means_interval([Spread(3, 6, 14.0, 2.0)], 2) is None

"""Every figure = the list it opens, counted by SQL = plain Python; and what is drawn of it sums up to it."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from domain.filters import Filter
from domain.measures import KPIS, SECONDS_A_DAY
from domain.periods import Period, SiteZone, buckets
from domain.scope import Scope
from store.counts.reader import Counts
from store.engine import read
from tests.factories import NOW, ZONE, Town
from tests.oracle import sums
from tests.store.test_listings import all_rows, belongs, random_case, random_rating
from views import figures
from views.caselist import case_total
from views.reader import Reader

DAY = SiteZone(ZONE).day(NOW)
SCOPES = (Scope.site("test"), *(Scope(frozenset(areas), "test") for areas in (["A"], ["B1", "A2"], [])))
AREAS = ("", "A", "B", "A1", "B2", "nowhere")
MEMBERS = {"A": {"A", "A1", "A2"}, "B": {"B", "B1", "B2"}}
ALL = {"", "A", "A1", "A2", "B", "B1", "B2"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def town(request, tmp_path_factory):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('figures')}/store.db"
    else:
        url = request.getfixturevalue("postgres_server")()
    town, draw = Town(url), random.Random(5)
    for source in ("one", "two"):
        town.take(*(random_case(draw, f"{source}-{i}") for i in range(200)), source=source)
        rated = draw.sample(range(200), 90)
        town.rate(*(random_rating(draw, source, i) for i in rated))
    yield town
    town.close()


@pytest.fixture(scope="module")
def reader(town, tmp_path_factory) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path_factory.mktemp("counts"))
    return Reader(town.engine, counts, town.site.areas, town.site.zone, lambda: town.now)


@pytest.fixture(scope="module")
def cases(town) -> list[dict[str, Any]]:
    """Every case with the code of its area."""
    return [row | {"area": town.site.areas.code[row["position"]]} for row in all_rows(town)]


def random_filter(draw: random.Random) -> Filter:
    def some(values) -> tuple[str, ...]:
        return tuple(draw.sample(values, draw.randint(1, len(values)))) if draw.random() < 0.4 else ()

    first = DAY - draw.randrange(45)
    return Filter(
        Period(first, draw.randint(first, DAY)), draw.choice(AREAS), some(["problem", "hazard"]),
        some(["Litter", "Noise", "100% odd_", "unheard of"]), some(["one", "two"]),
    )  # fmt: skip


def visible(scope: Scope, area: str) -> set[str]:
    """Codes of the areas below `area` that the scope may see."""

    def below(code: str) -> set[str]:
        return ALL if code == "" else MEMBERS.get(code, {code} & ALL)

    return below(area) & set().union(*(below(code) for code in scope.areas))


def within(case: dict[str, Any], scope: Scope, chosen: Filter, kind: str | None) -> bool:
    names = ("problem", "hazard")
    return (
        case["area"] in visible(scope, chosen.area)
        and names[case["kind"]] in (chosen.kinds or names)
        and names[case["kind"]] in ([kind] if kind else names)
        and case["category"] in (chosen.categories or [case["category"]])
        and case["source"] in (chosen.sources or [case["source"]])
    )


def truth(cases: list[dict[str, Any]], scope: Scope, chosen: Filter, name: str) -> tuple[float | None, int]:
    """Value and rows of a figure, in plain Python."""
    kpi = KPIS[name]
    mine = [case for case in cases if within(case, scope, chosen, kpi.kind)]
    zone = SiteZone(ZONE)
    start, end = zone.start(chosen.period.first), zone.start(chosen.period.last + 1)
    rows = [case for case in mine if belongs(case, kpi.listing, start, end)]
    n = len(rows)
    share = {
        "on_time_rate": lambda: 100 * sum(not case["overdue"] for case in rows) / n,
        "response": lambda: sum(c["first_response_at"] - c["reported_at"] for c in rows) / n / SECONDS_A_DAY,
        "satisfaction": lambda: sum({0: 100, 1: 90, 2: 0}[case["level"]] for case in rows) / n,
        "online_rate": lambda: 100 * sum(bool(case["online"]) for case in rows) / n,
    }
    return ((share[name]() if n else None), n) if name in share else (n, n)


@pytest.mark.parametrize("name", KPIS)
def test_a_figure_is_its_list_and_the_truth(reader, cases, name):
    draw, moment, seen = random.Random(f"figure {name}"), reader.moment(), 0
    for _ in range(40):
        scope, chosen = draw.choice(SCOPES), random_filter(draw)
        found = figures.figure(reader, moment, scope, chosen, name)
        value, rows = truth(cases, scope, chosen, name)
        listed = case_total(reader, moment.wanted(scope, chosen, KPIS[name]))
        assert found.rows == listed == rows, (scope, chosen)
        assert found.value == pytest.approx(value), (scope, chosen)
        old, old_rows = truth(cases, scope, chosen.before(), name)
        assert (found.previous, found.previous_rows) == (pytest.approx(old), old_rows), (scope, chosen)
        assert found.change == (None if value is None or old is None else pytest.approx(value - old))
        seen += rows
    assert seen > 20


@pytest.mark.parametrize("name", KPIS)
def test_the_points_of_a_trend_are_the_figures_of_their_days(reader, cases, name):
    draw, moment = random.Random(f"trend {name}"), reader.moment()
    for days in (1, 7, 31, 40, 400):
        scope, chosen = draw.choice(SCOPES), replace(random_filter(draw), period=Period(DAY - days + 1, DAY))
        points = figures.trend(reader, moment, scope, chosen, name)
        assert tuple(point.period for point in points) == buckets(chosen.period)
        for point in points:
            value, rows = truth(cases, scope, replace(chosen, period=point.period), name)
            assert (point.value, point.rows) == (pytest.approx(value), rows), (scope, chosen, point)
            listed = replace(chosen, period=point.period)
            assert rows == case_total(reader, moment.wanted(scope, listed, KPIS[name]))
            assert point.finished == (point.period.last < DAY)
        old = figures.trend(reader, moment, scope, chosen.before(), name)
        expected = [None] * (len(points) - len(old)) + [point.value for point in old[-len(points) :]]
        assert [point.previous for point in points] == pytest.approx(expected)
        if not KPIS[name].stock:
            assert sum(p.rows for p in points) == figures.figure(reader, moment, scope, chosen, name).rows


@pytest.mark.parametrize("level", ["community", "grid"])
@pytest.mark.parametrize("name", KPIS)
def test_the_colours_of_a_map_are_the_figures_of_their_areas(reader, cases, name, level):
    draw, moment = random.Random(f"map {name} {level}"), reader.moment()
    codes = {"community": ("A", "B"), "grid": ("A1", "A2", "B1", "B2")}[level]
    for _ in range(6):
        scope, chosen = draw.choice(SCOPES), random_filter(draw)
        found = figures.map_values(reader, moment, scope, chosen, name, level)
        assert found.codes == tuple(code for code in codes if visible(scope, code) == visible(SCOPES[0], code))
        for code, value, rows in zip(found.codes, found.values, found.rows, strict=True):
            expected, n = truth(cases, scope, replace(chosen, area=code), name)
            assert rows == n
            assert value is None or value == pytest.approx(expected)
            assert value is not None or expected is None or not any(c["area"] in visible(scope, code) for c in cases)
        known = [value for value in found.values if value is not None]
        assert list(found.breaks) == sorted(set(found.breaks))
        assert not known or found.breaks[0] <= min(known)


@pytest.mark.parametrize("name", KPIS)
def test_what_is_on_the_map_and_what_is_off_it_is_the_figure(reader, cases, name):
    draw, moment, kpi = random.Random(f"off {name}"), reader.moment(), KPIS[name]
    for _ in range(10):
        scope, chosen = draw.choice(SCOPES), random_filter(draw)
        off = figures.off_map(moment, scope, chosen, kpi)
        wanted = moment.wanted(scope, chosen, kpi)
        assert off == {each: case_total(reader, replace(wanted, placings=(each,))) for each in off}
        on_map = case_total(reader, replace(wanted, placings=("here",)))
        assert on_map + sum(off.values()) == figures.figure(reader, moment, scope, chosen, name).rows


def test_categories_sum_up_to_all_cases_reported(reader, cases):
    draw, moment, zone = random.Random("categories"), reader.moment(), SiteZone(ZONE)
    for limit in (1, 2, 10) * 5:
        scope, chosen = draw.choice(SCOPES), random_filter(draw)
        found = figures.top_categories(reader, moment, scope, chosen, limit)
        count = [
            Counter(
                case["category"] for case in cases if within(case, scope, each, None)
                and belongs(case, "reported", zone.start(each.period.first), zone.start(each.period.last + 1))
            )
            for each in (chosen, chosen.before())
        ]  # fmt: skip
        named = [row for row in found if row.name]
        assert [(row.n, row.previous) for row in named] == [tuple(c[row.name] for c in count) for row in named]
        assert len(named) <= limit and [row.n for row in named] == sorted((row.n for row in named), reverse=True)
        assert sum(row.n for row in found) == count[0].total()
        assert not found or found[-1].name or limit < len(count[0])


def test_the_counts_behind_the_figures_are_those_of_the_rows(reader, cases):
    moment = reader.moment()
    everything = moment.slice(SCOPES[0], Filter(Period(DAY - 400, DAY + 400)))
    expected: Counter[str] = Counter()
    for (measure, _day), n in sums(cases, ZONE).items():
        expected[measure] += n
    found = moment.snapshot.totals(list(expected), None, DAY + 400, everything)
    assert found == dict(expected)


def test_no_scope_sees_nothing(reader):
    moment, nobody = reader.moment(), Scope.nothing()
    chosen = Filter(Period(DAY - 100, DAY))
    for name in KPIS:
        assert figures.figure(reader, moment, nobody, chosen, name).rows == 0
        assert figures.map_values(reader, moment, nobody, chosen, name, "grid").codes == ()
        assert set(figures.off_map(moment, nobody, chosen, KPIS[name]).values()) == {0}
    assert figures.top_categories(reader, moment, nobody, chosen, 5) == ()


def test_figures_that_are_equal_questions_are_answered_once_until_something_changes(town, reader):
    chosen = Filter(Period(DAY - 10, DAY), sources=("three",))
    with read(town.engine) as connection:
        before = connection.execute(sa.text("SELECT count(*) FROM cases")).scalar_one()
    first = figures.figure(reader, reader.moment(), SCOPES[0], chosen, "cases")
    assert figures.figure(reader, reader.moment(), SCOPES[0], chosen, "cases") is first and first.rows == 0
    town.take({"external_id": "new"}, source="three")
    try:
        assert figures.figure(reader, reader.moment(), SCOPES[0], chosen, "cases").rows == 1
    finally:
        town.take({"external_id": "new", "status": "void"}, source="three")
    assert before > 0

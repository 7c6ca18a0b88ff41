"""Boston and Los Angeles through the command line: every figure is what pandas finds in the published file."""

from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from domain.filters import Filter
from domain.measures import KPIS
from domain.periods import Period, month
from domain.scope import Scope
from store.engine import read
from tests.commands import cities
from tests.commands.program import Program
from views.figures import off_map
from views.outcomes import outcome_months

SITE = Scope.site("test")


def kpi(program: Program, months: list[str], *more: str) -> dict[str, dict[str, Any]]:
    rows = program.told("kpi", "--months", f"{months[0]}..{months[-1]}", "--json", *more)
    return {row.pop("month"): row for row in rows}


def table(months: dict[str, dict[str, int]]) -> dict[str, dict[str, Any]]:
    """What `kpi` should print of these months, the total included."""
    total = {name: sum(month[name] for month in months.values()) for name in ("reported", "closed")}
    return {name: cities.COUNTED_NOTHING | row for name, row in {**months, "total": total}.items()}


@pytest.fixture(scope="session")
def kept_boston(shared_data) -> pd.DataFrame:
    return cities.kept_boston(shared_data)


def test_boston_comes_in_whole_and_its_contradictions_go_to_quarantine(boston, kept_boston):
    _, (said,) = boston
    assert (said["read"], said["kept"], said["unchanged"], said["empty"]) == (121_145, 120_948, 0, 0)
    assert said["reasons"] == {"closed_before_reported": 197} and said["quarantined"] == 197
    assert len(kept_boston) == said["kept"]


def test_a_second_import_of_boston_changes_nothing(boston):
    program, _ = boston
    house = program.house()
    tables = ("cases", "case_steps", "quarantine", "count_batch")

    def rows() -> list[int]:
        with read(house.engine) as connection:
            return [connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables]

    before = rows()
    (said,) = program.told("sync", "--once", "--json")
    assert (said["read"], said["kept"], said["unchanged"], said["quarantined"]) == (121_145, 0, 120_948, 197)
    assert rows() == before and before[2] == 197
    house.engine.dispose()


def test_boston_s_pinned_requests_are_off_the_map_and_said_so(boston, kept_boston):
    program, _ = boston
    house = program.house()
    year = Filter(Period(month("2015-01").first, month("2015-12").last))
    said = off_map(house.reader.moment(), SITE, year, KPIS["cases"])
    assert said["pin"] == kept_boston["pin"].sum() == 17_064
    with read(house.engine) as connection:
        query = sa.text('SELECT count(*), count(longitude) FROM cases WHERE "placing" = 3')
        assert tuple(connection.execute(query).one()) == (17_064, 17_064)  # they keep their coordinates
    house.engine.dispose()


def test_every_monthly_figure_of_boston_is_that_of_pandas(boston, kept_boston):
    program, _ = boston
    months = cities.by_month(kept_boston)
    assert kpi(program, list(months)) == table(months)


def test_every_monthly_figure_of_every_neighbourhood_of_boston_is_that_of_shapely_and_pandas(
    boston, kept_boston, shared_data
):
    program, _ = boston
    house, months = program.house(), list(cities.by_month(kept_boston))
    moment = house.reader.moment()
    for code, inside in cities.neighbourhoods(shared_data, kept_boston).items():
        expected = {name: {"reported": 0, "closed": 0} for name in months}
        expected |= cities.by_month(inside) if len(inside) else {}
        found = outcome_months(house.reader, moment, SITE, months, code)
        assert {m.month: {"reported": m.reported, "closed": m.closed} for m in found} == expected, code
    house.engine.dispose()


def test_the_figures_of_one_neighbourhood_can_be_asked_for(imported, kept_boston, shared_data):
    program, _ = imported("boston")
    code, inside = max(cities.neighbourhoods(shared_data, kept_boston).items(), key=lambda each: len(each[1]))
    months = cities.by_month(inside)
    assert kpi(program, list(months), "--area", code) == table(months)


def test_counts_verify_holds_after_the_imports_of_boston(boston):
    program, _ = boston
    ran = program.run("counts", "verify")
    assert (ran.code, ran.out, ran.err) == (0, "counts: verified\n", "")


def test_every_row_of_los_angeles_is_kept_or_in_quarantine(los_angeles, shared_data):
    _, said = los_angeles
    assert [line["source"] for line in said] == [f"la-311-{name}" for name in cities.LA]
    for line, name in zip(said, cities.LA, strict=True):
        given = cities.raw(shared_data / f"events_la_311_{name}.csv.gz")
        assert line["read"] == len(given) == line["kept"] + line["unchanged"] + line["quarantined"]
        assert set(line["reasons"]) <= {"closed_before_reported", "closed_without_date"}


@pytest.mark.parametrize("export", cities.LA)
def test_every_monthly_figure_of_an_export_of_los_angeles_is_that_of_pandas(los_angeles, shared_data, export):
    program, _ = los_angeles
    house, expected = program.house(), cities.by_month(cities.kept_los_angeles(shared_data, export))
    moment = house.reader.moment()
    for name, row in expected.items():
        chosen = Filter(month(name), sources=(f"la-311-{export}",))
        found = {
            measure: moment.snapshot.totals(
                [measure], chosen.period.first, chosen.period.last, moment.slice(SITE, chosen)
            )
            for measure in ("reported", "closed")
        }
        assert {key: n for totals in found.values() for key, n in totals.items()} == row, name
    house.engine.dispose()


def test_every_monthly_figure_of_los_angeles_is_that_of_pandas(los_angeles, shared_data):
    program, _ = los_angeles
    months = cities.summed([cities.by_month(cities.kept_los_angeles(shared_data, name)) for name in cities.LA])
    assert kpi(program, list(months)) == table(months)


def test_counts_verify_holds_after_the_import_of_los_angeles(los_angeles):
    program, _ = los_angeles
    assert program.run("counts", "verify").code == 0

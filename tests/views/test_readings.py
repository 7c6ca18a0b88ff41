"""Readings as pages show them: last values and histories, against pandas, nobody else's, and gaps as gaps."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from actions.fold_readings import fold_readings
from domain.periods import SiteZone
from domain.scope import Scope
from store.counts.reader import Counts
from store.engine import read
from store.schema_sensors import sensors
from tests.actions.test_take_readings import BEGIN, describe, take
from tests.factories import ZONE, Town
from views.reader import Reader
from views.readings import MOST_STEPS, history, last_values

SITE, ONLY_A, ONLY_B = Scope.site("viewer"), Scope(frozenset({"A"}), "viewer"), Scope(frozenset({"B"}), "viewer")
HOUR, DAY = 3_600, 86_400
ROWS = [(at, float(at % 97)) for at in (0, 20, 50, 70, 4 * HOUR, 5 * HOUR + 1, 30 * HOUR, 30 * HOUR + 59, 100 * HOUR)]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def town(request, tmp_path_factory) -> Iterator[Town]:
    postgres = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    url = postgres() if postgres else f"sqlite:///{tmp_path_factory.mktemp('readings')}/store.db"
    made = Town(url)
    describe(made, "a", "silent")
    take(made, *(("a", at, value) for at, value in ROWS), ("b", 0, 7.0))
    fold_readings(made.site)
    yield made
    made.close()
    if postgres:
        postgres.drop(url)


@pytest.fixture(scope="module")
def reader(town, tmp_path_factory) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path_factory.mktemp("counts"))
    return Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)


def sensor(town, name: str) -> int:
    with read(town.engine) as connection:
        return connection.execute(sa.select(sensors.c.id).where(sensors.c.external_id == name)).scalar_one()


def test_the_last_value_of_each_measure_is_told_with_its_unit_and_place(reader):
    told = {row["external_id"]: row for row in last_values(reader, SITE)}
    assert (told["a"]["value"], told["a"]["at"], told["a"]["unit"]) == (ROWS[-1][1], BEGIN + ROWS[-1][0], "m")
    assert (told["a"]["type"], told["a"]["name"], told["a"]["source"]) == ("level", "A", "stations")
    assert (told["silent"]["at"], told["silent"]["measure"]) == (None, None)
    assert (told["b"]["type"], told["b"]["value"]) == (None, 7.0)


def test_of_an_area_and_of_a_type_only_those_are_told(reader):
    assert {row["external_id"] for row in last_values(reader, SITE, area="A1")} == {"a", "silent"}
    assert {row["external_id"] for row in last_values(reader, SITE, kind="level")} == {"a", "silent"}
    assert last_values(reader, SITE, kind="smoke") == last_values(reader, SITE, area="nowhere") == ()


def test_nobody_sees_sensors_of_foreign_areas(town, reader):
    number = sensor(town, "a")
    assert {row["external_id"] for row in last_values(reader, ONLY_A)} == {"a", "silent"}
    assert last_values(reader, ONLY_B) == last_values(reader, Scope.nothing()) == ()
    assert history(reader, ONLY_A, number, "level", BEGIN, BEGIN + HOUR, "hour") is not None
    for scope in (ONLY_B, Scope.nothing()):
        assert history(reader, scope, number, "level", BEGIN, BEGIN + HOUR, "hour") is None
    assert history(reader, SITE, number, "no such measure", BEGIN, BEGIN + HOUR, "hour") is None


@pytest.mark.parametrize(("step", "how"), [("minute", "min"), ("hour", "h"), ("day", "D")])
def test_a_history_is_what_pandas_resamples_with_its_gaps(town, reader, step, how):
    since, until = BEGIN - 2 * HOUR, BEGIN + 5 * DAY
    found = history(reader, SITE, sensor(town, "a"), "level", since, until, step)
    moments = pd.to_datetime([BEGIN + at for at, _ in ROWS], unit="s", utc=True).tz_convert(ZONE)
    told = pd.Series([value for _, value in ROWS], index=moments)
    whole = pd.date_range(
        pd.Timestamp(since, unit="s", tz=ZONE).floor(how), pd.Timestamp(until - 1, unit="s", tz=ZONE), freq=how
    )
    expected = told.resample(how).agg(["count", "mean", "min", "max", "last"]).reindex(whole)
    assert found.frame["at"].tolist() == [int(each.timestamp()) for each in whole]
    assert found.frame["n"].tolist() == expected["count"].fillna(0).tolist()
    for ours, theirs in {"mean": "mean", "least": "min", "greatest": "max", "last": "last"}.items():
        np.testing.assert_allclose(found.frame[ours], expected[theirs])
    assert found.unit == "m"
    assert found.frame["mean"].isna().sum() == (found.frame["n"] == 0).sum() > 0


def test_a_time_without_readings_is_all_gap_and_an_empty_one_has_no_step(town, reader):
    number = sensor(town, "a")
    later = history(reader, SITE, number, "level", BEGIN + 50 * DAY, BEGIN + 51 * DAY, "hour").frame
    assert len(later) == 25 and later["mean"].isna().all() and later["n"].sum() == 0
    assert len(history(reader, SITE, number, "level", BEGIN, BEGIN, "minute").frame) == 0


def test_too_many_steps_are_refused(reader):
    with pytest.raises(ValueError, match="coarser"):
        history(reader, SITE, 1, "level", BEGIN, BEGIN + 60 * (MOST_STEPS + 1), "minute")


def test_a_sensor_that_nobody_described_belongs_to_the_whole_site(town):
    with read(town.engine) as connection:
        areas = connection.execute(sa.select(sensors.c.area_id).where(sensors.c.external_id == "b")).scalar_one()
    assert areas == int(town.site.areas.ids[0])

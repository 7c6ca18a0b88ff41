"""Readings find their sensors, and every delivery, late, doubled or corrected, leaves the store as a plain ledger would."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.take_readings import take_readings
from actions.take_sensors import take_sensors
from datasources.mapping import Mapping
from domain.rollups import HOUR, dirty
from store.engine import read, write
from store.schema_sensors import reading_changes, readings, rollup_dirty, sensors, series
from tests.datasources.sources import NOW, case_source, page
from tests.factories import IN_A1, Town

FIELDS = {"sensor": "s", "measure": "m", "observed_at": "t", "value": "v", "unit": "u", "quality": "q"}
BEGIN = 1_780_000_000


@pytest.fixture
def town(tables_url):
    made = Town(tables_url)
    yield made
    made.close()


def frame_of(rows) -> pd.DataFrame:
    """Readings given as (sensor, seconds after BEGIN, value)."""
    told = [
        {
            "s": sensor,
            "m": "level",
            "v": value,
            "u": "m",
            "q": None,
            "t": datetime.fromtimestamp(BEGIN + at, UTC).isoformat(),
        }
        for sensor, at, value in rows
    ]
    return Mapping(case_source(FIELDS, record="reading")).apply(page(*told), NOW).frame


def take(town, *rows, source="gauges", now=NOW):
    number = town.feed(source, "reading").source_id
    with write(town.engine) as connection:
        return take_readings(connection, town.site, number, frame_of(rows), now=now, backfill=False)


def describe(town, *names, source="stations"):
    fields = {"external_id": "id", "type": "kind", "name": "name", "longitude": "lon", "latitude": "lat"}
    told = [{"id": name, "kind": "level", "name": name.upper(), "lon": IN_A1[0], "lat": IN_A1[1]} for name in names]
    frame = Mapping(case_source(fields, record="sensor")).apply(page(*told), NOW).frame
    number = town.feed(source, "sensor").source_id
    with write(town.engine) as connection:
        return take_sensors(connection, town.site, number, frame, now=NOW, backfill=False)


def stored(town) -> dict[tuple[str, int], float]:
    joined = readings.join(series, series.c.id == readings.c.series_id).join(
        sensors, sensors.c.id == series.c.sensor_id
    )
    with read(town.engine) as connection:
        rows = connection.execute(
            sa.select(sensors.c.external_id, readings.c.observed_at, readings.c.value).select_from(joined)
        )
        return {(name, at - BEGIN): value for name, at, value in rows}


def rows_of(town, table, *columns) -> list[tuple]:
    with read(town.engine) as connection:
        return [tuple(row) for row in connection.execute(sa.select(*(table.c[name] for name in columns)))]


def test_a_reading_is_kept_once_and_its_correction_leaves_what_stood_there(town):
    assert take(town, ("a", 0, 1.0), ("a", 60, 2.0)).kept == 2
    again = take(town, ("a", 60, 2.0))
    assert (again.kept, again.unchanged) == (0, 1)
    assert take(town, ("a", 60, 5.0), now=NOW + 9).kept == 1
    assert stored(town) == {("a", 0): 1.0, ("a", 60): 5.0}
    changes = rows_of(town, reading_changes, "observed_at", "value", "known_at", "replaced_at")
    assert changes == [(BEGIN + 60, 2.0, NOW, NOW + 9)]
    assert rows_of(town, series, "last_at", "last_value", "unit") == [(BEGIN + 60, 5.0, "m")]


def test_a_late_reading_does_not_become_the_last(town):
    take(town, ("a", 600, 1.0))
    take(town, ("a", 0, 9.0))
    assert rows_of(town, series, "last_at", "last_value") == [(BEGIN + 600, 1.0)]


EVENTS = st.lists(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 5).map(lambda n: n * 1_800), st.sampled_from([1.0, 2.0])),
        max_size=8,
    ),
    max_size=5,
)


def ledger(batches) -> tuple[dict, list, int]:
    """What a ledger kept row by row says: what stands, what stood before, how many rows said something new."""
    stands, before, kept = {}, [], 0
    for sensor, at, value in (row for batch in batches for row in batch):
        if stands.get((sensor, at)) == value:
            continue
        if (sensor, at) in stands:
            before.append((sensor, at, stands[sensor, at]))
        stands[sensor, at] = value
        kept += 1
    return stands, before, kept


@settings(max_examples=25)
@given(batches=EVENTS)
def test_any_order_of_deliveries_is_what_a_ledger_says(steady, batches):
    holds_to_the_ledger(steady, batches)


@settings(max_examples=8)
@given(batches=EVENTS)
@pytest.mark.postgres
def test_any_order_of_deliveries_is_what_a_ledger_says_on_postgresql(steady_postgres, batches):
    holds_to_the_ledger(steady_postgres, batches)


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    made = Town(f"sqlite:///{tmp_path_factory.mktemp('ledger')}/store.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def steady_postgres(postgres_server):
    url = postgres_server()
    made = Town(url)
    yield made
    made.close()
    postgres_server.drop(url)


def holds_to_the_ledger(town, batches) -> None:
    town.clear()
    taken = [take(town, *batch) for batch in batches if batch]
    stands, before, kept = ledger(batches)
    assert stored(town) == stands
    assert sum(each.kept for each in taken) == kept
    assert sum(each.kept + each.unchanged for each in taken) == sum(len(batch) for batch in batches)
    values = sorted((at - BEGIN, value) for at, value in rows_of(town, reading_changes, "observed_at", "value"))
    assert values == sorted((at, value) for _sensor, at, value in before)
    marks = rows_of(town, rollup_dirty, "since", "until")
    assert all(any(since <= BEGIN + at < until for since, until in marks) for _sensor, at in stands)


def test_the_sensor_is_the_sources_own_else_the_only_one_else_nobody_can_tell(town):
    describe(town, "a", "b", source="stations")
    describe(town, "b", source="others")
    taken = take(town, ("a", 0, 1.0), ("b", 0, 1.0), ("c", 0, 1.0))
    assert (taken.kept, len(taken.rejected[0].positions), taken.rejected[0].reason) == (2, 1, "ambiguous_sensor")
    assert "'b'" in taken.rejected[0].detail(1)
    assert stored(town) == {("a", 0): 1.0, ("c", 0): 1.0}
    assert take(town, ("b", 0, 1.0), source="others").kept == 1


def test_a_sensor_that_measured_before_it_was_described_is_adopted(town):
    take(town, ("a", 0, 1.0))
    assert rows_of(town, sensors, "external_id", "type", "placing") == [("a", None, 1)]
    assert describe(town, "a").kept == 1
    assert rows_of(town, sensors, "external_id", "type", "name") == [("a", "level", "A")]
    again = describe(town, "a")
    assert (again.kept, again.unchanged) == (0, 1)
    assert take(town, ("a", 60, 2.0)).kept == 1
    assert len(rows_of(town, series, "id")) == 1


def test_readings_of_several_months_have_their_tables(town):
    months = [n * 31 * 86_400 for n in range(4)]
    assert take(town, *(("a", at, 1.0) for at in months)).kept == 4
    assert len(stored(town)) == 4
    if town.engine.dialect.name == "postgresql":
        with read(town.engine) as connection:
            found = connection.execute(
                sa.text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'readings'::regclass")
            )
            assert found.scalar_one() >= 4


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 20 * HOUR))))
def test_marks_cover_every_change_in_whole_hours_and_do_not_touch(changes):
    numbers = np.array([number for number, _at in changes], dtype=np.int64)
    moments = np.array([at for _number, at in changes], dtype=np.int64)
    marks = dirty(numbers, moments)
    assert all(since % HOUR == 0 == until % HOUR for _number, since, until in marks)
    covered = {(number, hour) for number, since, until in marks for hour in range(since // HOUR, until // HOUR)}
    assert covered == {(number, at // HOUR) for number, at in changes}
    assert len(set(marks)) == len(marks) and all((a, u) not in {(b, s) for b, s, _ in marks} for a, _, u in marks)

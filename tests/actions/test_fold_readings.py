"""Rollups are what pandas counts, whatever came late, twice or corrected, and whenever they were folded."""

import threading
from dataclasses import replace

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from actions import fold_readings as folding
from actions.fold_readings import fold_days_again, fold_readings
from domain.periods import SiteZone
from store.engine import read, write
from store.schema_sensors import readings, rollup_days, rollup_dirty, rollup_hours, rollup_minutes
from tests.actions.test_take_readings import BEGIN, take
from tests.factories import ZONE, Town

TABLES = {rollup_minutes: "min", rollup_hours: "h"}
EVENTS = st.lists(
    st.one_of(
        st.just("fold"),
        st.lists(
            st.tuples(st.sampled_from("ab"), st.integers(0, 4_000).map(lambda n: n * 37), st.integers(0, 9).map(float)),
            min_size=1, max_size=6,
        ),
    ),
    max_size=6,
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def town(request, tmp_path_factory):
    postgres = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    url = postgres() if postgres else f"sqlite:///{tmp_path_factory.mktemp('fold')}/store.db"
    made = Town(url)
    yield made
    made.close()
    if postgres:
        postgres.drop(url)


def frame(town, table, *columns) -> pd.DataFrame:
    with read(town.engine) as connection:
        rows = connection.execute(sa.select(*(table.c[name] for name in columns))).all()
    return pd.DataFrame(rows, columns=columns)


def counted(town, how: str, zone: str = ZONE) -> dict[tuple[int, int], tuple[float, ...]]:
    """What pandas makes of the readings: (series, bucket) → n, total, least, greatest, last, last_at."""
    found = frame(town, readings, "series_id", "observed_at", "value").sort_values("observed_at")
    moments = pd.to_datetime(found["observed_at"], unit="s", utc=True)
    if how == "D":
        days = moments.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
        found["bucket"] = (days - pd.Timestamp("1970-01-01")).dt.days
    else:
        found["bucket"] = (moments.dt.floor(how) - pd.Timestamp("1970-01-01", tz="UTC")) // pd.Timedelta(seconds=1)
    grouped = found.groupby(["series_id", "bucket"])
    told = grouped["value"].agg(["count", "sum", "min", "max", "last"]).assign(at=grouped["observed_at"].last())
    return {key: tuple(row) for key, row in zip(told.index, told.itertuples(index=False), strict=True)}


def kept(town, table) -> dict[tuple[int, int], tuple[float, ...]]:
    columns = ("series_id", "bucket", "n", "total", "least", "greatest", "last", "last_at")
    return {tuple(row[:2]): tuple(row[2:]) for row in frame(town, table, *columns).itertuples(index=False)}


def holds(town) -> None:
    assert not len(frame(town, rollup_dirty, "id"))
    for table, how in (*TABLES.items(), (rollup_days, "D")):
        assert kept(town, table) == counted(town, how)


@settings(max_examples=15)
@given(events=EVENTS)
def test_rollups_are_what_pandas_counts_whenever_they_were_folded(town, events):
    town.clear()
    for number, event in enumerate(events):
        if event == "fold":
            fold_readings(town.site)
        else:
            take(town, *event, now=BEGIN + number)
    fold_readings(town.site)
    holds(town)


def test_a_fold_that_breaks_in_the_middle_leaves_its_marks(town, monkeypatch):
    town.clear()
    take(town, ("a", 0, 1.0), ("b", 7_200, 2.0))
    before = frame(town, rollup_dirty, "id")

    def breaks(*_arguments):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(folding, "_fold_days", breaks)
        with pytest.raises(RuntimeError, match="power cut"):
            fold_readings(town.site)
    assert frame(town, rollup_dirty, "id").equals(before)
    assert kept(town, rollup_minutes) == {}
    assert fold_readings(town.site) == 2
    holds(town)


def test_many_marks_are_folded_in_several_transactions(town, monkeypatch):
    town.clear()
    monkeypatch.setattr(folding, "MARKS_AT_ONCE", 2)
    take(town, *(("a", n * 7_200, 1.0) for n in range(7)))
    assert fold_readings(town.site) == 7
    holds(town)


def test_rollups_hold_after_writers_and_a_fold_at_the_same_time(town):
    """Four writers on PostgreSQL, two on SQLite, of whom each two have the same series, and some readings are corrections."""
    town.clear()
    take(town, ("a", 0, 0.0), ("b", 0, 0.0), source="w0")
    writers = 4 if town.engine.dialect.name == "postgresql" else 2
    together, over, wrong = threading.Barrier(writers + 1), threading.Event(), []

    def wrote(number: int) -> None:
        together.wait(20)
        for turn in range(12):
            rows = [
                ("ab"[n % 2], (turn * 7 + n * 13) % 90 * 61 + number // 2 * 7_200, float(number + turn))
                for n in range(30)
            ]
            take(town, *rows, source=f"w{number}", now=BEGIN + turn)

    def folded() -> None:
        together.wait(20)
        while not over.is_set():
            fold_readings(town.site)

    def kept_well(work, *arguments) -> None:
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001 (told at the end)
            wrong.append(error)

    fold = threading.Thread(target=kept_well, args=(folded,))
    threads = [threading.Thread(target=kept_well, args=(wrote, number)) for number in range(writers)]
    for thread in (fold, *threads):
        thread.start()
    for thread in threads:
        thread.join(60)
    over.set()
    fold.join(60)
    assert not wrong
    fold_readings(town.site)
    assert len(frame(town, readings, "value")) > 100
    holds(town)


def test_days_are_made_again_in_another_zone_and_only_then(town):
    town.clear()
    take(town, *(("ab"[n % 2], n * 5_000, float(n % 7)) for n in range(60)))
    fold_readings(town.site)
    fold_days_again(town.site)
    before = kept(town, rollup_days)
    elsewhere = replace(town.site, zone=SiteZone("America/St_Johns"))
    fold_days_again(elsewhere)
    assert kept(town, rollup_days) == counted(town, "D", "America/St_Johns") != before
    with write(town.engine) as connection:
        connection.execute(sa.delete(rollup_days))
    fold_days_again(elsewhere)
    assert kept(town, rollup_days) == {}
    fold_days_again(town.site)
    assert kept(town, rollup_days) == before == counted(town, "D")

"""The town's sensors: where they hang, what they report, and that a reading never depends on when it is read."""

import numpy as np
import pandas as pd
import pytest
import shapely

from datasources.errors import BadDataError
from demo.devices import KINDS, devices
from demo.map import town_map
from demo.telemetry import INCIDENT_SECONDS, drawn, reading_rows, value
from tests.demo.conftest import NOW, connector, read

HOUR = 3_600


@pytest.fixture(scope="module")
def week() -> pd.DataFrame:
    found = reading_rows(7, NOW - 7 * 24 * HOUR, NOW)
    return found.assign(at=pd.to_datetime(found["时间"], format="ISO8601"))


def test_every_device_hangs_in_its_grid_and_has_a_name():
    found = devices()
    shapes = town_map().areas["grid"].set_index("code").geometry
    points = shapely.points(found["经度"], found["纬度"])
    assert len(found) == sum(kind.count for kind in KINDS) == found["设备号"].nunique() == 300
    assert shapely.contains(shapes.loc[found["区域"]].to_numpy(), points).all()
    assert found["名称"].str.len().min() > 4
    assert found["区域"].nunique() > 90


def test_readings_follow_from_seed_and_moment_alone(week):
    assert read(what="reading", days=1).equals(read(what="reading", days=1))
    parts = [reading_rows(7, NOW - hours * HOUR, NOW - (hours - 1) * HOUR) for hours in range(24, 0, -1)]
    whole = reading_rows(7, NOW - 24 * HOUR, NOW)
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole, check_dtype=False)
    assert not whole.equals(reading_rows(8, NOW - 24 * HOUR, NOW))
    assert len(set(zip(week["设备号"], week["指标"], week["时间"], strict=True))) == len(week)


def test_every_measure_is_reported_at_its_pace_and_within_its_bounds(week):
    for kind in KINDS:
        for measure in kind.measures:
            rows = week[week["指标"] == measure.name]
            full = kind.count * 7 * 24 * 60 / kind.minutes
            assert 0.90 * full < len(rows) < full
            assert rows["数值"].between(measure.least, measure.most).all()
            assert set(rows["单位"]) == {measure.unit}
            apart = rows.sort_values("at").groupby("设备号")["at"].diff().dropna().dt.total_seconds()
            assert (apart % (kind.minutes * 60) == 0).all()


def test_most_is_quiet_and_something_happens_now_and_then(week):
    smoke = week[week["指标"] == "烟雾值"]
    assert 0 < (smoke["数值"] > 5).sum() < 0.01 * len(smoke)
    kind = KINDS[0]
    at = np.arange(NOW - 40 * 24 * HOUR, NOW, 60)
    shown = value(kind.measures[0], 7, np.zeros(len(at), dtype=np.int64), at, at < at[0] + INCIDENT_SECONDS)
    assert (shown[at < at[0] + INCIDENT_SECONDS] > 5).all() and (shown[at >= at[0] + INCIDENT_SECONDS] < 5).all()


def test_a_device_that_is_not_heard_leaves_a_gap_of_a_day(week):
    days = week["at"].dt.date
    full = sorted(set(days))[1:-1]
    heard = len(
        set(zip(week["设备号"], days, strict=True)) & {(name, day) for name in devices()["设备号"] for day in full}
    )
    assert 0.95 < heard / (300 * len(full)) < 0.99


def test_what_is_drawn_is_even_and_does_not_hang_together():
    numbers = drawn(7, np.arange(100_000), 3)
    assert abs(numbers.mean() - 0.5) < 0.005 and abs(numbers.var() - 1 / 12) < 0.001
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 0.01


def test_readings_are_read_on_from_any_page():
    pages = list(connector(NOW, what="reading").pages(None))
    assert len(pages) == 7 and pages[-1].done == pages[-1].total
    rest = list(connector(NOW, what="reading").pages(pages[2].cursor))
    assert [page.first_row for page in rest] == [page.first_row for page in pages[3:]]
    assert all(a.frame.equals(b.frame) for a, b in zip(rest, pages[3:], strict=True))
    assert list(connector(NOW, what="reading").pages(pages[-1].cursor)) == []
    later = read(NOW + 300, pages[-1].cursor, what="reading")
    assert 0 < len(later) < 400
    with pytest.raises(BadDataError, match="not its own"):
        list(connector(NOW, what="reading").pages({"map": 1}))


def test_sensors_come_once():
    (page,) = connector(NOW, what="sensor").pages(None)
    assert list(connector(NOW, what="sensor").pages(page.cursor)) == []

"""A start with other boundaries and another zone: devices are placed again, days of readings are made again."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from actions.fold_readings import fold_readings
from datasources.poller import run_once
from tests.commands.smalltown import SIDE, SOUTH, WEST, SmallTown
from wiring import prepare

MORE = """
[[sources]]
name = "gauges"
connector = "feeds.file"
record = "sensor"
options = { path = "gauges.csv" }
fields = { external_id = "id", type = "kind", longitude = "lon", latitude = "lat" }

[[sources]]
name = "levels"
connector = "feeds.file"
record = "reading"
options = { path = "levels.csv" }
fields = { sensor = "id", measure = "what", observed_at = "at", value = "value" }
"""
PLACE = "SELECT a.code FROM sensors s JOIN areas a ON a.id = s.area_id"
DAYS = "SELECT bucket, n FROM rollup_days ORDER BY bucket"
MOMENTS = ("2024-05-01T01:00:00", "2024-05-01T23:00:00")


@pytest.fixture
def town(tmp_path) -> SmallTown:
    made = SmallTown(tmp_path).write(rows=0)
    made.settings.write_text(made.settings.read_text() + MORE)
    (tmp_path / "gauges.csv").write_text(f"id,kind,lon,lat\ng1,level,{WEST + SIDE / 2},{SOUTH + SIDE / 2}\n")
    (tmp_path / "levels.csv").write_text("id,what,at,value\n" + "".join(f"g1,level,{at},1\n" for at in MOMENTS))
    return made


def start(town: SmallTown, *, read: bool = False) -> None:
    """A start of the program; read: every source once."""
    house = town.program.house()
    prepare(house)
    for job, feed in house.jobs() if read else ():
        run_once(job.source, job.connector, job.mapping, feed, cursor=None, clock=house.clock, report=feed.report)
    house.engine.dispose()


def days(town: SmallTown) -> list[tuple[date, int]]:
    return [(date.fromordinal(date(1970, 1, 1).toordinal() + row["bucket"]), row["n"]) for row in town.rows(DAYS)]


def test_devices_and_days_follow_the_settings(town):
    start(town, read=True)
    house = town.program.house()
    fold_readings(house.site)
    house.engine.dispose()
    assert town.rows(PLACE) == [{"code": "S0"}]
    assert days(town) == [(date(2024, 5, 1), 2)]
    areas = town.folder / "areas.geojson"
    areas.write_text(areas.read_text().replace('"S0"', '"S9"'))
    town.settings.write_text(town.settings.read_text().replace("Asia/Shanghai", "America/New_York"))
    start(town)
    assert town.rows(PLACE) == [{"code": "S9"}]
    shown = [datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Asia/Shanghai")) for at in MOMENTS]
    assert days(town) == [(at.astimezone(ZoneInfo("America/New_York")).date(), 1) for at in shown]

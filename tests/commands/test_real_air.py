"""Beijing's air through the command line: every reading and every rollup is what pandas finds in the published table."""

import shutil

import pandas as pd
import pytest
import sqlalchemy as sa

from actions.fold_readings import fold_readings
from store.engine import read
from store.schema_sensors import rollup_days, rollup_dirty, rollup_hours, sensors, series
from tests.commands.program import EXAMPLES, Program

MEASURES = ["PM2.5", "PM10", "SO2", "NO2", "CO", "O3"]
STATIONS = "sensors_beijing_air_stations.csv"
TABLE = "sensors_beijing_air_hourly.csv.gz"


@pytest.fixture(scope="module")
def table(shared_data) -> pd.DataFrame:
    """A winter month of the eight stations, every cell as text."""
    whole = pd.read_csv(shared_data / TABLE, dtype=str, keep_default_na=False)
    return whole[(whole["year"] == "2014") & (whole["month"] == "1")]


@pytest.fixture(scope="module")
def air(table, shared_data, tmp_path_factory) -> tuple[Program, list[dict]]:
    """The program after its first import of them, and what that said."""
    folder = tmp_path_factory.mktemp("air")
    shutil.copy(shared_data / STATIONS, folder / STATIONS)
    table.to_csv(folder / TABLE, index=False)
    program = Program(folder / "var", EXAMPLES / "beijing.toml", {"GRIDHALL_DATA": str(folder)})
    return program, program.told("sync", "--once", "--json")


@pytest.fixture(scope="module")
def told(table) -> pd.DataFrame:
    """Each cell that holds something: sensor, measure, moment (Beijing's clock) and value."""
    long = table.melt(["station", "year", "month", "day", "hour"], MEASURES, "measure")
    long = long[long["value"] != "NA"]
    at = pd.to_datetime(long[["year", "month", "day", "hour"]].astype(int)).dt.tz_localize("Asia/Shanghai")
    return long.assign(at=at, value=long["value"].astype(float))


def kept(program: Program, rollup: sa.Table) -> pd.DataFrame:
    """The rollups by (station, measure, bucket)."""
    house = program.house()
    fold_readings(house.site)
    joined = rollup.join(series, series.c.id == rollup.c.series_id).join(sensors, sensors.c.id == series.c.sensor_id)
    columns = (
        sensors.c.external_id,
        series.c.measure,
        *(rollup.c[n] for n in ("bucket", "n", "total", "least", "greatest")),
    )
    with read(house.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(rollup_dirty)).scalar_one() == 0
        rows = connection.execute(sa.select(*columns).select_from(joined)).all()
    house.engine.dispose()
    names = ["station", "measure", "bucket", "n", "total", "least", "greatest"]
    return pd.DataFrame(rows, columns=names).set_index(names[:3]).sort_index()


def counted(told: pd.DataFrame, bucket: pd.Series) -> pd.DataFrame:
    found = (
        told.assign(bucket=bucket)
        .groupby(["station", "measure", "bucket"])["value"]
        .agg(["count", "sum", "min", "max"])
    )
    return found.set_axis(["n", "total", "least", "greatest"], axis=1).sort_index()


def test_every_cell_is_kept_or_empty(air, table, told):
    _, (stations, said) = air
    assert (stations["read"], stations["kept"]) == (8, 8)
    assert (
        said["read"]
        == len(table) * len(MEASURES)
        == said["kept"] + said["unchanged"] + said["quarantined"] + said["empty"]
    )
    assert (said["kept"], said["quarantined"]) == (len(told), 0)
    assert said["empty"] == (table[MEASURES] == "NA").to_numpy().sum() > 0


def test_hourly_rollups_are_those_of_pandas(air, told):
    hours = told["at"].dt.floor("h").dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[s]").astype("int64")
    pd.testing.assert_frame_equal(kept(air[0], rollup_hours), counted(told, hours), check_dtype=False)


def test_daily_rollups_are_those_of_pandas(air, told):
    days = (told["at"].dt.tz_localize(None).dt.normalize() - pd.Timestamp("1970-01-01")).dt.days
    pd.testing.assert_frame_equal(kept(air[0], rollup_days), counted(told, days), check_dtype=False)


def test_a_second_import_changes_nothing(air, told):
    stations, said = air[0].told("sync", "--once", "--json")
    assert (stations["kept"], stations["unchanged"]) == (0, 8)
    assert (said["kept"], said["unchanged"], said["quarantined"]) == (0, len(told), 0)

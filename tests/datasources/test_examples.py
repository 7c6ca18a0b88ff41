"""The examples on real data, each figure against pandas and zoneinfo working on their own."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

import config
from datasources.mapping import Mapping
from datasources.registry import create
from tests.datasources.sources import NOW

EXAMPLES = Path(config.__file__).parent / "examples"
AMPM = "%m/%d/%Y %I:%M:%S %p"


def run(example: str, source: str, data: Path):
    """All accepted rows, all rejected rows, and rows read and empty, of one source of an example."""
    settings = config.load(EXAMPLES / f"{example}.toml", {"GRIDHALL_DATA": str(data)})
    spec = next(each for each in settings.sources if each.name == source)
    mapping = Mapping(spec)
    batches = [mapping.apply(page, NOW) for page in create(spec, folder=settings.folder, clock=lambda: NOW).pages(None)]
    frame = pd.concat([each.frame for each in batches], ignore_index=True)
    rejected = pd.concat(
        [each.rejected for each in batches if len(each.rejected)] or [batches[0].rejected], ignore_index=True
    )
    read, empty = sum(each.read for each in batches), sum(each.empty for each in batches)
    assert read == len(frame) + len(rejected) + empty
    return frame, rejected, read, empty


def plain(data: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(data / name, dtype=str, keep_default_na=False)


def epochs(cells: pd.Series, form: str, zone: str) -> np.ndarray:
    """Row by row with the standard library; a blank is NaN, the doubled hour its first."""
    here = ZoneInfo(zone)
    known = {text: datetime.strptime(text, form).replace(tzinfo=here).timestamp() for text in cells.unique() if text}
    return cells.map(known).to_numpy(dtype=float)


@pytest.fixture(scope="module")
def boston(shared_data):
    return run("boston", "boston-311", shared_data), plain(shared_data, "events_boston_311_2015.csv.gz")


def test_boston_keeps_and_quarantines_what_an_independent_count_says(boston):
    (frame, rejected, read, _), source = boston
    opened, closed = (pd.to_datetime(source[name], format=AMPM, errors="coerce") for name in ("OPEN_DT", "CLOSED_DT"))
    backwards = closed < opened
    assert read == len(source)
    assert frame["external_id"].tolist() == source["CASE_ENQUIRY_ID"][~backwards].tolist()
    assert rejected["external_id"].tolist() == source["CASE_ENQUIRY_ID"][backwards].tolist()
    assert set(rejected["reason"]) == {"closed_before_reported"}
    assert rejected["row"].tolist() == (np.flatnonzero(backwards) + 1).tolist()
    assert (len(frame), len(rejected)) == (120_948, 197)  # what the city's figures are known to be


def test_boston_marks_the_default_pin(boston):
    (frame, _, _, _), source = boston
    at_pin = (source["LATITUDE"] == "42.3594") & (source["LONGITUDE"] == "-71.0587")
    pinned = at_pin[source["CASE_ENQUIRY_ID"].isin(set(frame["external_id"]))]
    assert frame["pinned"].sum() == pinned.sum() == 17_064
    np.testing.assert_array_equal(frame["pinned"], pinned)


@pytest.mark.parametrize(
    ("field", "column"), [("reported_at", "OPEN_DT"), ("due_at", "TARGET_DT"), ("closed_at", "CLOSED_DT")]
)
def test_boston_times_are_those_of_the_standard_library(boston, field, column):
    (frame, _, _, _), source = boston
    expected = pd.Series(epochs(source[column], AMPM, "America/New_York"), index=source["CASE_ENQUIRY_ID"])
    np.testing.assert_array_equal(frame[field], expected[frame["external_id"]])


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("category", "TYPE"),
        ("title", "CASE_TITLE"),
        ("channel", "Source"),
        ("department", "Department"),
        ("longitude", "LONGITUDE"),
    ],
)
def test_boston_cells_arrive_unchanged(boston, field, column):
    (frame, _, _, _), source = boston
    expected = source.set_index("CASE_ENQUIRY_ID")[column][frame["external_id"]]
    found = frame[field] if field != "longitude" else frame[field].map(str)
    given = expected if field != "longitude" else expected.map(float).map(str)
    assert found.fillna("").tolist() == given.tolist()


def test_a_quarantined_row_is_the_row_of_the_file(boston):
    (_, rejected, _, _), source = boston
    assert json.loads(rejected["raw"][0]) == source.iloc[rejected["row"][0] - 1].to_dict()


LA = {"2017-12": AMPM, "2018-01": AMPM, "2018-12": AMPM, "2020-01": "%Y-%m-%d %H:%M:%S"}
STATUS = {
    "Open": "handling",
    "Pending": "dispatched",
    "Closed": "closed",
    "Referred Out": "refused",
    "Cancelled": "void",
}


@pytest.mark.parametrize("month", LA)
def test_four_schemas_of_los_angeles_give_one_kind_of_case(shared_data, month):
    frame, rejected, read, _ = run("la", f"la-311-{month}", shared_data)
    source = plain(shared_data, f"events_la_311_{month}.csv.gz")
    source.columns = [name.lower() for name in source.columns]
    times = {
        name: epochs(source[f"{name}date"], LA[month], "America/Los_Angeles")
        for name in ("created", "closed", "updated")
    }
    ended = source["status"].isin(["Closed", "Referred Out"]).to_numpy()
    times["closed"] = np.where(
        ended & np.isnan(times["closed"]) & (month == "2020-01"), times["updated"], times["closed"]
    )
    good = ~(times["closed"] < times["created"]) & ~(ended & np.isnan(times["closed"]))
    assert read == len(source)
    assert rejected["external_id"].tolist() == source["srnumber"][~good].tolist()
    assert frame["external_id"].tolist() == frame["order_no"].tolist() == source["srnumber"][good].tolist()
    for field, name in (("reported_at", "created"), ("closed_at", "closed"), ("updated_at", "updated")):
        np.testing.assert_array_equal(frame[field], times[name][good])
    assert frame["status"].tolist() == source["status"][good].map(STATUS).tolist()
    assert frame["department"].tolist() == source["owner"][good].tolist()
    for axis in ("longitude", "latitude"):
        # Two of the exports are read from their text of a point: it must say what the columns say.
        np.testing.assert_allclose(frame[axis], pd.to_numeric(source[axis][good]), atol=1e-9)


def test_codes_of_los_angeles_areas_are_unique(shared_data):
    areas = json.loads((shared_data / "boundaries_la_neighborhood_councils.geojson").read_text())["features"]
    code = config.load(EXAMPLES / "la.toml", {"GRIDHALL_DATA": "x"}).areas[0].code
    codes = [each["properties"][code] for each in areas]
    assert len(set(codes)) == len(codes)


def test_beijing_readings_are_the_cells_of_the_wide_table(shared_data, tmp_path):
    head = plain(shared_data, "sensors_beijing_air_hourly.csv.gz").iloc[::24]
    head.to_csv(tmp_path / "sensors_beijing_air_hourly.csv.gz", index=False)
    frame, rejected, read, empty = run("beijing", "beijing-air", tmp_path)
    names = ["PM2.5", "PM10", "SO2", "NO2", "CO", "O3"]
    long = head.melt(["station", "year", "month", "day", "hour"], names, "measure")
    given = long[long["value"] != "NA"]
    assert (read, empty, len(rejected)) == (len(long), len(long) - len(given), 0)
    moments = pd.to_datetime(given[["year", "month", "day", "hour"]].astype(int)) - pd.Timedelta(hours=8)
    keys = zip(
        given["station"],
        given["measure"],
        moments.astype("datetime64[s]").astype("int64"),
        given["value"].astype(float),
        strict=True,
    )
    assert Counter(keys) == Counter(
        zip(frame["sensor"], frame["measure"], frame["observed_at"], frame["value"], strict=True)
    )
    assert frame["external_id"].is_unique


def test_beijing_stations_are_sensors(shared_data):
    frame, rejected, _, _ = run("beijing", "beijing-stations", shared_data)
    source = plain(shared_data, "sensors_beijing_air_stations.csv")
    assert len(rejected) == 0
    assert frame[["external_id", "name"]].to_numpy().tolist() == source[["station", "name_zh"]].to_numpy().tolist()
    assert frame["longitude"].tolist() == source["lon"].map(float).tolist()


def test_durham_ratings_leave_out_what_was_not_asked_or_not_known(shared_data):
    frame, rejected, read, empty = run("durham", "durham-survey", shared_data)
    source = plain(shared_data, "satisfaction_durham_resident_survey.csv.gz")
    cells = source[[name for name in source.columns if name.startswith(("Q19c[05]", "Q19c[06]"))]]
    assert (read, empty, len(rejected)) == (cells.size, int(cells.isin([" ", "9"]).to_numpy().sum()), 0)
    words = {"5": "satisfied", "4": "satisfied", "3": "basically", "2": "dissatisfied", "1": "dissatisfied"}
    assert Counter(frame["level"]) == Counter(words[cell] for cell in cells.to_numpy().ravel() if cell in words)
    person = source.set_index("ID").loc[frame["external_id"].str.split("/").str[0]]
    np.testing.assert_allclose(frame["longitude"], person["Block Lon"].astype(int) / 1e6)
    assert frame["external_id"].is_unique


def test_cameras_keep_their_places_even_where_coordinates_are_text(shared_data):
    frame, rejected, _, _ = run("cameras", "georgia-cameras", shared_data)
    features = json.loads((shared_data / "cameras_atlanta_gdot.geojson").read_text())["features"]
    points = np.array([[float(each) for each in feature["geometry"]["coordinates"]] for feature in features])
    expected = np.where((points == 0).all(axis=1)[:, None], np.nan, points)
    np.testing.assert_array_equal(frame[["longitude", "latitude"]].to_numpy(), expected)
    assert len(rejected) == 0 and frame["external_id"].tolist() == [feature["id"] for feature in features]


def test_cameras_lie_below_a_key_of_the_json(shared_data):
    frame, rejected, _, _ = run("cameras", "nyc-cameras", shared_data)
    markers = json.loads((shared_data / "cameras_nyc_dot.json").read_text())["markers"]
    assert len(rejected) == 0
    assert frame["latitude"].tolist() == [float(each["latitude"]) for each in markers]


def test_wuhan_layers_are_shapes_and_what_is_no_layer_is_quarantined(shared_data):
    frame, rejected, read, _ = run("wuhan", "osm-wuhan", shared_data)
    features = json.loads((shared_data / "osm_wuhan_buildings_roads.geojson").read_text())["features"]
    layers = Counter(feature["properties"]["layer"] for feature in features)
    assert read == len(features)
    assert Counter(frame["kind"]) == {
        "road": layers["roads"],
        "building": layers["buildings"],
        "water": layers["water"],
    }
    assert set(rejected["reason"]) == {"unknown_value"}
    assert {shape.geom_type for shape in frame["geometry"]} == {f["geometry"]["type"] for f in features}

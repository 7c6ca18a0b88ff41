# ruff: noqa: DTZ001 (local times without a zone are what is read here)
"""The mapping language, key by key."""

import json
import re
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config_sources import SourceSettings
from datasources.contract import GEOMETRY, REJECTED_COLUMNS, Page, Unreadable
from datasources.errors import BadDataError
from datasources.mapping import Mapping, replay_page
from domain.records import RECORDS
from tests.datasources.sources import NOW, ROW, case_source, mapped, page


def reasons(batch) -> list[str]:
    return batch.rejected["reason"].tolist()


def test_a_case_frame_has_every_column_of_the_record():
    frame = mapped({}, {}).frame
    wanted = {name for name, field in RECORDS["case"].items() if field.kind != "point"} | {"pinned"}
    assert set(frame.columns) == wanted
    assert frame["reported_at"].tolist() == [datetime(2024, 5, 1, 8, tzinfo=UTC).timestamp()]
    assert frame["kind"].tolist() == ["problem"]
    for name in ("first_response_at", "due_at", "closed_at", "updated_at", "longitude", "latitude"):
        assert frame[name].dtype == np.float64 and np.isnan(frame[name][0])
    for name in ("title", "text", "channel", "department", "order_no", "area_code", "online"):
        assert frame[name].dtype == object and frame[name][0] is None
    assert frame["pinned"].tolist() == [False]


@given(
    st.lists(
        st.sampled_from([{}, {"id": ""}, {"at": "x"}, {"status": "lost"}, {"type": " "}, {"lon": "200"}]), max_size=12
    )
)
def test_every_row_is_accepted_or_rejected_never_lost(rows):
    source = case_source({"longitude": "lon", "latitude": "lat"})
    frame = pd.DataFrame(
        [{**ROW, "lon": "1.5", "lat": "2.5", **row} for row in rows], columns=[*ROW, "lon", "lat"], dtype=object
    )
    batch = Mapping(source).apply(Page(frame, "x", 1, None), NOW)
    assert batch.read == len(rows) == len(batch.frame) + len(batch.rejected)
    assert len(batch.frame) == sum(row == {} for row in rows)


@pytest.mark.parametrize("text", ["007", "1-870704831", "101001240734", " 5 ", "1.0", "1e5", "№ 7"])
def test_external_ids_stay_exactly_as_in_the_source(text):
    assert mapped({}, {"id": text}).frame["external_id"].tolist() == [text]


@pytest.mark.parametrize(("cell", "text"), [(7, "7"), (7.0, "7"), (2**60, str(2**60)), (7.5, "7.5"), (True, "true")])
def test_native_numbers_become_ids_without_a_point(cell, text):
    assert mapped({}, {"id": cell}).frame["external_id"].tolist() == [text]


def test_columns_are_joined_and_one_that_is_missing_makes_the_field_missing():
    batch = mapped(
        {"title": {"columns": ["a", "b"], "join": "/"}}, {"a": "x", "b": "y"}, {"id": "2", "a": "x", "b": None}
    )
    assert batch.frame["title"].tolist() == ["x/y", None]


def test_a_stated_constant_stands_for_every_row():
    batch = mapped({"kind": {"value": "hazard"}, "due_at": {"value": "2024-05-02T00:00:00"}}, {}, {"id": "2"})
    assert batch.frame["kind"].tolist() == ["hazard", "hazard"]
    assert batch.frame["due_at"].tolist() == [datetime(2024, 5, 2, tzinfo=UTC).timestamp()] * 2


def test_a_value_that_the_table_does_not_list_is_quarantined_with_a_clear_sentence():
    fields = {"status": {"column": "status", "values": {"Open": "handling"}, "default": "quarantine"}}
    batch = mapped(fields, {"status": "Open"}, {"status": "Lost"})
    assert batch.frame["status"].tolist() == ["handling"]
    assert reasons(batch) == ["unknown_value"]
    assert "status" in batch.rejected["detail"][0] and "'Lost'" in batch.rejected["detail"][0]


def test_a_default_takes_the_place_of_a_value_that_the_table_does_not_list():
    fields = {"status": {"column": "status", "values": {"Open": "handling"}, "default": "closed"}}
    batch = mapped(fields, {"status": "Lost"}, rules={"closed_without_date": "keep"})
    assert batch.frame["status"].tolist() == ["closed"]


def test_a_table_may_say_what_a_blank_means():
    fields = {"status": {"column": "status", "values": {"": "reported"}}}
    assert mapped(fields, {"status": " "}).frame["status"].tolist() == ["reported"]


def test_a_status_that_is_none_is_quarantined():
    assert reasons(mapped({}, {"status": "Open"})) == ["unknown_value"]


def test_a_required_cell_that_is_blank_is_quarantined():
    batch = mapped({}, {"type": "  "}, {"id": ""})
    assert reasons(batch) == ["missing_field", "missing_field"]
    assert batch.rejected["external_id"].tolist() == ["1", None]


def test_missing_values_hold_as_text_and_as_numbers():
    fields = {"title": "title", "longitude": "lon", "latitude": "lat"}
    rules = {"missing_values": ["", "NA", -999999]}
    row = {"title": "NA", "lon": "-999999.00", "lat": "-999999"}
    frame = mapped(fields, row, rules=rules).frame
    assert frame["title"].tolist() == [None]
    assert np.isnan(frame["longitude"][0]) and np.isnan(frame["latitude"][0])


def test_a_field_may_have_missing_values_of_its_own():
    frame = mapped({"title": {"column": "t", "missing": ["-"]}, "text": "t"}, {"t": "-"}).frame
    assert (frame["title"][0], frame["text"][0]) == (None, "-")


def test_numbers_are_scaled():
    fields = {"longitude": {"column": "x", "scale": 1e-6}, "latitude": {"column": "y", "scale": 1e-6}}
    frame = mapped(fields, {"x": "-78939000", "y": 36087000}).frame
    assert (frame["longitude"][0], frame["latitude"][0]) == pytest.approx((-78.939, 36.087))


@pytest.mark.parametrize("text", ["12,5", "1_000", "nan", "inf", "0x10", "ten"])
def test_what_is_no_number_is_quarantined(text):
    assert reasons(mapped({"longitude": "x", "latitude": "y"}, {"x": text, "y": "1.5"})) == ["bad_number"]


@pytest.mark.parametrize(("x", "y"), [("181", "1.5"), ("1.5", "-90.1"), ("1.5", ""), ("", "1.5")])
def test_a_place_that_cannot_be_is_quarantined(x, y):
    assert reasons(mapped({"longitude": "x", "latitude": "y"}, {"x": x, "y": y})) == ["bad_point"]


def test_a_point_is_read_by_any_of_its_formats():
    fields = {"point": {"column": "p", "format": ["(lat, lon)", "POINT (lon lat)"]}}
    batch = mapped(
        fields, {"p": "(42.5, -71.5)"}, {"p": "POINT (-71.5 42.5)"}, {"p": ""}, {"p": "42 N"}, {"p": "(91, 0.5)"}
    )
    assert batch.frame["longitude"].tolist()[:2] == [-71.5, -71.5]
    assert np.isnan(batch.frame["longitude"][2])
    assert reasons(batch) == ["bad_point", "bad_point"]


def test_a_geometry_gives_a_point_even_with_text_for_coordinates():
    fields = {"point": {"geometry": True}}
    batch = mapped(
        fields, {GEOMETRY: {"type": "Point", "coordinates": ["-84.5", "34.2"]}}, {GEOMETRY: {"type": "Point"}}
    )
    assert batch.frame[["longitude", "latitude"]].to_numpy().tolist() == [[-84.5, 34.2]]
    assert reasons(batch) == ["bad_point"]


def test_a_column_with_a_dot_comes_before_a_path():
    row = {"a.b": "column", "c": {"d": ["zero", {"e": "path"}]}}
    frame = mapped({"title": "a.b", "text": "c.d.1.e", "order_no": "c.x.y"}, row).frame
    assert (frame["title"][0], frame["text"][0], frame["order_no"][0]) == ("column", "path", None)


def test_flags_are_true_false_or_none():
    batch = mapped({"online": "o"}, {"o": "Yes"}, {"o": False}, {"o": ""}, {"o": "perhaps"})
    assert batch.frame["online"].tolist() == [True, False, None]
    assert reasons(batch) == ["unknown_value"]


def test_a_time_that_a_sheet_holds_as_a_time_needs_no_format():
    fields = {"reported_at": {"column": "at", "format": "%d.%m.%Y"}}
    frame = mapped(
        fields, {"at": datetime(2024, 5, 1, 8)}, {"at": "02.05.2024"}, {"at": pd.Timestamp("2024-05-01", tz="UTC")}
    ).frame
    assert frame["reported_at"].tolist() == [
        datetime(2024, 5, day, hour, tzinfo=UTC).timestamp() for day, hour in ((1, 8), (2, 0), (1, 0))
    ]


def test_text_with_a_nul_is_quarantined_because_no_database_takes_it():
    assert reasons(mapped({}, {"type": "a\0b"})) == ["unreadable_text"]


def test_a_column_that_is_not_there_is_named_with_its_nearest_before_any_row_is_kept():
    with pytest.raises(BadDataError) as error:
        mapped({"category": "tpye"}, {})
    assert str(error.value) == "test.csv: no column 'tpye'; did you mean 'type'? Correct sources.s.fields.category."


def test_one_wide_column_hints_at_the_separator():
    source = case_source()
    frame = pd.DataFrame({"id;at;status;type": ["1;2;3;4"]})
    with pytest.raises(BadDataError, match=r"set options\.separator = ';'"):
        Mapping(source).apply(Page(frame, "x.csv", 1, None), NOW)


WIDE = {
    "name": "w", "connector": "feeds.file", "record": "reading", "timezone": "Asia/Shanghai",
    "unfold": {"columns": ["PM2.5", "CO"]},
    "fields": {
        "sensor": "station",
        "measure": {"unfold": "name"},
        "value": {"unfold": "value", "missing": ["NA"]},
        "observed_at": {"columns": ["y", "m", "d", "h"], "format": "%Y-%m-%d-%H"},
    },
}  # fmt: skip


def wide(*rows):
    frame = pd.DataFrame(rows, columns=["station", "y", "m", "d", "h", "PM2.5", "CO"], dtype=object)
    return Page(frame, "wide.csv", 11, None)


def test_a_wide_table_gives_one_record_a_cell_and_counts_the_empty_ones():
    pages = wide(("A", "2013", "3", "1", "0", "4", "NA"), ("B", "2013", "3", "1", "0", " ", "x"))
    batch = Mapping(SourceSettings.model_validate(WIDE)).apply(pages, NOW)
    moment = int(datetime(2013, 2, 28, 16, tzinfo=UTC).timestamp())
    assert (batch.read, batch.empty) == (4, 2)
    assert batch.frame[["external_id", "sensor", "measure", "value"]].to_numpy().tolist() == [
        [f"A/PM2.5/{moment}", "A", "PM2.5", 4.0]
    ]
    assert reasons(batch) == ["bad_number"]
    assert batch.rejected["row"].tolist() == [12]
    assert json.loads(batch.rejected["raw"][0])["@unfold"] == "CO"


def test_rejected_rows_can_be_replayed_once_the_mapping_is_mended():
    fields = {"status": {"column": "status", "values": {"Open": "handling"}}}
    rejected = mapped(fields, {}, {"id": "2", "status": "Neu"}).rejected
    again = replay_page(rejected["raw"].tolist(), "test.csv", rejected["row"].tolist())
    mended = case_source(
        {"status": {"column": "status", "values": {"Open": "handling", "Neu": "reported", "handling": "handling"}}}
    )
    batch = Mapping(mended).apply(again, NOW)
    assert batch.frame["external_id"].tolist() == ["1", "2"]


def test_a_replayed_cell_of_a_wide_table_is_one_record_not_all_of_its_row():
    rejected = (
        Mapping(SourceSettings.model_validate(WIDE)).apply(wide(("A", "2013", "3", "1", "0", "4", "1,5")), NOW).rejected
    )
    raw = rejected["raw"][0].replace("1,5", "1.5")
    batch = Mapping(SourceSettings.model_validate(WIDE)).apply(replay_page([raw], "wide.csv", [11]), NOW)
    assert batch.frame[["measure", "value"]].to_numpy().tolist() == [["CO", 1.5]]
    assert batch.read == 1


def test_unreadable_rows_are_rejected_in_their_place_with_their_text():
    torn = page({"type": ""}, {}, {"type": ""}, rows=np.array([1, 2, 5]), unreadable=(Unreadable(3, 'x,"y', "why"),))
    batch = Mapping(case_source()).apply(torn, NOW)
    assert batch.read == 4
    assert batch.rejected["row"].tolist() == [1, 3, 5]
    assert reasons(batch) == ["missing_field", "unreadable_row", "missing_field"]
    assert json.loads(batch.rejected["raw"][1]) == {"@text": 'x,"y'}
    back = replay_page(batch.rejected["raw"].tolist(), "test.csv", batch.rejected["row"].tolist())
    assert reasons(Mapping(case_source()).apply(back, NOW)) == reasons(batch)


def test_a_rejected_row_carries_what_a_person_needs():
    rejected = mapped({}, {"at": "soon"}).rejected
    assert tuple(rejected.columns) == REJECTED_COLUMNS
    row = rejected.iloc[0]
    assert (row["external_id"], row["reason"], row["origin"], row["row"]) == ("1", "unreadable_time", "test.csv", 1)
    assert re.search(r"reported_at: column at has 'soon'.*'iso'", row["detail"])
    assert json.loads(row["raw"]) == {**ROW, "at": "soon"}


def test_an_empty_page_gives_an_empty_batch_with_all_columns():
    batch = Mapping(case_source()).apply(Page(pd.DataFrame(columns=list(ROW), dtype="str"), "x", 1, None), NOW)
    assert (batch.read, len(batch.frame), len(batch.rejected)) == (0, 0, 0)
    assert "pinned" in batch.frame.columns and tuple(batch.rejected.columns) == REJECTED_COLUMNS


def test_layers_keep_their_shapes():
    source = SourceSettings.model_validate(
        {
            "name": "l",
            "connector": "feeds.file",
            "record": "layer",
            "fields": {"external_id": "id", "kind": {"value": "road"}, "geometry": {"geometry": True}},
        }
    )
    line = {"type": "LineString", "coordinates": [["114.1", "30.1"], [114.2, 30.2]]}
    frame = pd.DataFrame({"id": [1, 2], GEOMETRY: [line, None]}, dtype=object)
    batch = Mapping(source).apply(Page(frame, "l", 1, None), NOW)
    assert [shape.wkt for shape in batch.frame["geometry"]] == ["LINESTRING (114.1 30.1, 114.2 30.2)"]
    assert reasons(batch) == ["missing_field"]

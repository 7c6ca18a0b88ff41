# ruff: noqa: DTZ001 (local times without a zone are what is read here)
"""feeds.file: formats, encodings, broken rows, watched folders, resuming."""

import gzip
import json
import os
import tracemalloc
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from datasources.contract import FEATURE_ID, GEOMETRY
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.feeds.file.connector import FileConnector
from datasources.feeds.file.delimited import _parse_carefully
from tests.datasources.sources import NOW

CSV = "id,name\n007,柳荫\n008,桂花园\n"


def connector(folder: Path, path="a.csv", **options) -> FileConnector:
    return FileConnector({"path": path, **options}, folder=folder, zone=ZoneInfo("UTC"), clock=lambda: NOW)


def pages(folder: Path, path="a.csv", cursor=None, **options):
    return list(connector(folder, path, **options).pages(cursor))


def rows(folder: Path, path="a.csv", **options) -> list[list]:
    return [row for page in pages(folder, path, **options) for row in page.frame.to_numpy(dtype=object).tolist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_every_encoding_gives_the_same_text(tmp_path, encoding):
    text = CSV.replace("荫", "林") if encoding == "big5" else CSV
    (tmp_path / "a.csv").write_bytes(text.replace("园", "源").encode(encoding))
    expected = [line.split(",") for line in text.replace("园", "源").splitlines()[1:]]
    assert rows(tmp_path, encoding=encoding) == expected
    if encoding in ("utf-8", "utf-8-sig", "utf-16"):  # these say themselves what they are
        assert rows(tmp_path) == expected


@pytest.mark.parametrize("separator", [";", "\t", "|", " "])
def test_any_separator_may_be_said(tmp_path, separator):
    (tmp_path / "a.csv").write_text(CSV.replace(",", separator))
    assert rows(tmp_path, separator=separator) == [["007", "柳荫"], ["008", "桂花园"]]


def test_tab_separated_and_packed_files_are_known_by_their_endings(tmp_path):
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(CSV.replace(",", "\t").encode()))
    assert rows(tmp_path, "a.tsv.gz") == [["007", "柳荫"], ["008", "桂花园"]]


def test_everything_in_csv_is_text_and_nothing_is_taken_for_missing(tmp_path):
    (tmp_path / "a.csv").write_text('a,b,c,d\nNA,1.0,"",nan\nnull,007,true, x \n')
    assert rows(tmp_path) == [["NA", "1.0", "", "nan"], ["null", "007", "true", " x "]]


def test_columns_of_the_same_name_get_a_number(tmp_path):
    (tmp_path / "a.csv").write_text("a,a,b\n1,2,3\n")
    assert list(pages(tmp_path)[0].frame.columns) == ["a", "a.1", "b"]


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.text(st.sampled_from(list('ab,"\n 中')), max_size=5), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 4),
)
def test_the_quick_and_the_careful_way_read_alike(tmp_path_factory, table, page_rows):
    folder = tmp_path_factory.mktemp("alike")
    pd.DataFrame(table).to_csv(folder / "a.csv", index=False, header=["x", "y", "z"], quoting=1)
    assert rows(folder, page_rows=page_rows) == table
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasources.feeds.file.delimited._parse", _parse_carefully)
        assert rows(folder, page_rows=page_rows) == table


@settings(max_examples=150)
@given(st.lists(st.text(st.sampled_from(list('ab,""')), min_size=1, max_size=9), min_size=1, max_size=6))
def test_stray_quotes_are_read_alike_by_the_quick_and_the_careful_way(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("stray")
    (folder / "a.csv").write_text("\n".join(["x,y", *lines]))
    quick = pages(folder, page_rows=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datasources.feeds.file.delimited._parse", _parse_carefully)
        careful = pages(folder, page_rows=2)
    for one, other in zip(quick, careful, strict=True):
        assert one.frame.to_dict("records") == other.frame.to_dict("records")
        assert one.row_numbers().tolist() == other.row_numbers().tolist()
        assert one.unreadable == other.unreadable


def test_rows_that_cannot_be_split_are_handed_on_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'id,name\n1,a\n2,b,c\n3\n4,"open\n5,\0\n6,"x"" y\n7,"two\nlines"\n8,h\n')
    page = pages(tmp_path)[0]
    assert page.frame.to_numpy(dtype=object).tolist() == [["1", "a"], ["7", "two\nlines"], ["8", "h"]]
    assert page.row_numbers().tolist() == [1, 7, 8]
    assert [(each.row, each.text) for each in page.unreadable] == [
        (2, "2,b,c"),
        (3, "3"),
        (4, '4,"open'),
        (5, "5,\0"),
        (6, '6,"x"" y'),
    ]
    assert "has 3 cells, not 2" in page.unreadable[0].detail
    assert "quote" in page.unreadable[2].detail
    assert page.cursor["files"]["a.csv"]["row"] == 8


@given(st.integers(1, 40), st.integers(1, 12), st.data())
@settings(max_examples=40)
def test_a_run_goes_on_in_the_middle_of_a_file_from_any_page(tmp_path_factory, count, page_rows, data):
    folder = tmp_path_factory.mktemp("resume")
    lines = [
        data.draw(st.sampled_from([f"{row},x", f'{row},"a\nb"', f"{row}", f'{row},"open'])) for row in range(count)
    ]
    (folder / "a.csv").write_text("\n".join(["id,name", *lines]) + "\n")
    whole = pages(folder, page_rows=page_rows)
    number = data.draw(st.integers(0, len(whole) - 1))
    rest = pages(folder, cursor=whole[number].cursor, page_rows=page_rows)
    assert [(page.first_row, page.frame.to_dict("records"), page.unreadable) for page in rest] == [
        (page.first_row, page.frame.to_dict("records"), page.unreadable) for page in whole[number + 1 :]
    ]


@pytest.mark.parametrize("path", ["a.json", "a.jsonl", "a.xlsx", "a.parquet", "a.json.gz", "a.parquet.gz"])
def test_every_format_goes_on_in_the_middle(tmp_path, path):
    table = pd.DataFrame({"id": [f"{row:03}" for row in range(11)], "n": range(11)})
    bare = tmp_path / path.removesuffix(".gz")
    {
        ".json": lambda: table.to_json(bare, orient="records"),
        ".jsonl": lambda: table.to_json(bare, orient="records", lines=True),
        ".xlsx": lambda: table.to_excel(bare, index=False),
        ".parquet": lambda: table.to_parquet(bare, row_group_size=3),
    }[bare.suffix]()
    if path.endswith(".gz"):
        (tmp_path / path).write_bytes(gzip.compress(bare.read_bytes()))
    whole = pages(tmp_path, path, page_rows=4)
    assert pd.concat([page.frame for page in whole])["id"].tolist() == table["id"].tolist()
    assert pd.concat([page.frame for page in whole])["n"].astype(int).tolist() == table["n"].tolist()
    assert whole[-1].done == whole[-1].total
    for number, page in enumerate(whole):
        rest = pages(tmp_path, path, cursor=page.cursor, page_rows=4)
        ids = [each for later in whole[number + 1 :] for each in later.frame["id"]]
        assert [each for later in rest for each in later.frame["id"]] == ids


def test_json_items_lie_at_a_path_and_every_page_has_the_columns_of_the_file(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"answer": {"list": [{"id": 1}, {"id": 2, "late": {"x": 1}}, "odd"]}}))
    found = pages(tmp_path, "a.json", items="answer.list", page_rows=1)
    assert [list(page.frame.columns) for page in found] == [["id", "late"]] * 3
    assert [each.text for each in found[2].unreadable] == ['"odd"']


@pytest.mark.parametrize(
    ("items", "message"),
    [(None, "set options.items, perhaps to markers"), ("makers", "did you mean 'markers'"), ("note", "is no list")],
)
def test_json_without_a_list_says_where_one_is(tmp_path, items, message):
    (tmp_path / "a.json").write_text('{"markers": [{"id": 1}], "note": "x"}')
    with pytest.raises(BadDataError, match=message):
        pages(tmp_path, "a.json", items=items)


def test_json_that_is_cut_names_line_and_column(tmp_path):
    (tmp_path / "a.json").write_text('[{"id": 1},\n{"id": ')
    with pytest.raises(BadDataError, match=r"a\.json: no JSON at line 2, column \d+"):
        pages(tmp_path, "a.json")


def test_a_line_that_is_no_json_is_unreadable_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1}\n{"id":\n\n{"id": 3}\n')
    page = pages(tmp_path, "a.jsonl")[0]
    assert (page.frame["id"].tolist(), page.row_numbers().tolist(), page.unreadable[0].row) == ([1, 3], [1, 3], 2)


@pytest.mark.parametrize("path", ["a.geojson", "a.json"])
def test_features_give_properties_id_and_geometry_as_they_stand(tmp_path, path):
    geometry = {"type": "Point", "coordinates": ["-84.45", "34.2"]}
    feature = {"type": "Feature", "id": "c1", "properties": {"name": "x"}, "geometry": geometry}
    (tmp_path / path).write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    row = pages(tmp_path, path)[0].frame.to_dict("records")[0]
    assert row == {"name": "x", FEATURE_ID: "c1", GEOMETRY: geometry}


def test_geoparquet_gives_its_geometry(tmp_path):
    geopandas.GeoDataFrame({"id": [1]}, geometry=[shapely.Point(1.5, 2.5)], crs=4326).to_parquet(tmp_path / "a.parquet")
    assert shapely.from_wkb(pages(tmp_path, "a.parquet")[0].frame[GEOMETRY][0]).equals(shapely.Point(1.5, 2.5))


def test_parquet_keeps_whole_numbers_whole_beside_gaps(tmp_path):
    parquet.write_table(pa.table({"id": pa.array([2**60 + 1, None], pa.int64())}), tmp_path / "a.parquet")
    assert pages(tmp_path, "a.parquet")[0].frame["id"].tolist() == [2**60 + 1, None]


def test_a_sheet_is_read_by_name_with_native_cells(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("数据")
    for row in [
        ["id", "at", "n"],
        [101001240734, datetime(2024, 5, 1, 8), None],
        [None, None, None],
        ["x", None, 1.5, "beyond"],
    ]:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    page = pages(tmp_path, "a.xlsx", sheet="数据")[0]
    assert page.frame.to_dict("records") == [{"id": 101001240734, "at": datetime(2024, 5, 1, 8), "n": None}]
    assert "beyond its 3 columns" in page.unreadable[0].detail
    with pytest.raises(BadDataError, match=r"no sheet '数居'; did you mean '数据'\?"):
        pages(tmp_path, "a.xlsx", sheet="数居")
    with pytest.raises(BadDataError, match="the sheet is empty"):
        pages(tmp_path, "a.xlsx")


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.csv.gz", "a.json"])
def test_a_file_that_is_not_what_its_ending_says_is_bad_data(tmp_path, name):
    (tmp_path / name).write_bytes(b"hello, this is something else")
    with pytest.raises(BadDataError, match=f"^{name}: "):
        pages(tmp_path, name)


def test_an_unknown_ending_asks_for_the_format(tmp_path):
    (tmp_path / "a.dat").write_text(CSV)
    with pytest.raises(BadDataError, match=r"unknown kind of file '\.dat'; set options\.format"):
        pages(tmp_path, "a.dat")
    assert len(rows(tmp_path, "a.dat", format="csv")) == 2


def test_a_wrong_encoding_names_the_byte_and_what_would_fit(tmp_path):
    data = b"id,name\n1," + "柳荫".encode("gb18030")
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(BadDataError, match=r"a\.csv: byte 10 is not utf-8; set options\.encoding, perhaps to gb18030"):
        pages(tmp_path)


def test_the_byte_is_counted_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("datasources.feeds.file.encoding.BLOCK_BYTES", 5)
    before = "id,名\n1,柳".encode()
    (tmp_path / "a.csv").write_bytes(before + b"\xff\n")
    with pytest.raises(BadDataError, match=f"byte {len(before)} is not utf-8"):
        pages(tmp_path)


def test_a_file_that_is_not_there_names_its_folder_and_the_nearest(tmp_path):
    (tmp_path / "events_2015.csv").write_text(CSV)
    with pytest.raises(
        BadDataError, match=r"no such file in .*; did you mean 'events_2015\.csv'\? Correct options\.path\."
    ):
        pages(tmp_path, "events_2016.csv")
    with pytest.raises(BadDataError, match="does not exist"):
        pages(tmp_path, "nowhere/a.csv")


@pytest.mark.parametrize("path", ["*.csv", "."])
def test_a_watched_folder_without_files_is_asked_again_later(tmp_path, path):
    (tmp_path / "x.csv.part").write_text(CSV)
    (tmp_path / ".hidden.csv").write_text(CSV)
    with pytest.raises(TemporaryError, match="no file there yet"):
        pages(tmp_path, path)


def test_a_file_without_a_line_is_bad_data_and_one_without_rows_is_not(tmp_path):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(BadDataError, match="empty"):
        pages(tmp_path)
    (tmp_path / "a.csv").write_text("id,name\n")
    assert [(list(page.frame.columns), len(page.frame)) for page in pages(tmp_path)] == [(["id", "name"], 0)]


def test_new_files_are_read_once_in_the_order_of_their_names(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text(f"id\n{name}\n")
    found = pages(tmp_path, "*.csv")
    assert [page.origin for page in found] == ["a.csv", "b.csv"]
    assert pages(tmp_path, "*.csv", cursor=found[-1].cursor) == []
    (tmp_path / "aa.csv").write_text("id\nnew\n")
    later = pages(tmp_path, "*.csv", cursor=found[-1].cursor)
    assert [page.origin for page in later] == ["aa.csv"]
    assert set(later[-1].cursor["files"]) == {"a.csv", "aa.csv", "b.csv"}


def test_a_file_that_is_replaced_is_read_again_and_one_that_is_gone_is_forgotten(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("id\n1\n")
    cursor = pages(tmp_path, ".")[-1].cursor
    (tmp_path / "a.csv").write_text("id\n2\n3\n")
    (tmp_path / "b.csv").unlink()
    found = pages(tmp_path, ".", cursor=cursor)
    assert [page.frame["id"].tolist() for page in found] == [["2", "3"]]
    assert set(found[-1].cursor["files"]) == {"a.csv"}


def test_a_file_that_still_grows_is_left_until_it_is_stable(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    (tmp_path / "b.csv").write_text(CSV)
    os.utime(path, (NOW - 1, NOW - 1))
    assert [page.origin for page in pages(tmp_path, ".", settle="2s")] == ["b.csv"]
    os.utime(path, (NOW - 2, NOW - 2))
    assert [page.origin for page in pages(tmp_path, ".", settle="2s")] == ["a.csv", "b.csv"]


def test_a_file_that_changes_while_it_is_read_is_not_called_done(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id\n" + "\n".join(map(str, range(10))))
    reading = connector(tmp_path, page_rows=4).pages(None)
    first = next(reading)
    path.write_text("id\n1\n")
    with pytest.raises(TemporaryError, match="was written to while it was read"):
        list(reading)
    again = pages(tmp_path, cursor=first.cursor)
    assert [page.frame["id"].tolist() for page in again] == [["1"]]


def test_a_bad_file_does_not_hold_up_the_others(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"id\n\xff\xff\n")
    (tmp_path / "b.csv").write_text("id\n1\n")
    found, reading = [], connector(tmp_path, ".").pages(None)
    with pytest.raises(BadDataError, match=r"^a\.csv: byte 3"):  # noqa: PT012 (pages come before it)
        for page in reading:
            found.append(page)  # noqa: PERF402
    assert [page.origin for page in found] == ["b.csv"]


def test_a_file_that_may_not_be_read_asks_a_person(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text(CSV)

    def forbidden(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(AuthenticationError, match=r"a\.csv: may not be read; give the user of this program permission"):
        pages(tmp_path)


def test_progress_is_told_in_bytes_of_the_disk(tmp_path):
    body = "id\n" + "\n".join(str(number) for number in np.random.default_rng(1).integers(0, 2**62, 200_000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(body.encode()))
    (tmp_path / "b.csv").write_text("id\n1\n")
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    found = pages(tmp_path, ".", page_rows=20_000)
    assert {page.total for page in found} == {total}
    assert [page.done for page in found] == sorted(page.done for page in found)
    assert found[0].done < total / 2 and found[-1].done == total


@pytest.mark.parametrize("path", ["a.csv", "a.jsonl", "a.parquet"])
def test_memory_stays_flat_with_the_size_of_the_file(tmp_path, path):
    def peak(count: int) -> int:
        table = pd.DataFrame({"id": np.arange(count).astype(str), "text": "x" * 200})
        {
            ".csv": lambda: table.to_csv(tmp_path / path, index=False),
            ".jsonl": lambda: table.to_json(tmp_path / path, orient="records", lines=True),
            ".parquet": lambda: table.to_parquet(tmp_path / path, row_group_size=5_000),
        }[Path(path).suffix]()
        tracemalloc.start()
        before = pa.total_allocated_bytes()
        for _ in connector(tmp_path, path, page_rows=1_000).pages(None):
            pass
        highest = tracemalloc.get_traced_memory()[1] + pa.total_allocated_bytes() - before
        tracemalloc.stop()
        return highest

    small, large = peak(10_000), peak(60_000)
    assert large < 1.6 * small + 1_000_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"separator": ";;"}, r"options\.separator: ';;' is not allowed"),
        ({"encoding": "utf-9"}, r"options\.encoding: 'utf-9' is not an encoding"),
        ({"settle": "soon"}, r"options\.settle: 'soon' is not a duration"),
        ({"format": "xls"}, r"options\.format: 'xls' is not allowed; write 'csv'"),
    ],
)
def test_a_wrong_option_says_what_is_allowed(tmp_path, options, message):
    from config import ConfigError  # noqa: PLC0415 (the name is needed here alone)

    with pytest.raises(ConfigError, match=message):
        connector(tmp_path, **options)

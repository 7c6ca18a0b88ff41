"""Files of a list: every row of it, in its words, and no cell that a spreadsheet would run."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.exports import MOST_EXCEL_ROWS, harmless
from domain.scope import Scope
from tests.tiletown import case_rows
from views.caselist import case_total
from views.query import parse_list

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")
QUERIES = [
    "",
    "?period=30d",
    "?period=30d&figure=open",
    "?period=30d&kind=hazard&category=litter",
    "?period=30d&area=A",
    "?placing=pin&period=30d",
    "?period=2001-01",
]


def lines(answer) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("query", QUERIES)
def test_a_file_has_every_row_of_its_list_once(street, routes, query):
    moment = street.reader.moment()
    expected = case_total(street.reader, parse_list(query, moment).wanted(moment, Scope.site("viewer")))
    head, *rows = lines(routes.get(f"/export/cases.csv{query}"))
    assert len(rows) == len({row[0] for row in rows}) == expected
    book = load_workbook(io.BytesIO(routes.get(f"/export/cases.xlsx{query}").content))
    sheet = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert sheet == [head, *rows]


def test_files_say_what_they_are_and_are_not_kept(routes):
    for end, kind in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")):
        answer = routes.get(f"/export/cases.{end}?period=30d")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="gridhall-cases.{end}"'
        assert answer.headers["cache-control"] == "no-store"
    assert routes.get("/export/cases.csv").content.startswith(b"\xef\xbb\xbf")


def test_no_cell_of_a_file_is_a_formula(street, routes):
    n = len(FORMULAS)
    street.take(
        case_rows(
            n,
            external_id=[f"f{i}" for i in range(n)],
            title=list(FORMULAS),
            longitude=np.full(n, 114.001),
            latitude=np.full(n, 30.501),
        )
    )
    cells = {cell for row in lines(routes.get("/export/cases.csv?q=f")) for cell in row}
    found = {cell for row in lines(routes.get("/export/cases.csv")) for cell in row}
    assert {f"'{text}" for text in FORMULAS} <= found
    assert not [cell for cell in cells | found if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    book = load_workbook(io.BytesIO(routes.get("/export/cases.xlsx").content))
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]


@given(st.text(max_size=20))
def test_a_harmless_cell_starts_no_formula_and_loses_nothing(text):
    cell = harmless(text)
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert cell in {text, f"'{text}"}


def test_a_list_too_long_for_a_sheet_is_refused_in_words(street, routes, monkeypatch):
    assert MOST_EXCEL_ROWS == 2**20 - 1
    monkeypatch.setattr("api.exports.MOST_EXCEL_ROWS", 10)
    answer = routes.get("/export/cases.xlsx?period=30d")
    assert answer.status_code == 413
    assert "CSV" in answer.json()["detail"]


def test_characters_that_excel_forbids_are_left_out(street, routes):
    street.take(case_rows(1, external_id=["odd"], title=["bell\x07"], longitude=[114.001], latitude=[30.501]))
    book = load_workbook(io.BytesIO(routes.get("/export/cases.xlsx").content))
    assert "bell" in {cell for row in book.active.iter_rows(values_only=True) for cell in row}

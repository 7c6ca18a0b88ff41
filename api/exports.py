"""GET /export/cases.csv and .xlsx: the rows of a list, all of them, in the words of the screen."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response, StreamingResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from components.caselines import COLUMNS, line
from components.words import _
from views.caselist import case_rows, case_total
from views.query import parse_list

MOST_EXCEL_ROWS = 1_048_575
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads the file in the encoding of its Windows."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

router = APIRouter()


@router.get("/export/cases.csv")
async def cases_csv(request: Request) -> Response:
    """Every row of the list at this address as CSV (UTF-8), streamed."""
    house, wanted = await run_in_threadpool(_wanted, request)
    return StreamingResponse(
        _csv(house, wanted), media_type="text/csv; charset=utf-8", headers=_attachment("gridhall-cases.csv")
    )


@router.get("/export/cases.xlsx")
async def cases_xlsx(request: Request) -> Response:
    """Every row of the list at this address as an Excel file; 413 where a sheet cannot hold them."""
    house, wanted = await run_in_threadpool(_wanted, request)
    path = await run_in_threadpool(_workbook, house, wanted)
    if path is None:
        raise HTTPException(413, _("An Excel sheet holds 1,048,575 rows at most; export CSV or narrow the filters."))
    return FileResponse(
        path.name, headers=_attachment("gridhall-cases.xlsx"), background=BackgroundTask(path.close),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )  # fmt: skip


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _wanted(request: Request) -> tuple[Any, Any]:
    house = request.app.state.house
    moment = house.reader.moment()
    return house, parse_list(request.url.query, moment).wanted(moment, request.scope["state"]["access"])


def _lines(house: Any, wanted: Any) -> Iterator[list[list[str]]]:
    zone = ZoneInfo(house.zone.name)
    for chunk in case_rows(house.reader, wanted):
        yield [[harmless(text) for text in line(row, zone)] for row in chunk]


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _heads() -> list[str]:
    return [_(label) for _name, label, _text in COLUMNS]


def _csv(house: Any, wanted: Any) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _written([_heads()])
    for chunk in _lines(house, wanted):
        yield _written(chunk)


def _written(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _workbook(house: Any, wanted: Any) -> Any | None:
    if case_total(house.reader, wanted) > MOST_EXCEL_ROWS:
        return None
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    sheet.append(_heads())
    for chunk in _lines(house, wanted):
        for row in chunk:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", text) for text in row])
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  removed when the answer has been sent
    book.save(file.name)
    return file

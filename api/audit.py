"""GET /export/audit.csv: the rows of a filter of the audit record, for the auditor; taking it is on record itself."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.exports import BYTE_ORDER_MARK, harmless
from components.caselines import moment_text
from components.words import _
from domain.chain import COLUMNS
from store import audit
from store.engine import write
from views.audit import audit_rows, may_audit, parse_audit

router = APIRouter()


@router.get("/export/audit.csv")
async def audit_csv(request: Request) -> Response:
    """Every row of the filter at this address as CSV (UTF-8), oldest first."""
    house, actor = request.app.state.house, request.scope["state"].get("actor")
    if actor is None or not may_audit(actor):
        return JSONResponse({"detail": _("Your role has no way to this page.")}, 403)
    await run_in_threadpool(_put_on_record, house, actor)
    headers = {"Content-Disposition": 'attachment; filename="gridhall-audit.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(
        _csv(house, actor, request.url.query), media_type="text/csv; charset=utf-8", headers=headers
    )


def _put_on_record(house: Any, actor: Any) -> None:
    with write(house.engine) as connection:
        audit.append(connection, actor, "audit.export", "audit", now=house.clock())


def _csv(house: Any, actor: Any, search: str) -> Iterator[str]:
    zone = ZoneInfo(house.zone.name)
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for chunk in audit_rows(house.engine, actor, parse_audit(search), house.zone):
        yield "".join(_line(_shown(row, zone)) for row in chunk)


def _shown(row: Mapping[str, Any], zone: ZoneInfo) -> list[str]:
    return [moment_text(row["at"], zone) if name == "at" else harmless(str(row[name])) for name in COLUMNS]


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()

"""A refusal as an answer: its status, and its sentence in the reader's language."""

from typing import Any

import structlog
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse

from components.plain import render
from components.words import _
from domain.refusal import Refused

STATUS = {
    "absent": 404, "forbidden": 403, "stale": 409, "illegal": 409, "missing": 422, "invalid": 422, "limit": 429, "unsigned": 401,
}  # fmt: skip

log = structlog.get_logger()


def sentence(refused: Refused) -> str:
    """What people read. Values that are message ids are said in their language too."""
    values = {name: _(value) if isinstance(value, str) else value for name, value in refused.values.items()}
    return _(refused.message, **values)


def noted(request: Request, refused: Refused) -> int:
    """Log a refusal, once and without what was sent; its status."""
    log.info("refused", path=request.scope["route"].path, kind=refused.kind, why=refused.message)
    return STATUS[refused.kind]


def said(request: Request, refused: Refused) -> JSONResponse:
    """A refusal for a machine."""
    return JSONResponse({"detail": sentence(refused)}, noted(request, refused))


def page(request: Request, name: str, refused: Refused | None = None, **values: Any) -> HTMLResponse:
    """A plain document with the site's name and, after a refusal, with its sentence and status."""
    problem, status = (sentence(refused), noted(request, refused)) if refused else ("", 200)
    text = render(name, site=request.app.state.house.settings.site.name, problem=problem, **values)
    return HTMLResponse(text, status)

"""A refusal as an answer: its status, and its sentence in the reader's language."""

import structlog
from fastapi import Request
from fastapi.responses import JSONResponse

from components.words import _
from domain.refusal import Refused

STATUS = {
    "absent": 404, "forbidden": 403, "stale": 409, "illegal": 409, "missing": 422, "invalid": 422, "limit": 429,
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

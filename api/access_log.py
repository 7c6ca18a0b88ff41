"""One line a request: who, what, how it went and how long it took. Nothing that a visitor typed but the address, redacted."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.redaction import shown_path, shown_query

QUIET = ("/assets/", "/_dash-component-suites/", "/healthz", "/readyz", "/metrics")
"""Asked by browsers and machines by themselves; told only when they fail."""

log = structlog.get_logger("access")


class Logged:
    """Tells each request when its answer has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and tell."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            _tell(scope, status, time.perf_counter() - began)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    path = scope["path"]
    if status < 400 and path.startswith(QUIET):
        return
    actor = scope.get("state", {}).get("actor")
    log.info(
        "request", method=scope["method"], path=shown_path(path),
        query=shown_query(scope["query_string"].decode("latin-1")), status=status, ms=round(seconds * 1000, 1),
        actor=getattr(actor, "login", "") or "nobody",
    )  # fmt: skip

"""The outermost layer: who is asking, and what they may see. Sign-in will replace this file and nothing else."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from domain.scope import Scope

OPEN = frozenset({"/healthz", "/readyz"})
"""What anyone may ask from anywhere."""


@dataclass(frozen=True)
class Principal:
    """Who is asking."""

    name: str


class Gate:
    """Puts principal and access into scope["state"]: the whole site for this machine, nothing for any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        local = _is_loopback(scope)
        if not local and scope.get("path") not in OPEN:
            refusal = PlainTextResponse(
                "GridHall answers on this machine only until sign-in is set up.", status_code=403
            )
            await refusal(scope, receive, send)
            return
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["principal"] = Principal("local" if local else "nobody")
        state["access"] = Scope.site("viewer") if local else Scope.nothing()
        await self._app(scope, receive, send)


def _is_loopback(scope: AsgiScope) -> bool:
    """Whether client and Host are this machine. The Host is checked so that no foreign page can borrow our address."""
    client = scope.get("client")
    host = dict(scope.get("headers", [])).get(b"host", b"").decode("latin-1")
    return client is not None and _is_local_name(client[0]) and _is_local_name(_without_port(host))


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1 : host.find("]")]
    return host.rsplit(":", 1)[0] if host.count(":") == 1 else host


def _is_local_name(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False

"""Who reads a page and what they may see, as the gate said."""

from typing import Any

from flask import has_request_context, request

from domain.actor import PUBLIC, Actor
from domain.scope import Scope


def access() -> Scope:
    """The scope of this request; nothing where no gate stood before it."""
    found: Scope = _state().get("access", Scope.nothing())
    return found


def actor() -> Actor:
    """Who asks; the public where no gate stood before it."""
    found: Actor = _state().get("actor", PUBLIC)
    return found


def client() -> str:
    """The address that the request came from."""
    return str(_state().get("client", ""))


def _state() -> dict[str, Any]:
    environ = request.environ if has_request_context() else {}
    found: dict[str, Any] = environ.get("asgi.scope", {}).get("state", {})
    return found

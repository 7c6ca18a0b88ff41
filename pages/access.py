"""What the reader of a page may see, as the gate said."""

from flask import request

from domain.scope import Scope


def access() -> Scope:
    """The scope of this request; nothing where no gate stood before it."""
    state = request.environ.get("asgi.scope", {}).get("state", {})
    found: Scope = state.get("access", Scope.nothing())
    return found

"""Which paths are open to anyone, and which roles the others ask for. Paths are compared part by part, never as text."""

from domain.actor import ADMINISTRATORS, ROLES

OPEN = (
    "/healthz", "/readyz", "/login", "/assets", "/report", "/track", "/p", "/rate", "/open311", "/public", "/hooks", "/tiles/base",
)  # fmt: skip
"""Open without sign-in, each with all below it: signs of life, sign-in, the channel for residents, deliveries that are
signed, the base map."""

OPEN_HERE = ("/metrics",)
"""Open without sign-in to programs on this machine alone; from elsewhere to an account, best by its key."""

WORKERS = frozenset(ROLES) - ADMINISTRATORS - {"viewer"}
EVERYONE = frozenset(ROLES)

WAYS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("/accounts", frozenset({"security_admin", "system_admin"}), frozenset({"security_admin"})),
    ("/calendar", EVERYONE, frozenset({"system_admin"})),
    ("/audit", frozenset({"auditor"}), frozenset({"auditor"})),
    ("/places", frozenset({"system_admin", "shift_leader", "leader"}), frozenset({"system_admin", "shift_leader", "leader"})),
    ("/inbox", WORKERS, WORKERS),
    ("/board", WORKERS, WORKERS),
    ("/new", WORKERS, WORKERS),
    ("/moves", WORKERS, WORKERS),
    ("/reports", WORKERS, WORKERS),
    ("/duplicates", WORKERS, WORKERS),
)  # fmt: skip
"""Path with all below it, the roles that may read it, the roles that may write to it."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEEPS_ALIVE = "/session/alive"
"""A key was pressed or a pointer moved: the only request beside the opening of a page that keeps a session alive."""


def lies_below(path: str, way: str) -> bool:
    """Whether a path is `way` or below it."""
    return path == way or path.startswith(f"{way}/")


def is_open(path: str) -> bool:
    """Whether anyone may ask for a path."""
    return any(lies_below(path, way) for way in OPEN)


def is_open_here(path: str) -> bool:
    """Whether a program on this machine may ask for a path without an account."""
    return any(lies_below(path, way) for way in OPEN_HERE)


def asks_for(path: str, method: str = "GET") -> frozenset[str] | None:
    """The roles that a path asks for; None where any account will do."""
    for way, readers, writers in WAYS:
        if lies_below(path, way):
            return readers if method in SAFE_METHODS else writers
    return None


def may_open(role: str, path: str, method: str = "GET") -> bool:
    """Whether a role may go a way that asks for sign-in."""
    asked = asks_for(path, method)
    return role in ROLES and (asked is None or role in asked)


def is_own_path(address: str) -> bool:
    """Whether an address leads to a path of this site and nowhere else, whatever a browser makes of it."""
    return address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address

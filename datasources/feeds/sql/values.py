"""Values of a database as JSON, so that a cursor holds them, and back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

KINDS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "uuid": (UUID, str, UUID),
}
"""Name → type, how it is written, how it is read; the first that fits."""


def packed(value: Any) -> Any:
    """A value as JSON: numbers and texts as they are, others with their kind."""
    for name, (kind, write, _read) in KINDS.items():
        if isinstance(value, kind):
            return {name: write(value)}
    return value


def unpacked(value: Any) -> Any:
    """The value that was packed. Raises ValueError for what packed() never made."""
    if not isinstance(value, dict):
        return value
    ((name, text),) = value.items()
    if name not in KINDS:
        raise ValueError(name)
    return KINDS[name][2](text)


def earlier(value: Any, overlap: int) -> Any:
    """A value as much before: seconds of a time, days rounded up of a date, as many of a number; a text as it is."""
    if isinstance(value, datetime):
        return value - timedelta(seconds=overlap)
    if isinstance(value, date):
        return value - timedelta(days=-(-overlap // 86_400))
    return value - overlap if isinstance(value, int | float | Decimal) else value

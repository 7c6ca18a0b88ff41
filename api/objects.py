"""JSON objects that a page sends, looked at before anybody works with them."""

from typing import Any

import orjson
from fastapi import Request

from domain.measures import N_
from domain.refusal import Refused

NOT_READABLE = N_("This request cannot be read; load the page again and send it once more.")


async def asked_of(request: Request, **wanted: type) -> dict[str, Any]:
    """The JSON object of a request, with the values that are wanted of these types. Raises Refused (invalid)."""
    try:
        found = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Refused("invalid", NOT_READABLE) from error
    if not isinstance(found, dict) or any(not _fits(found.get(name), kind) for name, kind in wanted.items()):
        raise Refused("invalid", NOT_READABLE)
    return found


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 1 << 53
    return isinstance(value, kind)

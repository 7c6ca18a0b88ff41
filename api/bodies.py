"""How much a request may bring. What says that it brings more is refused before it is read."""

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from domain.ways import lies_below

MEGABYTE = 1_000_000
USUAL = 1 * MEGABYTE
MOST = (("/report", 40 * MEGABYTE), ("/photos", 12 * MEGABYTE), ("/hooks", 5 * MEGABYTE))
"""Path with all below it, the most bytes of a body."""


class TooLargeError(Exception):
    """A body is larger than its path takes."""


def most(path: str) -> int:
    """The most bytes that a path takes."""
    return next((size for way, size in MOST if lies_below(path, way)), USUAL)


async def limited(scope: Scope, receive: Receive) -> Receive:
    """A receive that gives no more than the path takes. Raises TooLargeError.

    A body whose length is told is judged by that; one that comes in chunks is read up to the limit first.
    """
    headers, limit = Headers(scope=scope), most(scope["path"])
    told = headers.get("content-length", "")
    if told:
        if not told.isascii() or not told.isdigit() or int(told) > limit:
            raise TooLargeError
        return receive
    if "transfer-encoding" not in headers:
        return receive
    read: list[Message] = []
    size, more = 0, True
    while more:
        message = await receive()
        read.append(message)
        size += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
        if size > limit:
            raise TooLargeError

    async def again() -> Message:
        return read.pop(0) if read else await receive()

    return again

"""Asking a service that draws: what lets us in may stand anywhere in an address, so no address is ever told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from datasources.errors import SourceError, TemporaryError
from datasources.outgoing import Answer, Caps, Outgoing


class Asking:
    """The way out of one service. Errors name the host alone: neither path nor query, for a key may be in either."""

    def __init__(
        self, hosts: Iterable[str], *, caps: Caps, headers: Mapping[str, str], clock: Callable[[], float]
    ) -> None:  # fmt: skip
        """hosts: the service's address first, then what it may lead to."""
        named = tuple(hosts)
        self.place = place(named[0])
        self._outgoing = Outgoing(named, caps=caps, headers=headers, clock=clock)

    def get(self, url: str, **request: Any) -> Answer:
        """GET, as Outgoing.get."""
        try:
            return self._outgoing.get(url, **request)
        except SourceError as error:
            raise untold(error, url) from None  # the cause would tell in a trace what the sentence keeps back


def place(url: str) -> str:
    """The host of an address, and its port where one is said."""
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def untold(error: SourceError, url: str) -> SourceError:
    """The same error without the path of the address."""
    path = urlsplit(url).path
    text = str(error).replace(path, "") if path.strip("/") else str(error)
    return TemporaryError(text, error.retry_after_seconds) if isinstance(error, TemporaryError) else type(error)(text)

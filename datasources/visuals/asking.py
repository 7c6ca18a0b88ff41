"""Asking a service that draws: what lets us in may stand anywhere in an address, so no address is ever told."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from datasources.errors import SourceError, TemporaryError
from datasources.outgoing import Answer, Caps, Outgoing


class Asking:
    """The way out of one service. Errors name the host alone: neither path nor query, for a key may be in either."""

    def __init__(
        self, own: Iterable[str], hosts: Iterable[str] = (), *,
        caps: Caps, headers: Mapping[str, str], clock: Callable[[], float],
    ) -> None:  # fmt: skip
        """own: the service's addresses, which are told the headers; hosts: what it may lead to beside them."""
        named = tuple(own)
        self.place = place(named[0])
        self._outgoing = Outgoing((*named, *hosts), caps=caps, headers=headers, trusted=named, clock=clock)

    def get(self, url: str, **request: Any) -> Answer:
        """GET, as Outgoing.get; what is said of the answer names its host alone, too."""
        try:
            answer = self._outgoing.get(url, **request)
            return replace(answer, place=place(answer.url))
        except SourceError as error:
            raise self._untold(error) from None  # the cause would tell in a trace what the sentence keeps back

    def close(self) -> None:
        """Let go of the connections."""
        self._outgoing.close()

    def _untold(self, error: SourceError) -> SourceError:
        """The same error without the paths of its addresses, wherever a redirect has led."""
        hosts = "|".join(re.escape(host) for host, _port in self._outgoing.known)
        text = re.sub(rf"\b({hosts})(:\d+)?/\S*", r"\1\2", str(error), flags=re.IGNORECASE)
        return (
            TemporaryError(text, error.retry_after_seconds) if isinstance(error, TemporaryError) else type(error)(text)
        )


def place(url: str) -> str:
    """The host of an address, and its port where one is said."""
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"

"""A platform that answers from a table instead of over the network: path → what it says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from datasources.outgoing import client

Answering = Callable[[httpx.Request], httpx.Response]


def answering(answer: Answering) -> Callable[[Any], None]:
    """A Situation's arrange: every way out leads to `answer`; which hosts are named is still held."""

    def arrange(monkeypatch: pytest.MonkeyPatch) -> None:
        def unread(request: httpx.Request) -> httpx.Response:
            found = answer(request)
            return httpx.Response(found.status_code, headers=found.headers, stream=httpx.ByteStream(found.content))

        monkeypatch.setattr(client, "Transport", lambda *_, **__: httpx.MockTransport(unread))

    return arrange


def by_path(table: dict[str, Any]) -> Answering:
    """Answers by path: bytes and text as they are, a Response itself, a function of the request, anything else as JSON."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = table.get(request.url.path, httpx.Response(404))
        found = found(request) if callable(found) else found
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, content=found) if isinstance(found, bytes | str) else httpx.Response(200, json=found)

    return answer


@contextmanager
def asked(answer: Answering) -> Iterator[list[httpx.Request]]:
    """The requests that were made while every way out leads to `answer`."""
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    with pytest.MonkeyPatch.context() as patch:
        answering(note)(patch)
        yield seen

"""The connections themselves: only to addresses that were looked at, and never longer than a request may take."""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import httpcore
import httpx

from datasources.outgoing.hosts import Authority, NotNamedError, addresses

_UNTIL: ContextVar[float] = ContextVar("until", default=float("inf"))
"""When the request of this thread has to be over, on the monotonic clock."""


@contextmanager
def over_by(until: float) -> Iterator[None]:
    """Within, whatever is waited for on a connection ends at `until` (monotonic clock), however slowly it drips."""
    token = _UNTIL.set(until)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def _left(timeout: float | None, error: type[Exception]) -> float:
    left = _UNTIL.get() - time.monotonic()
    if left <= 0:
        raise error("the time for the whole answer is over")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait is cut where the request has to be over."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Vetted(httpcore.NetworkBackend):
    """Connects to the addresses that were looked at, so that a name cannot lead elsewhere the second time it is asked.

    Whatever was asked above, nothing but a named host and port is connected to.
    """

    def __init__(self, known: frozenset[Authority]) -> None:
        self._known, self._plain = known, httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """The first address that takes the connection."""
        if (host.lower().rstrip("."), port) not in self._known:
            raise NotNamedError(f"{host}:{port} is not named in the settings; add it to options.hosts if it is meant")
        last: Exception = httpcore.ConnectError(host)
        for address in addresses(host, port):
            try:
                left = _left(timeout, httpcore.ConnectTimeout)
                return _Stream(self._plain.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


@cache
def _usual() -> ssl.SSLContext:
    """Reading the known authorities takes longer than most requests: once a process."""
    return httpx.create_ssl_context(trust_env=False)


class Transport(httpx.HTTPTransport):
    """httpx's transport over vetted connections; it heeds no proxy and no certificate of the environment."""

    def __init__(self, *, known: frozenset[Authority], verify: ssl.SSLContext | bool) -> None:
        context = _usual() if verify is True else httpx.create_ssl_context(verify=verify, trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Vetted(known), max_connections=16)

"""The way to the server: connections to addresses that were looked at, and what its errors mean."""

import socket
from typing import Any

import redis
from redis import exceptions as said
from redis.connection import Connection, SSLConnection

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.feeds.redis_stream.options import RedisStreamOptions
from datasources.outgoing.hosts import addresses

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
NOT_LET_IN = (said.AuthenticationError, said.AuthorizationError, said.NoPermissionError)
AWAY = (said.ConnectionError, said.TimeoutError, said.BusyLoadingError, said.ReadOnlyError, said.TryAgainError)


class _LookedAt(Connection):
    """Connects to an address that datasources.outgoing lets us; TLS still holds the name to the certificate."""

    def _connect(self) -> socket.socket:
        last: OSError = OSError("no address")
        for address in addresses(self.host, self.port):
            try:
                found = socket.create_connection((address, self.port), timeout=self.socket_connect_timeout)
            except OSError as error:
                last = error
                continue
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found.settimeout(self.socket_timeout)
            return found
        raise last


class _Secure(SSLConnection, _LookedAt):
    """The same under TLS."""


def client(options: RedisStreamOptions) -> Any:
    """A client that connects on first use."""
    host, port = options.server
    pool = redis.ConnectionPool(
        connection_class=_Secure if options.is_secure else _LookedAt,
        host=host, port=port, db=options.database, username=options.user, password=options.password,
        socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS,
    )  # fmt: skip
    return redis.Redis.from_pool(pool)


def told(error: Exception, place: str, group: str) -> SourceError:
    """What an error of the library means for us."""
    why = (str(error).splitlines() or [""])[0][:160] or type(error).__name__
    if isinstance(error, NOT_LET_IN) or why.startswith(("NOAUTH", "WRONGPASS", "NOPERM")):
        return AuthenticationError(
            f"{place}: the server refuses us ({why}); check options.user and the password in the environment"
        )
    if why.startswith("NOGROUP"):
        return TemporaryError(f"{place}: the group '{group}' is gone; it will be made again")
    if isinstance(error, AWAY):
        return TemporaryError(f"{place} cannot be reached ({why}); it will be tried again")
    return BadDataError(f"{place}: the server does not understand us ({why}); correct options.stream")

"""The way to the server: connections to addresses that were looked at, and what its errors mean."""

import socket
import ssl
from pathlib import Path
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

PLAIN = {
    "WRONGPASS": "wrong user or password",
    "invalid username-password": "wrong user or password",
    "NOAUTH": "it asks for a password",
    "Authentication required": "it asks for a password",
    "NOPERM": "we may not use it",
    "no permissions": "we may not use it",
    "WRONGTYPE": "the key holds something else than a stream",
    "LOADING": "it is still loading its data",
    "loading the dataset": "it is still loading its data",
    "READONLY": "it is a copy that takes no writes",
    "read only replica": "it is a copy that takes no writes",
    "Connection closed by server": "the connection broke",
    "Timeout reading": "it does not answer",
    "Timeout connecting": "it does not answer",
}
"""Words of the server or the library → plain ones (components.stream_sentences says them in the reader's language)."""

NO_WAY_IN = frozenset({"wrong user or password", "it asks for a password", "we may not use it"})


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


def client(options: RedisStreamOptions, folder: Path) -> Any:
    """A client that connects on first use. Raises BadDataError for certificates that cannot be read."""
    host, port = options.server
    way: dict[str, Any] = {"connection_class": _Secure, **_trust(options, folder)} if options.is_secure else {}
    pool = redis.ConnectionPool(
        **{"connection_class": _LookedAt, **way},
        host=host, port=port, db=options.database, username=options.user, password=options.password,
        socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS,
    )  # fmt: skip
    return redis.Redis.from_pool(pool)


def _trust(options: RedisStreamOptions, folder: Path) -> dict[str, str | None]:
    """What the server must show, and what we show it, as the library wants it."""
    ca, own, key = (str(folder / each) if each else None for each in (options.ca, options.certificate, options.key))
    try:
        context = ssl.create_default_context(cafile=ca)
        if own:
            context.load_cert_chain(own, key)
    except (OSError, ValueError) as error:
        raise BadDataError(
            f"a certificate cannot be read ({_why(error)}); correct options.ca, certificate or key"
        ) from error
    return {"ssl_ca_certs": ca, "ssl_certfile": own, "ssl_keyfile": key or own}


def told(error: Exception, place: str, group: str) -> SourceError:
    """What an error of the library means for us."""
    why = _why(error)
    if isinstance(_origin(error), ssl.SSLCertVerificationError):
        return AuthenticationError(
            f"{place} and we do not trust each other ({why}); check options.ca, certificate and key"
        )
    if isinstance(error, NOT_LET_IN) or why in NO_WAY_IN:
        return AuthenticationError(
            f"{place} refuses us ({why}); check options.user and the password in the environment"
        )
    if str(error).startswith("NOGROUP"):
        return TemporaryError(f"{place}: the group '{group}' is gone; it will be made again")
    if isinstance(error, AWAY):
        return TemporaryError(f"{place} cannot be reached ({why}); it will be tried again")
    return BadDataError(f"{place} does not understand us ({why}); correct options.stream")


def _why(error: Exception) -> str:
    """The library's sentence in plain words, or as it is."""
    text = (str(error).splitlines() or [""])[0][:160] or type(error).__name__
    for words, plain in PLAIN.items():
        if words in text:
            return plain
    system = _origin(error)
    return (isinstance(system, OSError) and system.strerror) or text


def _origin(error: BaseException) -> BaseException:
    """What the library's error came of."""
    below = error.__cause__ or error.__context__
    return error if below is None else _origin(below)

"""One HTTP client for every connector (sync: connectors run in threads)."""

import email.utils
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore
import httpx
from httpx import USE_CLIENT_DEFAULT

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.outgoing.answer import Answer
from datasources.outgoing.hosts import Authority, addresses, authority, named, require_named

MOST_REDIRECTS = 5
REFUSED = frozenset({401, 403, 407})
TEMPORARY = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Caps:
    """What one answer may cost: seconds to connect and between two pieces, seconds in all, bytes once unpacked."""

    connect_seconds: float = 5.0
    silence_seconds: float = 20.0
    total_seconds: float = 60.0
    most_bytes: int = 64 << 20


class _Vetted(httpcore.NetworkBackend):
    """Connects to the addresses that were looked at, so that a name cannot lead elsewhere the second time it is asked."""

    def __init__(self) -> None:
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """The first address that takes the connection."""
        last: Exception = httpcore.ConnectError(host)
        for address in addresses(host, port):
            try:
                return self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


class _Transport(httpx.HTTPTransport):
    def __init__(self, *, verify: ssl.SSLContext | bool) -> None:
        super().__init__(verify=verify, trust_env=False)
        context = httpx.create_ssl_context(verify=verify, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Vetted(), max_connections=16)


class Outgoing:
    """Asks hosts that the settings name: `hosts` are URLs or "host:port". Closed at the end of a with block."""

    def __init__(
        self, hosts: Iterable[str], *, caps: Caps = Caps(), auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None, verify: ssl.SSLContext | bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.known: frozenset[Authority] = named(hosts)
        self.caps, self.clock = caps, clock
        self._own = tuple(headers or ())
        self._client = httpx.Client(
            transport=_Transport(verify=verify), auth=auth, follow_redirects=False, trust_env=False,
            headers={"Accept-Encoding": "gzip, deflate", "User-Agent": "GridHall", **(headers or {})},
            timeout=httpx.Timeout(caps.silence_seconds, connect=caps.connect_seconds),
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def get(self, url: str, *, accept: Iterable[int] = (), **request: Any) -> Answer:
        """GET. request: params, headers and the like of httpx; accept: statuses beside 2xx that are an answer (304).

        Raises TemporaryError, AuthenticationError, BadDataError (NotNamedError where the way leads elsewhere).
        """
        return self.ask("GET", url, accept=accept, **request)

    def post(self, url: str, *, accept: Iterable[int] = (), **request: Any) -> Answer:
        """POST, as get()."""
        return self.ask("POST", url, accept=accept, **request)

    def ask(self, method: str, url: str, *, accept: Iterable[int] = (), **request: Any) -> Answer:
        """Ask and read the whole answer; redirects of a GET are followed within the named hosts."""
        until = time.monotonic() + self.caps.total_seconds
        asked, first = self._client.build_request(method, url, **request), authority(url)
        for _hop in range(MOST_REDIRECTS + 1):
            require_named(str(asked.url), self.known)
            answer, following = self._once(asked, until, at_home=authority(str(asked.url)) == first)
            if following is None:
                return _good(answer, frozenset(accept), self.clock())
            asked = following
        raise BadDataError(f"{answer.place} redirects again and again; correct options.url")

    def _once(self, asked: httpx.Request, until: float, *, at_home: bool) -> tuple[Answer, httpx.Request | None]:
        place = _place(str(asked.url))
        if not at_home:  # what lets us in at the first host is not told to another
            for name in (*self._own, "Authorization", "Cookie"):
                asked.headers.pop(name, None)
        try:
            with closing(self._client.send(asked, stream=True, auth=USE_CLIENT_DEFAULT if at_home else None)) as found:
                following = found.next_request if found.request.method == "GET" else None
                body = b"" if following is not None else self._body(found, place, until)
                headers = {name.lower(): value for name, value in found.headers.items()}
                return Answer(str(found.url), found.status_code, headers, body, place), following
        except httpx.TimeoutException as error:
            raise TemporaryError(f"{place} does not answer in time; it will be tried again") from error
        except httpx.HTTPError as error:
            raise TemporaryError(f"{place} cannot be reached ({_why(error)}); it will be tried again") from error
        except httpx.InvalidURL as error:
            raise BadDataError(f"{place} leads to an address that is none; correct options.url") from error

    def _body(self, found: httpx.Response, place: str, until: float) -> bytes:
        pieces, size = [], 0
        for piece in found.iter_bytes():
            size += len(piece)
            if size > self.caps.most_bytes:
                raise BadDataError(
                    f"{place} answers with more than {self.caps.most_bytes >> 20} MB; ask it for less, or raise options.most_megabytes"
                )
            if time.monotonic() > until:
                raise TemporaryError(
                    f"{place} took longer than {self.caps.total_seconds:g} seconds; it will be tried again"
                )
            pieces.append(piece)
        return b"".join(pieces)


def _place(url: str) -> str:
    """What may be told of an address: host and path, never what stands behind the question mark or before the @."""
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _why(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__


def _good(answer: Answer, accept: frozenset[int], now: float) -> Answer:
    status = answer.status
    if 200 <= status < 300 or status in accept:
        return answer
    raise _error(answer, now)


def _error(answer: Answer, now: float) -> SourceError:
    place, status = answer.place, answer.status
    if status in REFUSED:
        return AuthenticationError(f"{place} refuses us ({status}); check the key or the password in the environment")
    if status in TEMPORARY or status >= 500:
        return TemporaryError(
            f"{place} cannot answer now ({status}); it will be tried again", retry_after(answer.headers, now)
        )
    return BadDataError(f"{place} does not answer what it is asked ({status}); correct options.url")


def retry_after(headers: Mapping[str, str], now: float) -> int | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date); None where there is none."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        return max(0, round(email.utils.parsedate_to_datetime(text).timestamp() - now)) if text else None
    except ValueError:
        return None

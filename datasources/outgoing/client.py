"""One HTTP client for every connector (sync: connectors run in threads)."""

import email.utils
import io
import logging
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import IO, Any, Self
from urllib.parse import urlsplit

import httpx
from httpx import USE_CLIENT_DEFAULT

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.outgoing.answer import Answer
from datasources.outgoing.body import unpacked
from datasources.outgoing.hosts import PORTS, Authority, NotNamedError, named, require_named
from datasources.outgoing.network import Transport, over_by

MOST_REDIRECTS = 5
REFUSED = frozenset({401, 403, 407})
TEMPORARY = frozenset({408, 425, 429})
HARMLESS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent", "range"})
"""Headers that another host may be told too."""

Origin = tuple[str, str, int]
"""Scheme, host and port: who is told what lets us in."""

# httpx writes every address with its query, and so its key, into the log of the process.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Caps:
    """What one answer may cost: seconds to connect and between two pieces, seconds in all, bytes once unpacked."""

    connect_seconds: float = 5.0
    silence_seconds: float = 20.0
    total_seconds: float = 60.0
    most_bytes: int = 64 << 20


class Outgoing:
    """Asks hosts that the settings name: `hosts` are URLs or "host:port". Closed at the end of a with block.

    auth and headers are told to the first of the hosts and to those in `trusted`, to no other; cookies are not kept.
    """

    def __init__(
        self, hosts: Iterable[str], *, caps: Caps = Caps(), auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None, trusted: Iterable[str] = (),
        verify: ssl.SSLContext | bool = True, clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        hosts = tuple(hosts)
        self.known: frozenset[Authority] = named((*hosts, *trusted))
        self.caps, self.clock = caps, clock
        self._trusted = {_origin(httpx.URL(_with_scheme(each))) for each in (*hosts[:1], *trusted)}
        self._own = _secret_names(headers)
        self._client = httpx.Client(
            transport=Transport(known=self.known, verify=verify), auth=auth, follow_redirects=False, trust_env=False,
            headers={"User-Agent": "GridHall", **_fitting(headers), "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(caps.silence_seconds, connect=caps.connect_seconds),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
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

    def ask(
        self, method: str, url: str, *, accept: Iterable[int] = (), into: IO[bytes] | None = None, **request: Any
    ) -> Answer:
        """Ask and read the whole answer; redirects of a GET are followed within the named hosts.

        into: a file that takes the body, for an answer that is too large for memory; Answer.body is then empty.
        """
        until = time.monotonic() + self.caps.total_seconds
        asked = self._request(method, url, request)
        first, told = _origin(asked.url), _secret_names(request.get("headers"))
        for _hop in range(MOST_REDIRECTS + 1):
            origin = _origin(asked.url)
            require_named(f"{origin[0]}://{_bracketed(origin[1])}:{origin[2]}", self.known)
            self._keep_secret(asked, () if origin == first else (*told, "authorization", "cookie"))
            with over_by(until):
                answer, following = self._once(asked, until, into)
            if following is None:
                return _good(answer, frozenset(accept), self.clock())
            asked = following
        raise BadDataError(f"{answer.place} redirects again and again; correct options.url")

    def _request(self, method: str, url: str, request: Mapping[str, Any]) -> httpx.Request:
        try:
            return self._client.build_request(method, url, **{**request, "headers": _fitting(request.get("headers"))})
        except (httpx.InvalidURL, UnicodeError) as error:
            raise NotNamedError(f"{_place(url)} is no address that can be asked; correct options.url") from error

    def _keep_secret(self, asked: httpx.Request, told: Iterable[str]) -> None:
        """What lets us in at one host is not told to another."""
        for name in (*told, *(() if _origin(asked.url) in self._trusted else self._own)):
            asked.headers.pop(name, None)

    def _once(self, asked: httpx.Request, until: float, into: IO[bytes] | None) -> tuple[Answer, httpx.Request | None]:
        place = _place(str(asked.url))
        auth = USE_CLIENT_DEFAULT if _origin(asked.url) in self._trusted else None
        try:
            with closing(self._client.send(asked, stream=True, auth=auth)) as found:
                following = found.next_request if found.request.method == "GET" else None
                body = b"" if following is not None else self._body(found, place, until, into)
                headers = {name.lower(): value for name, value in found.headers.items()}
                return Answer(str(found.url), found.status_code, headers, body, place), following
        except httpx.HTTPError as error:
            raise self._trouble(place, error, until) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise BadDataError(f"{place} leads to an address that is none; correct options.url") from error

    def _trouble(self, place: str, error: httpx.HTTPError, until: float) -> SourceError:
        if time.monotonic() > until:
            return self._too_slow(place)
        if isinstance(error, httpx.TimeoutException):
            return TemporaryError(f"{place} does not answer in time; it will be tried again")
        if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
            return BadDataError(
                f"{place} cannot be asked like this; check options.url and the key for stray characters"
            )
        return TemporaryError(f"{place} cannot be reached ({_why(error)}); it will be tried again")

    def _too_slow(self, place: str) -> TemporaryError:
        return TemporaryError(f"{place} took longer than {self.caps.total_seconds:g} seconds; it will be tried again")

    def _body(self, found: httpx.Response, place: str, until: float, into: IO[bytes] | None) -> bytes:
        kept = io.BytesIO() if into is None else into
        size = 0
        for piece in unpacked(found.iter_raw(), found.headers.get("content-encoding", ""), place):
            size += len(piece)
            if size > self.caps.most_bytes:
                raise BadDataError(
                    f"{place} answers with more than {self.caps.most_bytes >> 20} MB; ask it for less, or raise options.most_megabytes"
                )
            if time.monotonic() > until:
                raise self._too_slow(place)
            kept.write(piece)
        return kept.getvalue() if isinstance(kept, io.BytesIO) and into is None else b""


def _with_scheme(host: str) -> str:
    return host if "://" in host else f"http://{host}"


def _origin(url: httpx.URL) -> Origin:
    """Scheme, host and port as they will be connected to."""
    if url.scheme not in ("http", "https"):
        raise NotNamedError(f"the source leads to an address of kind '{url.scheme[:20]}', which is not followed")
    return url.scheme, url.raw_host.decode("ascii").lower().rstrip("."), url.port or PORTS[url.scheme]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _secret_names(headers: Mapping[str, str] | None) -> tuple[str, ...]:
    return tuple(name for name in headers or () if name.lower() not in HARMLESS)


def _fitting(headers: Mapping[str, str] | None) -> dict[str, str]:
    """The headers as given. Raises AuthenticationError for one that cannot be sent, without telling its value."""
    for name, value in (headers or {}).items():
        if not value.isascii() or not value.isprintable():
            raise AuthenticationError(
                f"the header {name} holds a sign that cannot be sent; check it in the environment"
            )
    return dict(headers or {})


def _place(url: str) -> str:
    """What may be told of an address: host and path, never what stands behind the question mark or before the @."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address"
    return f"{parts.hostname}{port}{parts.path}"


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
        at = email.utils.parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return None if at is None else max(0, round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now))

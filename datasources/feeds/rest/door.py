"""How feeds.rest is let in, and how often it may knock."""

import base64
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

from datasources.contract import Clock
from datasources.errors import AuthenticationError, BadDataError
from datasources.feeds.rest.options import Auth, RestOptions
from datasources.outgoing import Answer, Caps, Outgoing, authority
from datasources.pulling import EnoughError

EARLY_SECONDS = 60
"""A token is asked for anew that long before it runs out."""


def _key(_door: "Door", auth: Auth, _out: Outgoing) -> dict[str, str]:
    return {} if auth.param else {auth.header: _open(auth.value)}


def _basic(_door: "Door", auth: Auth, _out: Outgoing) -> dict[str, str]:
    pair = f"{auth.user}:{_open(auth.password)}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _oauth2(door: "Door", _auth: Auth, out: Outgoing) -> dict[str, str]:
    return {"Authorization": f"Bearer {door.token(out)}"}


LET_IN: dict[str, Callable[["Door", Auth, Outgoing], dict[str, str]]] = {
    "key": _key,
    "basic": _basic,
    "oauth2": _oauth2,
}


@dataclass
class Door:
    """Asks with what lets us in. What it remembers (a token, when it asked) may be forgotten at any time."""

    options: RestOptions
    clock: Clock
    _token: str = ""
    _until: float = 0.0
    _knocks: deque[int] = field(default_factory=deque)

    def outgoing(self) -> Outgoing:
        """A way out, for a with block."""
        options = self.options
        token = [options.auth.token_url] if options.auth and options.auth.token_url else []
        caps = Caps(most_bytes=options.most_megabytes << 20, total_seconds=options.total_seconds)
        return Outgoing([options.url, *options.hosts, *token], caps=caps, headers=options.headers, clock=self.clock)

    def ask(
        self, out: Outgoing, url: str, params: Mapping[str, Any], into: IO[bytes], accept: Iterable[int] = ()
    ) -> Answer:
        """GET; a token that is refused is asked for anew, once. Raises the three errors, EnoughError before one request too many."""
        answer = self._once(out, url, params, into, {*accept, 401})
        if answer.status == 401 and self._token and self._is_home(url):
            self._token = ""
            into.seek(0)
            into.truncate()
            answer = self._once(out, url, params, into, {*accept, 401})
        if answer.status == 401:
            raise AuthenticationError(
                f"{answer.place} refuses us (401); check the key or the password in the environment"
            )
        return answer

    def _once(
        self, out: Outgoing, url: str, params: Mapping[str, Any], into: IO[bytes], accept: Iterable[int]
    ) -> Answer:
        auth = self.options.auth if self._is_home(url) else None
        headers = LET_IN[auth.by](self, auth, out) if auth else {}
        secret = {auth.param: _open(auth.value)} if auth and auth.param else {}
        self._knock()
        # params would replace the query of an address, and a link has its own
        told = (
            {**dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)), **params, **secret} if secret else params
        )
        return out.ask("GET", url, accept=accept, into=into, headers=headers, **({"params": told} if told else {}))

    def _is_home(self, url: str) -> bool:
        return authority(url) == authority(self.options.url)

    def _knock(self) -> None:
        """Raises EnoughError where one more request would be too many within a minute."""
        now = self.clock()
        while self._knocks and self._knocks[0] <= now - 60:
            self._knocks.popleft()
        if self.options.per_minute and len(self._knocks) >= self.options.per_minute:
            raise EnoughError(
                "as many requests as options.per_minute allows; it goes on later", self._knocks[0] + 60 - now
            )
        self._knocks.append(now)

    def token(self, out: Outgoing) -> str:
        """The access token of the client (RFC 6749, 4.4), a new one shortly before the old one runs out."""
        if self._token and self.clock() < self._until - EARLY_SECONDS:
            return self._token
        auth = self.options.auth
        if auth is None or auth.token_url is None:
            return ""
        form = {"grant_type": "client_credentials", **({"scope": auth.scope} if auth.scope else {})}
        pair = base64.b64encode(f"{auth.client_id}:{_open(auth.client_secret)}".encode()).decode()
        given = out.post(auth.token_url, data=form, headers={"Authorization": f"Basic {pair}"}, accept={400}).json()
        if not isinstance(given, dict):
            raise BadDataError(
                "the token server answers with something that is no token; correct options.auth.token_url"
            )
        if not given.get("access_token"):
            raise AuthenticationError(
                f"the token server refuses us ({str(given.get('error', ''))[:60]}); check options.auth"
            )
        self._token, self._until = str(given["access_token"]), self.clock() + _lasting(given.get("expires_in"))
        return self._token


def _lasting(seconds: Any) -> float:
    try:
        return float(seconds)
    except (TypeError, ValueError):
        return 300.0


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""

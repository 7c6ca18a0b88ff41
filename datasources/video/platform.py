"""What the connectors to video platforms have in common: options, lists read page by page, pictures, play addresses."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import orjson
import pandas as pd
from pydantic import Field, SecretStr, model_validator

from config_errors import problem, read_model
from config_sources import Frozen
from datasources.addresses import Address
from datasources.contract import Clock, Cursor, Page
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.outgoing import Answer, Caps, NotNamedError, Outgoing, authority, named
from datasources.video.contract import Picture, Playlist

PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"RIFF": "image/webp"}
"""First bytes → media type: what a server calls its answer is not to be relied on."""

MOST_PAGES = 1000
Rows = list[dict[str, Any]]


class PlatformOptions(Frozen):
    """url: where the platform's interface is. media: where its streams are fetched from, where that is elsewhere.

    hosts: more hosts that the platform may lead to (URLs, or host:port).
    """

    url: Address
    media: Address | None = None
    hosts: tuple[str, ...] = ()
    most_megabytes: int = Field(default=16, ge=1)

    @property
    def named(self) -> tuple[str, ...]:
        """Every host that may be asked."""
        return (self.url, *([self.media] if self.media else []), *self.hosts)


class BasicOptions(PlatformOptions):
    """user, password: for basic authentication (both, or none)."""

    user: str = ""
    password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _user_with_password(self) -> "BasicOptions":
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise problem("user and password go together", "user")
        return self

    @property
    def basic(self) -> dict[str, str]:
        """The header that lets us in; none without a user."""
        pair = f"{self.user}:{self.password.get_secret_value()}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"} if self.user else {}


class Platform:
    """A platform that lists its cameras over HTTP. A connector gives OPTIONS, FIELDS, COLUMNS and `listing`.

    KEY: the column that names a camera where the platform forgets cameras that are gone; `gone` is then asked for a row.
    """

    OPTIONS: ClassVar[type[PlatformOptions]]
    FIELDS: ClassVar[dict[str, Any]]
    COLUMNS: ClassVar[tuple[str, ...]]
    KEY: ClassVar[str | None] = None

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Take the source's options. Raises config.ConfigError."""
        del folder, zone  # nothing is read from disk, and a list of cameras holds no times
        self.options: Any = read_model(self.OPTIONS, options, "options")
        self.clock = clock

    def headers(self) -> dict[str, str]:
        """What lets us in, where that is a header."""
        return {}

    def client(self) -> Outgoing:
        """A way to the platform, for a with block."""
        caps = Caps(most_bytes=self.options.most_megabytes << 20)
        return Outgoing(self.options.named, caps=caps, headers=self.headers(), clock=self.clock)

    def listing(self, client: Outgoing) -> Iterator[Rows]:
        """The cameras as the platform lists them, part by part, in an order that stays."""
        raise NotImplementedError

    def gone(self, key: str) -> dict[str, Any]:
        """The row of a camera that the platform listed once and lists no more."""
        raise NotImplementedError

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """The parts of the list that are new or changed since cursor: {"parts": [a digest of each], "keys": […]}.

        keys: the cameras listed so far, only where the platform forgets those that are gone. Raises the three errors.
        """
        place, first = urlsplit(self.options.url).netloc, 1
        parts, keys = list((cursor or {}).get("parts", [])), set((cursor or {}).get("keys", []))
        seen: set[str] = set()
        count = 0
        with self.client() as client:
            for number, rows in enumerate(self.listing(client)):
                frame = _frame(rows, self.COLUMNS)
                seen |= {str(row[self.KEY]) for row in rows} if self.KEY else set()
                digest = hashlib.blake2b(orjson.dumps(frame.to_numpy().tolist()), digest_size=8).hexdigest()
                if parts[number : number + 1] != [digest]:
                    parts[number : number + 1] = [digest]
                    keys |= seen
                    yield Page(frame, place, first, self._cursor(parts, keys))
                first, count = first + len(rows), number + 1
        if lost := sorted(keys - seen):
            rows = [self.gone(key) for key in lost]
            yield Page(_frame(rows, self.COLUMNS), place, first, self._cursor(parts[:count], seen))

    def _cursor(self, parts: list[str], keys: set[str]) -> Cursor:
        return {"parts": [*parts], "keys": sorted(keys)} if self.KEY else {"parts": [*parts]}


def _frame(rows: Rows, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame([[row.get(name) for name in columns] for row in rows], columns=list(columns), dtype=object)


def items(found: Any, place: str) -> Rows:
    """A list of objects, as an answer must hold it. Raises BadDataError."""
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return found
    raise BadDataError(f"{place} does not answer with a list of cameras; is options.url the right system and version?")


def granted(answer: Answer, refused: Iterable[int]) -> Any:
    """The `data` of an answer {code, msg, data}, None where it has none. refused: codes that mean we may not.

    Raises AuthenticationError for those, TemporaryError for any other code but 0, BadDataError for another shape.
    """
    body = answer.json()
    code = body.get("code") if isinstance(body, dict) else None
    if not isinstance(code, int):
        raise BadDataError(f"{answer.place} does not answer with a code; is options.url the right system and version?")
    if code in refused:
        raise AuthenticationError(f"{answer.place} refuses us (code {code}); check the key or the password")
    if code:
        raise TemporaryError(f"{answer.place} cannot do it now (code {code}); it will be tried again")
    return body.get("data")


def still(answer: Answer, now: int) -> Picture:
    """The picture that an answer holds. Raises BadDataError where it holds none."""
    for start, media_type in PICTURES.items():
        if answer.body.startswith(start):
            return Picture(answer.body, media_type, now)
    kind = answer.media_type or "nothing"
    raise BadDataError(f"{answer.place} answers with {kind} instead of a picture; does the camera have one?")


def playlist(url: str, options: PlatformOptions, headers: Mapping[str, str] | None = None) -> Playlist:
    """A play address that the platform gave, moved to options.media where that is set.

    Raises NotNamedError where it lies on a host that the settings do not name.
    """
    parts = urlsplit(url)
    if options.media is not None:
        base = urlsplit(options.media)
        url = urlunsplit((base.scheme, base.netloc, base.path + parts.path, parts.query, ""))
    elif authority(url) not in named(options.named):
        host, port = authority(url)
        raise NotNamedError(
            f"the platform plays from {host}:{port}, which the settings do not name; "
            f"set options.media to where this server reaches it, or add it to options.hosts"
        )
    return Playlist(url, hosts=options.named, headers=headers or None)

"""What [sources.options] may say to feeds.redis_stream."""

import re
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of

SCHEMES = ("redis", "rediss")


class RedisStreamOptions(Frozen):
    """url: redis://host:port/number, or rediss:// for TLS. stream, group, consumer: names; the group is made if missing.

    start: where a new group begins: 0 (all that the stream holds), $ (what comes from now on) or an entry's id.
    field: the field of an entry that holds a JSON body; without it an entry's fields are the columns.
    ca, certificate, key: files in PEM. items: dotted path to the list within that body. claim: after how long what another consumer took is taken over.
    """

    url: str
    stream: str = Field(min_length=1)
    group: str = Field(default="gridhall", min_length=1)
    consumer: str = Field(default="worker", min_length=1)
    start: str = "0"
    user: str | None = None
    password: str | None = None
    hosts: tuple[str, ...] = ()
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    field: str | None = None
    items: str | None = None
    claim: Duration = "10m"
    page_rows: int = Field(default=2_000, ge=1, le=10_000)

    @field_validator("url")
    @classmethod
    def _server(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            fits = parts.scheme in SCHEMES and parts.hostname and (parts.port or True) and not parts.username
        except ValueError:
            fits = False
        if not fits or not re.fullmatch(r"(/\d*)?", parts.path) or parts.query:
            raise problem("write it like redis://host:6379/0; user and password are options of their own")
        return url

    @field_validator("start")
    @classmethod
    def _entry(cls, start: str) -> str:
        if not re.fullmatch(r"\$|\d+(-\d+)?", start):
            raise problem(f"'{start}' is no place in a stream; write 0, $ or an entry's id")
        return start

    @property
    def server(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return str(parts.hostname), parts.port or 6379

    @property
    def is_secure(self) -> bool:
        """Whether the way to the server is TLS."""
        return self.url.startswith("rediss")

    @property
    def database(self) -> int:
        """Number of the database."""
        return int(urlsplit(self.url).path.strip("/") or 0)

    @property
    def claim_seconds(self) -> int:
        """After how many seconds what another consumer took is taken over."""
        return seconds_of(self.claim)

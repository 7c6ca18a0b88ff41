"""What [sources.options] may say to feeds.rest."""

from typing import Any, Literal

import jsonpath
from pydantic import Field, SecretStr, field_validator, model_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of
from datasources.outgoing import NotNamedError, authority

NEEDED = {"key": ("value",), "basic": ("user", "password"), "oauth2": ("token_url", "client_id", "client_secret")}
"""What each way of being let in asks for."""


class Auth(Frozen):
    """by: key (in header, or in the query where param is given) | basic | oauth2 (client credentials)."""

    by: Literal["key", "basic", "oauth2"]
    header: str = "Authorization"
    param: str | None = None
    value: SecretStr | None = None
    user: str | None = None
    password: SecretStr | None = None
    token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    scope: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Auth":
        for name in NEEDED[self.by]:
            if getattr(self, name) is None:
                raise problem(f"is missing; {self.by} needs it", name)
        return self


class Paging(Frozen):
    """by: none | page | offset | cursor | link. param: what the position is called; size: items an answer, as size_param.

    next: path of the next position (cursor), or of the next address (link; without it the header Link, rel=next).
    """

    by: Literal["none", "page", "offset", "cursor", "link"] = "none"
    param: str | None = None
    first: int | None = None
    size_param: str | None = None
    size: int | None = Field(default=None, ge=1)
    next: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Paging":
        if self.by == "cursor" and self.next is None:
            raise problem("is missing; it is the path of the next cursor in an answer", "next")
        if self.size_param and self.size is None:
            raise problem("is missing; size_param needs it", "size")
        return self

    @property
    def named(self) -> str:
        """What the position is called in the query."""
        return self.param or self.by

    @property
    def start(self) -> int:
        """The first page, or the first offset."""
        return self.first if self.first is not None else int(self.by == "page")


class SinceOptions(Frozen):
    """param: asks for what is new; field: path of a record's time; format of both: iso, epoch, epoch_ms or strptime."""

    param: str
    field: str
    format: str = "iso"
    overlap: Duration = "10m"

    @property
    def overlap_seconds(self) -> int:
        """How far a run reaches back before the last time seen."""
        return seconds_of(self.overlap)


class RestOptions(Frozen):
    """url: what is asked; hosts: further hosts that links and redirects may lead to, each "host:port".

    items: path to the list, dotted or JSONPath ("$…"); total: path to the number of all. columns: those that an answer
    may leave out. per_minute: most requests a minute.
    """

    url: str = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    format: Literal["json", "csv"] = "json"
    items: str | None = None
    params: dict[str, str | int | float | bool] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    auth: Auth | None = None
    paging: Paging = Paging()
    since: SinceOptions | None = None
    total: str | None = None
    columns: tuple[str, ...] = ()
    per_minute: int | None = Field(default=None, ge=1)
    most_megabytes: int = Field(default=64, ge=1)
    total_seconds: int = Field(default=60, ge=1)
    page_rows: int = Field(default=10_000, ge=1)

    @field_validator("paging", mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return {"by": given} if isinstance(given, str) else given

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            authority(url)
        except NotNamedError:
            raise problem("is no address; write it like https://host/path") from None
        if not url.startswith(("http://", "https://")):
            raise problem("is no address of the web; write it like https://host/path")
        return url

    @field_validator("items", "total")
    @classmethod
    def _path(cls, path: str | None) -> str | None:
        if path and path.startswith("$"):
            try:
                jsonpath.compile(path)
            except jsonpath.JSONPathError as error:
                raise problem(f"'{path}' is no JSONPath ({error}); write for example $.data[*]") from None
        return path

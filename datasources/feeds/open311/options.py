"""What [sources.options] may say to feeds.open311."""

from datetime import date
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of
from datasources.outgoing import NotNamedError, authority


class Open311Options(Frozen):
    """url: the endpoint, as discovery tells it (…/open311/v2); hosts: where redirects may lead, each "host:port".

    start: the first day to read (without it, as far as `again`). window_days: longest span the server answers (the
    specification: 90). again: how far back each run looks, as old requests change too. updated_after: the server's
    parameter for what changed since, if it has one; then nothing is read again.
    """

    url: str = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    format: Literal["json", "xml"] = "json"
    jurisdiction_id: str | None = None
    api_key: SecretStr | None = None
    service_code: tuple[str, ...] = ()
    params: dict[str, str | int | float | bool] = Field(default_factory=dict)
    start: date | None = None
    window_days: int = Field(default=90, ge=1, le=90)
    again: Duration = "90d"
    updated_after: str | None = None
    overlap: Duration = "10m"
    page_size: int = Field(default=100, ge=1, le=1_000)
    most_megabytes: int = Field(default=64, ge=1)
    total_seconds: int = Field(default=60, ge=1)

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            authority(url)
        except NotNamedError:
            raise problem("is no address; write it like https://host/open311/v2") from None
        return url.rstrip("/")

    @property
    def again_seconds(self) -> int:
        """How far back each run looks."""
        return seconds_of(self.again)

    @property
    def overlap_seconds(self) -> int:
        """How far a run with updated_after reaches back."""
        return seconds_of(self.overlap)

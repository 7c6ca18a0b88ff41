"""What [sources.options] may say to feeds.sensorthings."""

import base64
from datetime import date
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of
from datasources.outgoing import NotNamedError, authority


class SensorThingsOptions(Frozen):
    """url: the service root (…/v1.1); hosts: where links and redirects may lead, each "host:port".

    what: Things as sensors, or Observations as readings. filter: a $filter on the Things or the Datastreams. start: the
    first day to read (without it, all there is). again: how long behind the newest of its Datastream a late observation
    is still found. user, password: of an account, where the server asks for one (both, or none).
    """

    url: str = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    what: Literal["sensor", "reading"] = "reading"
    filter: str | None = None
    start: date | None = None
    again: Duration = "10m"
    user: str = ""
    password: SecretStr = SecretStr("")
    headers: dict[str, str] = Field(default_factory=dict)
    page_size: int = Field(default=1_000, ge=1, le=100_000)
    most_megabytes: int = Field(default=64, ge=1)
    total_seconds: int = Field(default=60, ge=1)

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        try:
            authority(url)
        except NotNamedError:
            raise problem("is no address; write it like https://host/FROST-Server/v1.1") from None
        if not url.startswith(("http://", "https://")):
            raise problem("is no address of the web; write it like https://host/FROST-Server/v1.1")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _user_with_password(self) -> "SensorThingsOptions":
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise problem("user and password go together", "user")
        return self

    @property
    def again_seconds(self) -> int:
        """How far each run looks back."""
        return seconds_of(self.again)

    @property
    def told(self) -> dict[str, str]:
        """The headers that let us in."""
        if not self.user:
            return self.headers
        pair = f"{self.user}:{self.password.get_secret_value()}".encode()
        return {**self.headers, "Authorization": f"Basic {base64.b64encode(pair).decode()}"}

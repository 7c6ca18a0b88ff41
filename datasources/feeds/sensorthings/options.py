"""What [sources.options] may say to feeds.sensorthings."""

import base64
from datetime import date
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of
from datasources.addresses import Address


class SensorThingsOptions(Frozen):
    """url: the service root (…/v1.1); hosts: where links and redirects may lead, each "host:port".

    what: Things as sensors, or Observations as readings. filter: a $filter on the Things or the Datastreams. start: the
    first day to read (without it, all there is). again: how long behind the newest of its Datastream a late observation
    is still found. user, password: of an account, where the server asks for one (both, or none).
    """

    url: Address
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

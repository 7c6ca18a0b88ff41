"""A camera that the settings name one by one: who may ask it, and what it does not tell about itself."""

from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, model_validator

from config_errors import problem
from config_sources import Frozen

PROTOCOLS = {"rtsp": ("rtsp", "rtp", "tcp"), "rtsps": ("rtsps", "rtsp", "rtp", "tls", "tcp")}
"""What ffmpeg may speak for an address of a kind."""
TOLD = ("longitude", "latitude", "area_code", "direction", "ptz_type")
"""What is read from the settings alone."""


class Device(Frozen):
    """id: by which it is known here, for good. user, password: both, or none.

    name, place in the source's crs, area_code, direction (degrees from north), ptz_type: as far as one wants to say.
    """

    id: str = Field(min_length=1)
    user: str = ""
    password: SecretStr = SecretStr("")
    name: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    area_code: str | None = None
    direction: float | None = None
    ptz_type: Literal["dome", "half_dome", "fixed", "remote"] | None = None

    @model_validator(mode="after")
    def _user_with_password(self) -> "Device":
        if bool(self.user) != bool(self.secret):
            raise problem("user and password go together", "user")
        return self

    @property
    def secret(self) -> str:
        """The password as it is."""
        return self.password.get_secret_value()


def told_apart(devices: tuple[Device, ...]) -> None:
    """Raises ConfigError for an id that stands twice."""
    ids = [device.id for device in devices]
    if twice := next((each for each in ids if ids.count(each) > 1), None):
        raise problem(f"'{twice}' stands twice; each has an id of its own")


def bare(url: str) -> str:
    """An address without user and password: some devices write them into it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def signed_in(url: str, device: Device) -> str:
    """An RTSP address with the device's user and password; it goes to the relay and nowhere else."""
    parts = urlsplit(bare(url))
    who = f"{quote(device.user, safe='')}:{quote(device.secret, safe='')}@" if device.user else ""
    return urlunsplit((parts.scheme, f"{who}{parts.netloc}", parts.path, parts.query, ""))

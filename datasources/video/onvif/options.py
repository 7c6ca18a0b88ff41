"""What [sources.options] may say to video.onvif: one table a device."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from config_errors import problem
from config_sources import Frozen
from datasources.addresses import Address

RTSP_PORT = 554


class OnvifDevice(Frozen):
    """A device. id: by which it is known here, for good. url: its device service. user, password: both, or none.

    What a device does not tell: name, place in the source's crs, area_code, direction (degrees from north), ptz_type.
    """

    id: str = Field(min_length=1)
    url: Address
    user: str = ""
    password: SecretStr = SecretStr("")
    name: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    area_code: str | None = None
    direction: float | None = None
    ptz_type: Literal["dome", "half_dome", "fixed", "remote"] | None = None

    @model_validator(mode="after")
    def _user_with_password(self) -> "OnvifDevice":
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise problem("user and password go together", "user")
        if "/" in self.id:
            raise problem("holds a slash, which parts a device from its channels; use another sign", "id")
        return self

    @property
    def secret(self) -> str:
        """The password as it is."""
        return self.password.get_secret_value()

    @property
    def rtsp(self) -> str:
        """Where its streams usually are."""
        host = urlsplit(self.url).hostname or ""
        return f"rtsp://[{host}]:{RTSP_PORT}" if ":" in host else f"rtsp://{host}:{RTSP_PORT}"


class OnvifOptions(Frozen):
    """devices: at least one. hosts: where streams, stills or services of the devices are, beside the devices themselves.

    seconds: how long a device may take to answer.
    """

    devices: tuple[OnvifDevice, ...] = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    seconds: float = Field(default=10.0, gt=0)

    @field_validator("devices")
    @classmethod
    def _told_apart(cls, devices: tuple[OnvifDevice, ...]) -> tuple[OnvifDevice, ...]:
        ids = [device.id for device in devices]
        if twice := next((each for each in ids if ids.count(each) > 1), None):
            raise problem(f"'{twice}' stands twice; each device has an id of its own")
        return devices

    def named(self, device: OnvifDevice) -> tuple[str, ...]:
        """Where a device may lead."""
        return (device.url, device.rtsp, *self.hosts)

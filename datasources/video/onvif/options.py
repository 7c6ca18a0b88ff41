"""What [sources.options] may say to video.onvif: one table a device."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from config_errors import problem
from config_sources import Frozen
from datasources.addresses import Address
from datasources.video.device import Device, told_apart

RTSP_PORT = 554


class OnvifDevice(Device):
    """url: its device service."""

    url: Address

    @field_validator("id")
    @classmethod
    def _no_slash(cls, name: str) -> str:
        if "/" in name:
            raise problem("holds a slash, which parts a device from its channels; use another sign")
        return name

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
        told_apart(devices)
        return devices

    def named(self, device: OnvifDevice) -> tuple[str, ...]:
        """Where a device may lead."""
        return (device.url, device.rtsp, *self.hosts)

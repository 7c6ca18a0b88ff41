"""What [sources.options] may say to video.rtsp: one table a camera."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from config_errors import problem
from config_sources import Frozen
from datasources.outgoing import NotNamedError, authority
from datasources.video.device import PROTOCOLS, Device, told_apart


class RtspCamera(Device):
    """url: rtsp:// or rtsps://, without user and password. encode: for a camera whose pictures a browser cannot play (H.265).

    authority: file (PEM) of who vouches for the camera's certificate (rtsps); without it none is looked at.
    """

    url: str
    encode: bool = False
    authority: str = ""

    @field_validator("url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        try:
            authority(url)
        except NotNamedError:
            raise problem("is no address; write rtsp://host:port/path") from None
        if urlsplit(url).scheme not in PROTOCOLS or not url.isprintable():
            raise problem("is no address of RTSP; write rtsp://host:port/path")
        if "@" in urlsplit(url).netloc:
            raise problem("holds a user; write user and password as keys of their own")
        return url


class RtspOptions(Frozen):
    """cameras: at least one."""

    cameras: tuple[RtspCamera, ...] = Field(min_length=1)

    @field_validator("cameras")
    @classmethod
    def _told_apart(cls, cameras: tuple[RtspCamera, ...]) -> tuple[RtspCamera, ...]:
        told_apart(cameras)
        return cameras

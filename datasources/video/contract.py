"""What a connector to cameras gives beside its pages: how a camera is played, and a picture of it.

Its pages list the cameras (record camera; columns as domain.records says unless FIELDS maps them): code, name, place,
status, PTZ type, area. How it feels is what its fetches came to, as of every source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from datasources.contract import Connector


@dataclass(frozen=True)
class Camera:
    """A camera as the store keeps it. stream and snapshot are the source's own words (URLs, paths) and stay here."""

    external_id: str
    name: str = ""
    stream: str = ""
    snapshot: str = ""


@dataclass(frozen=True)
class Playlist:
    """Played by fetching HLS: the server fetches url and what it names, within `hosts` (URLs), and signs it anew."""

    url: str
    hosts: tuple[str, ...] = ()
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Relay:
    """Played by ffmpeg: `arguments` say the input ("-rtsp_transport", "tcp", "-i", url); `copy` = no re-encoding."""

    arguments: tuple[str, ...]
    protocols: tuple[str, ...]
    copy: bool = True


@dataclass(frozen=True)
class Picture:
    """A still: bytes as they came (JPEG, PNG or WebP), their media type and when it was taken (epoch seconds, UTC)."""

    body: bytes
    media_type: str
    taken_at: int


@runtime_checkable
class VideoConnector(Connector, Protocol):
    """A connector to cameras. Each method raises the three errors of datasources.errors and nothing else."""

    def play(self, camera: Camera) -> Playlist | Relay | None:
        """How a camera is played; None where only pictures are to be had."""

    def picture(self, camera: Camera) -> Picture | None:
        """A fresh still; None where the relay of play() must take it."""

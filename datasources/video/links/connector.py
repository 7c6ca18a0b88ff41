"""video.links: a table of cameras with plain URLs, read as feeds.file reads any table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from datasources.contract import Clock
from datasources.feeds.file.connector import FileConnector
from datasources.video.contract import Camera, Picture, Playlist, Relay
from datasources.video.links.playing import Linked


class LinksConnector(FileConnector):
    """Rows as feeds.file gives them; `stream` and `snapshot` are whatever columns the configuration maps to them."""

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: FileOptions, `hosts` among them. Raises config.ConfigError."""
        super().__init__(options, folder=folder, zone=zone, clock=clock)
        self._linked = Linked(self.options.hosts, clock)

    def play(self, camera: Camera) -> Playlist | Relay | None:
        """As the URL of its stream says; None where a row has none."""
        return self._linked.play(camera)

    def picture(self, camera: Camera) -> Picture | None:
        """What lies at the URL of its pictures; None where a row has none."""
        return self._linked.picture(camera)

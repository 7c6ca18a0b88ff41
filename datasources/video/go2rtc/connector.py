"""video.go2rtc: the streams of a go2rtc server as cameras, with stills and HLS."""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from datasources.errors import BadDataError
from datasources.outgoing import Outgoing
from datasources.video.contract import Camera, Picture, Playlist
from datasources.video.go2rtc.options import Go2RtcOptions
from datasources.video.platform import Platform, Rows, playlist, still


class Go2RtcConnector(Platform):
    """Columns: name, status. Options: Go2RtcOptions.

    go2rtc connects on demand, so an idle stream may be a camera that is well or one that is dead: status None.
    A stream that is listed no more is OFF.
    """

    OPTIONS = Go2RtcOptions
    COLUMNS = ("name", "status")
    FIELDS: ClassVar[dict[str, Any]] = {"external_id": "name", "name": "name", "stream": "name", "status": "status"}
    KEY = "name"

    def headers(self) -> dict[str, str]:
        """Basic authentication, where a user is given."""
        return dict(self.options.basic)

    def listing(self, client: Outgoing) -> Iterator[Rows]:
        """Every stream that has a name. One that was opened by its bare address is left out: it may hold a password."""
        answer = client.get(f"{self.options.url}/api/streams")
        found = answer.json()
        if not isinstance(found, dict) or not all(isinstance(each, dict | None) for each in found.values()):
            raise BadDataError(f"{answer.place} does not answer with the streams of go2rtc; correct options.url")
        names = sorted(name for name in found if "://" not in name)
        if names:
            yield [{"name": name} for name in names]

    def gone(self, key: str) -> dict[str, Any]:
        """A stream that was taken out of the configuration."""
        return {"name": key, "status": "OFF"}

    def play(self, camera: Camera) -> Playlist:
        """The stream's HLS playlist with fragmented MP4, which carries every codec that browsers play."""
        asked = urlencode({"src": camera.stream or camera.external_id, "mp4": ""})
        return playlist(f"{self.options.url}/api/stream.m3u8?{asked}", self.options, self.headers())

    def picture(self, camera: Camera) -> Picture:
        """A fresh frame; go2rtc connects to the camera for it where nobody watches."""
        with self.client() as client:
            asked = {"src": camera.stream or camera.external_id}
            return still(client.get(f"{self.options.url}/api/frame.jpeg", params=asked), self.clock())

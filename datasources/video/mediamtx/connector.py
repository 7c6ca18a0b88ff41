"""video.mediamtx: the paths of a MediaMTX server as cameras, played over its HLS server."""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote

from datasources.errors import BadDataError
from datasources.outgoing import Answer, Outgoing
from datasources.video.contract import Camera, Picture, Playlist
from datasources.video.mediamtx.options import MediaMtxOptions
from datasources.video.platform import MOST_PAGES, Platform, Rows, items


class MediaMtxConnector(Platform):
    """Columns: name (the path), conf_name, source (its type, "" = none), status ON | OFF. Options: MediaMtxOptions."""

    OPTIONS = MediaMtxOptions
    COLUMNS = ("name", "conf_name", "source", "status")
    FIELDS: ClassVar[dict[str, Any]] = {"external_id": "name", "name": "name", "stream": "name", "status": "status"}
    KEY = "name"

    def headers(self) -> dict[str, str]:
        """Basic authentication, where a user is given."""
        return dict(self.options.basic)

    def listing(self, client: Outgoing) -> Iterator[Rows]:
        """Every path, page by page."""
        for number in range(MOST_PAGES):
            asked = {"page": number, "itemsPerPage": self.options.page_rows}
            answer = client.get(f"{self.options.url}/v3/paths/list", params=asked)
            found, pages = _found(answer)
            if found:
                yield [_row(each) for each in found]
            if number + 1 >= pages:
                return

    def gone(self, key: str) -> dict[str, Any]:
        """A path that is listed no more: nobody publishes to it."""
        return {"name": key, "status": "OFF"}

    def play(self, camera: Camera) -> Playlist:
        """The path's HLS playlist."""
        path = quote(camera.stream or camera.external_id, safe="/")
        return Playlist(f"{self.options.hls}/{path}/index.m3u8", self.options.named, self.headers() or None)

    def picture(self, camera: Camera) -> Picture | None:
        """None: MediaMTX takes no stills."""
        del camera
        return None


def _found(answer: Answer) -> tuple[Rows, int]:
    body = answer.json()
    pages = body.get("pageCount") if isinstance(body, dict) else None
    if not isinstance(pages, int):
        raise BadDataError(f"{answer.place} does not answer as the control API v3 of MediaMTX; correct options.url")
    return items(body.get("items") or [], answer.place), pages


def _row(path: dict[str, Any]) -> dict[str, Any]:
    """A path as a camera: `online` says that a source is connected; older versions say `ready` (its tracks are known)."""
    source = path.get("source")
    return {
        "name": path.get("name"),
        "conf_name": path.get("confName"),
        "source": source.get("type", "") if isinstance(source, dict) else "",
        "status": "ON" if path.get("online", path.get("ready")) else "OFF",
    }

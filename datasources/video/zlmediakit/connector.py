"""video.zlmediakit: the streams of a ZLMediaKit server as cameras, with stills and HLS."""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from datasources.errors import BadDataError
from datasources.outgoing import Answer, Outgoing
from datasources.video.contract import Camera, Picture, Playlist
from datasources.video.platform import Platform, Rows, granted, items, playlist, still
from datasources.video.zlmediakit.options import ZlMediaKitOptions

USUAL_VHOST = "__defaultVhost__"
REFUSED = (-100,)
"""API::AuthFailed: the secret is not the server's."""


class ZlMediaKitConnector(Platform):
    """Columns: id ("app/stream", another vhost before it), name (the stream), app, status. Options: ZlMediaKitOptions.

    The server lists what is being published; a stream that is listed no more is OFF.
    """

    OPTIONS = ZlMediaKitOptions
    COLUMNS = ("id", "name", "app", "status")
    FIELDS: ClassVar[dict[str, Any]] = {"external_id": "id", "name": "name", "stream": "id", "status": "status"}
    KEY = "id"

    def listing(self, client: Outgoing) -> Iterator[Rows]:
        """Every stream once: the server names it for each protocol that it is offered by."""
        answer = self._ask(client, "getMediaList", {} if self.options.app is None else {"app": self.options.app})
        found = {_id(each, answer.place): each for each in items(granted(answer, REFUSED) or [], answer.place)}
        if found:
            yield [
                {"id": name, "name": found[name]["stream"], "app": found[name]["app"], "status": "ON"}
                for name in sorted(found)
            ]

    def gone(self, key: str) -> dict[str, Any]:
        """A stream that nobody publishes any more."""
        _vhost, app, stream = parts(key)
        return {"id": key, "name": stream, "app": app, "status": "OFF"}

    def play(self, camera: Camera) -> Playlist:
        """The stream's HLS playlist."""
        vhost, app, stream = parts(camera.stream or camera.external_id)
        asked = "" if vhost == USUAL_VHOST else f"?{urlencode({'vhost': vhost})}"
        return playlist(f"{self.options.url}/{quote(app)}/{quote(stream, safe='/')}/hls.m3u8{asked}", self.options)

    def picture(self, camera: Camera) -> Picture:
        """A frame that the server takes with its own ffmpeg from its own RTSP output."""
        vhost, app, stream = parts(camera.stream or camera.external_id)
        asked = "" if vhost == USUAL_VHOST else f"?{urlencode({'vhost': vhost})}"
        with self.client() as client:
            answer = self._ask(client, "getSnap", {
                "url": f"rtsp://127.0.0.1/{quote(app)}/{quote(stream, safe='/')}{asked}",
                "timeout_sec": self.options.snap_seconds, "expire_sec": self.options.snap_age_seconds,
            })  # fmt: skip
        if answer.media_type == "application/json":
            granted(answer, REFUSED)
        return still(answer, self.clock())

    def _ask(self, client: Outgoing, what: str, asked: dict[str, Any]) -> Answer:
        secret = self.options.secret.get_secret_value()
        return client.post(f"{self.options.url}/index/api/{what}", data={"secret": secret, **asked})


def parts(key: str) -> tuple[str, str, str]:
    """(vhost, app, stream) of a stream's id. Raises BadDataError."""
    vhost, sign, rest = key.partition("@")
    app, slash, stream = (rest if sign else key).partition("/")
    if not slash or not stream:
        raise BadDataError(f"'{key[:80]}' is no stream of ZLMediaKit; it is written app/stream, or vhost@app/stream")
    return (vhost if sign else USUAL_VHOST), app, stream


def _id(found: dict[str, Any], place: str) -> str:
    try:
        vhost, app, stream = (str(found[name]) for name in ("vhost", "app", "stream"))
    except KeyError as error:
        raise BadDataError(f"{place} lists a stream without {error}; is options.url the right system?") from error
    return f"{app}/{stream}" if vhost == USUAL_VHOST else f"{vhost}@{app}/{stream}"

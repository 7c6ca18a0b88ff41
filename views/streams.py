"""Cameras as they are played: playlists and their pieces, fetched once for all who look and named anew.

A name below a camera's address stands for an address of the inner network (domain.streamnames) or for a file that its relay
has written; nobody can ask for anything else.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from datasources.errors import BadDataError, SourceError, TemporaryError
from datasources.outgoing import Answer, Caps, Outgoing, named, require_named
from datasources.video.contract import Camera, Picture, Playlist, Relay, VideoConnector
from datasources.video.hls import is_playlist, renamed
from domain.streamnames import opened, sealed
from store.cameras import StoredCamera
from views.once import Once

CAPS = Caps(connect_seconds=3.0, silence_seconds=6.0, total_seconds=15.0, most_bytes=32 << 20)
"""What one piece may cost; a second of a 4K camera has some 3 MB."""
AT_ONCE = 16
PLAY_SECONDS = 60.0
"""How long the way that a source named is kept; it is asked anew at once where it no longer leads anywhere."""
INDEX_SECONDS, PIECE_SECONDS, FAILED_SECONDS = 0.8, 10.0, 1.0
"""How long a playlist, a piece and a failure serve all who ask."""

HLS = "application/vnd.apple.mpegurl"
TYPES = {
    ".ts": "video/mp2t",
    ".m4s": "video/mp4",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
}


@dataclass(frozen=True)
class Piece:
    """A playlist, a part of a stream or a key. content_range: of a part of it (status 206), else empty."""

    body: bytes
    media_type: str
    content_range: str = ""


class Relaying(Protocol):
    """Plays what a browser cannot: datasources.video.relay.Relays."""

    def playlist(self, key: str, relay: Relay) -> bytes:
        """The playlist as the relay has written it; raises TemporaryError until there is one."""

    def segment(self, key: str, name: str) -> Path | None:
        """The file of a name in the playlist; None for any other name."""

    def still(self, key: str, relay: Relay) -> Picture:
        """A picture of what the relay sees."""


class Streams:
    """Streams by camera. connectors(source name) gives the connector that its cameras are played through."""

    def __init__(self, connectors: Callable[[str], VideoConnector], relays: Relaying, secret: bytes) -> None:
        self._connectors, self._relays, self._secret = connectors, relays, secret
        self._plays = Once[int, Playlist | Relay | None](AT_ONCE, "plays")
        self._pieces = Once[tuple[int, str, str], Piece | None](AT_ONCE, "streams")

    def index(self, camera: StoredCamera) -> "Future[Piece | None]":
        """The first playlist; None for a camera that has only pictures. Fails with one of the three errors."""
        return self._pieces.ask(
            (camera.id, "", ""),
            partial(self._index, camera),
            fresh_seconds=INDEX_SECONDS,
            failed_seconds=FAILED_SECONDS,
        )

    def piece(self, camera: StoredCamera, name: str, wanted: str = "") -> "Future[Piece | None]":
        """What a name in a playlist stands for; None for a name that we did not give. wanted: a Range header."""
        fresh = INDEX_SECONDS if name.endswith(".m3u8") else PIECE_SECONDS
        work = partial(self._piece, camera, name, wanted)
        return self._pieces.ask((camera.id, name, wanted), work, fresh_seconds=fresh, failed_seconds=FAILED_SECONDS)

    def forget(self, camera_id: int) -> None:
        """The next one who asks is led anew."""
        self._plays.forget(camera_id)
        self._pieces.forget((camera_id, "", ""))

    def _play(self, camera: StoredCamera) -> Playlist | Relay | None:
        work = partial(self._connectors(camera.source).play, as_asked(camera))
        asked = self._plays.ask(camera.id, work, fresh_seconds=PLAY_SECONDS, failed_seconds=FAILED_SECONDS)
        return asked.result(CAPS.total_seconds)

    def _index(self, camera: StoredCamera) -> Piece | None:
        play = self._play(camera)
        if play is None:
            return None
        try:
            if isinstance(play, Relay):
                return Piece(self._relays.playlist(key_of(camera), play), HLS)
            return self._fetched(camera, play, play.url, "")
        except SourceError:
            self._plays.forget(camera.id)
            raise

    def _piece(self, camera: StoredCamera, name: str, wanted: str) -> Piece | None:
        play = self._play(camera)
        if isinstance(play, Playlist):
            url = opened(self._secret, camera.id, name)
            return None if url is None else self._fetched(camera, play, url, wanted)
        if play is None or (path := self._relays.segment(key_of(camera), name)) is None:
            return None
        try:
            return Piece(path.read_bytes(), TYPES.get(path.suffix, "application/octet-stream"))
        except OSError as error:
            raise TemporaryError("the piece of the stream has gone; the playlist names newer ones") from error

    def _fetched(self, camera: StoredCamera, play: Playlist, url: str, wanted: str) -> Piece:
        hosts = named(play.hosts or (play.url,))
        require_named(play.url, hosts)
        with Outgoing((play.url, *play.hosts), caps=CAPS, headers=play.headers) as out:
            answer = out.get(url, headers={"Range": wanted} if wanted else None)
        if not is_playlist(answer.body):
            return _as_it_is(answer)

        def name(address: str) -> str:
            require_named(address, hosts)
            return sealed(self._secret, camera.id, address)

        return Piece(renamed(answer.body, answer.url, name).encode(), HLS)


def _as_it_is(answer: Answer) -> Piece:
    """A part or a key. What a browser would show as a page is none."""
    kind = answer.media_type
    if kind.startswith("text/") and kind != "text/vtt":
        raise BadDataError(f"{answer.place} answers with {kind} instead of a stream; does options.url lead to HLS?")
    known = kind.startswith(("video/", "audio/")) or kind == "text/vtt"
    return Piece(answer.body, kind if known else "application/octet-stream", answer.headers.get("content-range", ""))


def key_of(camera: StoredCamera) -> str:
    """What a camera is called among the relays of this machine."""
    return f"{camera.source}/{camera.external_id}"


def as_asked(camera: StoredCamera) -> Camera:
    """A camera as its connector knows it."""
    return Camera(camera.external_id, camera.name, camera.stream, camera.snapshot)

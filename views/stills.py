"""Fresh pictures of cameras: each is fetched once for all who look, and a dead camera harms none."""

import io
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooLate
from functools import partial

from PIL import Image

from datasources.contract import Clock
from datasources.errors import BadDataError, TemporaryError
from datasources.video.contract import Picture, Playlist, Relay, VideoConnector
from datasources.video.frames import frame_of
from store.cameras import StoredCamera
from views.once import Once
from views.streams import Relaying, as_asked, key_of

FRESH_SECONDS, FAILED_SECONDS, PATIENCE_SECONDS = 2.0, 10.0, 5.0
"""How long a picture serves all who ask, how long a camera that failed is left alone, how long one waits for a picture."""
FRAME_SECONDS, FRAMES_AT_ONCE = 10.0, 2
"""The same for pictures that ffmpeg takes from a stream: each costs some hundredth of a second of a core."""
AT_ONCE = 8
"""Cameras asked at a time; threads of their own, so that dead cameras take none from pages."""
TILE_PX, WIDE_PX = 640, 1_280
MOST_PIXELS = 24_000_000
QUALITY = 80


class Stills:
    """Pictures by camera. connectors(source name) gives the connector that its cameras are asked through.

    Of a camera that gives no pictures, relays take one, or it is taken from the newest piece of its stream.
    """

    def __init__(self, connectors: Callable[[str], VideoConnector], relays: Relaying, clock: Clock) -> None:
        self._connectors, self._relays, self._clock = connectors, relays, clock
        self._frames = Once[int, Picture](FRAMES_AT_ONCE, "frames")
        self._pictures = Once[int, Picture](AT_ONCE, "stills")

    def of(self, camera: StoredCamera) -> Picture:
        """A picture not older than FRESH_SECONDS. Raises the three errors of datasources.errors."""
        asked = self._pictures.ask(
            camera.id, lambda: self._fetch(camera), fresh_seconds=FRESH_SECONDS, failed_seconds=FAILED_SECONDS
        )
        try:
            return asked.result(PATIENCE_SECONDS)
        except TooLate as error:
            raise TemporaryError(f"no picture within {PATIENCE_SECONDS:g} seconds; it will be tried again") from error

    def forget(self, camera_id: int) -> None:
        """The next one who asks gets a new picture."""
        self._pictures.forget(camera_id)

    def _fetch(self, camera: StoredCamera) -> Picture:
        connector, asked = self._connectors(camera.source), as_asked(camera)
        found = connector.picture(asked)
        play = connector.play(asked) if found is None else None
        if isinstance(play, Relay):
            found = self._relays.still(key_of(camera), play)
        if isinstance(play, Playlist):
            frame = partial(frame_of, play, self._clock)
            taken = self._frames.ask(camera.id, frame, fresh_seconds=FRAME_SECONDS, failed_seconds=FAILED_SECONDS)
            found = taken.result()
        if found is None:
            raise BadDataError(f"{camera.source} has no pictures of its cameras")
        return found


def reduced(picture: Picture, width: int) -> bytes:
    """A picture as JPEG of at most `width` pixels across, without what a camera wrote beside it.

    Raises BadDataError for what is no picture, or has more than MOST_PIXELS.
    """
    try:
        with Image.open(io.BytesIO(picture.body), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadDataError(f"the camera's picture has more than {MOST_PIXELS // 1_000_000} million pixels")
            opened.draft("RGB", (width, width))
            drawn = opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadDataError("the camera answers with something that is no picture") from error
    drawn.thumbnail((width, width * 4))
    kept = io.BytesIO()
    drawn.save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()

"""Fresh pictures of cameras: each is fetched once for all who look, and a dead camera harms none."""

import io
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from threading import Lock

from PIL import Image

from datasources.errors import BadDataError, TemporaryError
from datasources.video.contract import Camera, Picture, VideoConnector
from store.cameras import StoredCamera

FRESH_SECONDS, FAILED_SECONDS, PATIENCE_SECONDS = 2.0, 10.0, 5.0
"""How long a picture serves all who ask, how long a camera that failed is left alone, how long one waits for a picture."""
AT_ONCE = 8
"""Cameras asked at a time; threads of their own, so that dead cameras take none from pages."""
TILE_PX, WIDE_PX = 640, 1_280
MOST_PIXELS = 24_000_000
QUALITY = 80


@dataclass(frozen=True)
class _Asked:
    at: float
    picture: "Future[Picture]"

    def serves(self, now: float) -> bool:
        """Whether the next one who asks is answered by it."""
        if not self.picture.done():
            return True
        return now - self.at < (FAILED_SECONDS if self.picture.exception() else FRESH_SECONDS)


class Stills:
    """Pictures by camera. connectors(source name) gives the connector that its cameras are asked through."""

    def __init__(self, connectors: Callable[[str], VideoConnector]) -> None:
        self._connectors = connectors
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="stills")
        self._asked: dict[int, _Asked] = {}
        self._lock = Lock()

    def of(self, camera: StoredCamera) -> Picture:
        """A picture not older than FRESH_SECONDS. Raises the three errors of datasources.errors."""
        with self._lock:
            now = time.monotonic()
            asked = self._asked.get(camera.id)
            if asked is None or not asked.serves(now):
                asked = self._asked[camera.id] = _Asked(now, self._pool.submit(self._fetch, camera))
        try:
            return asked.picture.result(PATIENCE_SECONDS)
        except TooLate as error:
            raise TemporaryError(f"no picture within {PATIENCE_SECONDS:g} seconds; it will be tried again") from error

    def _fetch(self, camera: StoredCamera) -> Picture:
        connector = self._connectors(camera.source)
        found = connector.picture(Camera(camera.external_id, camera.name, camera.stream, camera.snapshot))
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

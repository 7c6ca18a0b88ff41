"""The relays of an installation, as its processes ask for them."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from datasources.errors import TemporaryError
from datasources.video.contract import Picture, Relay
from datasources.video.relay.command import vetted
from datasources.video.relay.keeper import TICK_SECONDS, Keeper
from datasources.video.relay.place import PLAYLIST, SEGMENT, STILL, Place, Slots, sweep
from datasources.video.relay.process import ERRORS

FRESH_SECONDS = 15.0
"""Older ones of a relay are not shown."""
PATIENCE_SECONDS = 4.0
"""How long one waits for a first picture, or for enough to play."""
LEAST_SEGMENTS = 3
"""Chromium gives up on a playlist that holds fewer when it starts (seen with 156: DEMUXER_ERROR_COULD_NOT_PARSE)."""


class Relays:
    """Cameras by key ("source/external id"). folder: shared by all processes. most: cameras relayed at a time.

    A relay writes pictures and stream together and ends half a minute after the last look: its key frames alone are decoded,
    the stream is copied, and a camera whose pictures are on a wall plays at once. At a picture every two seconds that
    is a fifth of what it costs to call the camera anew each time, and it spares the cameras the calls.
    """

    def __init__(self, folder: Path, *, most: int, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._most = most
        self._places: dict[str, Place] = {}
        self._made: Keeper | None = None
        self._making = threading.Lock()

    @property
    def _keeper(self) -> Keeper:
        """Made when first somebody looks: a process that shows no camera touches no folder."""
        with self._making:
            if self._made is None:
                sweep(self._folder)
                self._made = Keeper(Slots(self._folder, self._most), self._clock)
            return self._made

    def playlist(self, key: str, relay: Relay) -> bytes:
        """The playlist (HLS) as it is now; it names segments relatively.

        Raises TemporaryError while it starts (with retry_after_seconds), where the camera does not answer and where as
        many play as may; AuthenticationError, BadDataError for what a person must mend.
        """
        place = self._want(key, relay)
        until = time.monotonic() + PATIENCE_SECONDS
        while (found := self._written(place)).count(b"#EXTINF") < LEAST_SEGMENTS:
            self._say(place)
            if time.monotonic() > until:
                raise TemporaryError(f"{key} is starting; ask again in a second", retry_after_seconds=1)
            time.sleep(TICK_SECONDS)
        return found

    def segment(self, key: str, name: str) -> Path | None:
        """A segment's file by the name that a playlist gave; None for every other name and for one that is gone."""
        if not SEGMENT.fullmatch(name):
            return None
        path = self._place(key).media / name
        return path if path.is_file() else None

    def still(self, key: str, relay: Relay) -> Picture:
        """The last picture; the first is waited for. Raises as playlist does."""
        place = self._want(key, relay)
        until = time.monotonic() + PATIENCE_SECONDS
        while (found := self._fresh(place)) is None:
            self._say(place)
            if time.monotonic() > until:
                raise TemporaryError(
                    f"{key} gave no picture within {PATIENCE_SECONDS:g} seconds", retry_after_seconds=1
                )
            time.sleep(TICK_SECONDS)
        return found

    def close(self) -> None:
        """End the relays of this process."""
        if self._made is not None:
            self._made.close()

    def _want(self, key: str, relay: Relay) -> Place:
        place = self._place(key)
        looked_at = relay if self._keeper.holds(place, relay) else vetted(relay)
        self._keeper.hold(place, relay, looked_at)
        return place

    def _place(self, key: str) -> Place:
        return self._places.setdefault(key, Place(self._folder, key))

    def _written(self, place: Place) -> bytes:
        """The playlist, empty where there is none of now."""
        age = place.age(PLAYLIST, self._clock())
        return b"" if age is None or age > FRESH_SECONDS else (place.media / PLAYLIST).read_bytes()

    def _fresh(self, place: Place) -> Picture | None:
        age = place.age(STILL, self._clock())
        if age is None or age > FRESH_SECONDS:
            return None
        return Picture((place.media / STILL).read_bytes(), "image/jpeg", int(self._clock() - age))

    def _say(self, place: Place) -> None:
        """Raises what is wrong with the camera, if something is."""
        if (trouble := place.trouble) is not None:
            raise ERRORS[trouble[0]](f"{place.key} {trouble[1]}")

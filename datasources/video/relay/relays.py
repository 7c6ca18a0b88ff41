"""The relays of an installation, as its processes ask for them."""

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.video.contract import Picture, Relay
from datasources.video.relay.command import vetted
from datasources.video.relay.keeper import TICK_SECONDS, Keeper
from datasources.video.relay.place import LOOK, PLAY, PLAYLIST, SEGMENT, STILL, Place, Slots, sweep
from datasources.video.relay.process import BAD, DOWN, NO_LOOK, NO_PLAY, REFUSED

FRESH_SECONDS = 15.0
"""Older ones of a relay are not shown."""
PATIENCE_SECONDS = 4.0
"""How long one waits for a first picture."""
ERRORS: dict[str, type[SourceError]] = {
    DOWN: TemporaryError,
    REFUSED: AuthenticationError,
    BAD: BadDataError,
    NO_PLAY: TemporaryError,
    NO_LOOK: TemporaryError,
}
MOST_PICTURES = 32


class Relays:
    """Cameras by key ("source/external id"). folder: shared by all processes. most: cameras played at a time.

    A wall of pictures does not play: a picture costs a relay of key frames alone, which ends twenty seconds after the last
    look. At a picture every two seconds that is a fifth of what it costs to call the camera anew each time, and it
    spares the cameras the calls.
    """

    def __init__(
        self, folder: Path, *, most: int, clock: Callable[[], float] = time.time, pictures: int = MOST_PICTURES
    ) -> None:
        self._folder, self._clock = folder, clock
        self._most = {PLAY: most, LOOK: pictures}
        self._places: dict[str, Place] = {}

    @cached_property
    def _keeper(self) -> Keeper:
        sweep(self._folder)
        return Keeper(Slots(self._folder, self._most), self._clock)

    def playlist(self, key: str, relay: Relay) -> bytes:
        """The playlist (HLS) as it is now; it names segments relatively.

        Raises TemporaryError while it starts (with retry_after_seconds), where the camera does not answer and where as
        many play as may; AuthenticationError, BadDataError for what a person must mend.
        """
        place = self._want(key, PLAY, relay)
        age = place.age(PLAYLIST, self._clock())
        if age is None or age > FRESH_SECONDS:
            self._say(place, PLAY)
            raise TemporaryError(f"{key} is starting; ask again in a second", retry_after_seconds=1)
        return (place.media / PLAYLIST).read_bytes()

    def segment(self, key: str, name: str) -> Path | None:
        """A segment's file by the name that a playlist gave; None for every other name and for one that is gone."""
        if not SEGMENT.fullmatch(name):
            return None
        path = self._place(key).media / name
        return path if path.is_file() else None

    def still(self, key: str, relay: Relay) -> Picture:
        """The last picture; the first is waited for. Raises as playlist does."""
        place = self._want(key, LOOK, relay)
        until = time.monotonic() + PATIENCE_SECONDS
        while (found := self._fresh(place)) is None:
            self._say(place, LOOK)
            if time.monotonic() > until:
                raise TemporaryError(
                    f"{key} gave no picture within {PATIENCE_SECONDS:g} seconds", retry_after_seconds=1
                )
            time.sleep(TICK_SECONDS)
        return found

    def close(self) -> None:
        """End the relays of this process."""
        self._keeper.close()

    def _want(self, key: str, kind: str, relay: Relay) -> Place:
        place = self._place(key)
        looked_at = relay if self._keeper.holds(place, relay) else vetted(relay)
        self._keeper.hold(place, kind, relay, looked_at)
        return place

    def _place(self, key: str) -> Place:
        return self._places.setdefault(key, Place(self._folder, key))

    def _fresh(self, place: Place) -> Picture | None:
        age = place.age(STILL, self._clock())
        if age is None or age > FRESH_SECONDS:
            return None
        return Picture((place.media / STILL).read_bytes(), "image/jpeg", int(self._clock() - age))

    def _say(self, place: Place, kind: str) -> None:
        """Raises what is wrong with the camera, if something is; that it may not be played hinders no picture."""
        trouble = place.trouble
        if trouble is not None and (kind, trouble[0]) != (LOOK, NO_PLAY):
            raise ERRORS[trouble[0]](f"{place.key} {trouble[1]}")

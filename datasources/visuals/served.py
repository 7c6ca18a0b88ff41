"""What services that are asked over HTTP have in common."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from config import ConfigError
from config_errors import hint, read_model
from datasources.contract import Clock
from datasources.errors import BadDataError, TemporaryError
from datasources.outgoing import NotNamedError
from datasources.visuals.addresses import middle
from datasources.visuals.asking import Asking
from datasources.visuals.contract import Box, Tile
from datasources.visuals.layered import Layered
from datasources.visuals.options import ServedOptions
from datasources.visuals.pictures import is_whole, picture

NOTHING = (404, 204)
"""Statuses by which services say that there is nothing to draw at a place."""
LOOKED_AT = 12
"""A tile of this level is asked for to see whether a service lives, or of the nearest that it has."""

Options = TypeVar("Options", bound=ServedOptions)
Offer = TypeVar("Offer")


def chosen(offered: Mapping[str, Offer], wanted: Iterable[str], place: str) -> Iterable[Offer]:
    """Those of the offers that are wanted, all where none is named. Raises BadDataError for one that is not offered."""
    for name in wanted:
        if name not in offered:
            raise BadDataError(f"{place}: offers no layer '{name}' that can be drawn{hint(name, offered)}")
    return [offered[name] for name in wanted] or list(offered.values())


class Served(Layered, Generic[Options]):
    """A service with a url. Its options are kept as `options`, its way out as `asking`."""

    OPTIONS: ClassVar[type[ServedOptions]]
    options: Options

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Raises config.ConfigError for bad options."""
        del folder, zone
        self.clock = clock
        self.options = read_model(self.OPTIONS, options, "options")  # type: ignore[assignment]
        given = self.options
        try:
            self.asking = Asking(
                self.addresses(), given.hosts, caps=given.caps, headers=given.headers, clock=clock
            )  # fmt: skip
        except NotNamedError as error:
            raise ConfigError(f"options.url: {error}") from error
        self.origin = self.asking.place

    def addresses(self) -> tuple[str, ...]:
        """The addresses whose hosts may be asked."""
        return (self.options.url,)

    def picture_at(self, url: str) -> Tile | None:
        """The picture at an address; None where the service has none. Raises the three errors."""
        answer = self.asking.get(url, accept=NOTHING)
        if answer.status in NOTHING or not answer.body:
            return None
        found = picture(answer.body, self.origin)
        if answer.may_be_cut and not is_whole(found):
            raise TemporaryError(f"{self.origin} broke off in the middle of its answer; it will be tried again")
        return found

    def titled(self, title: str) -> str:
        """What people read: the options' own title where it can only mean this layer."""
        named = getattr(self.options, "layers", ())
        return self.options.title if self.options.title and len(named) == 1 else title

    def look(self, layer: str, bounds: Box | None) -> None:
        """Ask for a tile of a layer, to see whether it is there. Raises the three errors.

        Where bounds are stated, something has to be drawn in their middle at one of its levels at least.
        """
        low, high = self.options.min_zoom, self.options.max_zoom
        usual = min(max(LOOKED_AT, low), high)
        levels = dict.fromkeys((usual, low, high) if bounds else (usual,))
        if not any(self.tile(layer, *middle(bounds, z)) for z in levels) and bounds:
            raise BadDataError(
                f"{self.origin}: draws nothing of '{layer}' in the middle of its bounds; check options.url and options.bounds"
            )

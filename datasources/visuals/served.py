"""What services that are asked over HTTP have in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from config import ConfigError
from config_errors import read_model
from datasources.contract import Clock
from datasources.outgoing import NotNamedError
from datasources.visuals.addresses import middle
from datasources.visuals.asking import Asking
from datasources.visuals.contract import Box, Tile
from datasources.visuals.layered import Layered
from datasources.visuals.options import ServedOptions
from datasources.visuals.pictures import picture

NOTHING = (404, 204)
"""Statuses by which services say that there is nothing to draw at a place."""
LOOKED_AT = 12
"""A tile of this level is asked for to see whether a service lives, or of the nearest that it has."""

Options = TypeVar("Options", bound=ServedOptions)


class Served(Layered, Generic[Options]):
    """A service with a url. Its options are kept as `options`, its way out as `asking`."""

    OPTIONS: ClassVar[type[ServedOptions]]
    options: Options

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Raises config.ConfigError for bad options."""
        del folder, zone
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
        return None if answer.status in NOTHING or not answer.body else picture(answer.body, self.origin)

    def look(self, layer: str, bounds: Box | None) -> None:
        """Ask for one tile of a layer, to see whether it is there. Raises the three errors."""
        z = min(max(LOOKED_AT, self.options.min_zoom), self.options.max_zoom)
        self.tile(layer, *middle(bounds, z))

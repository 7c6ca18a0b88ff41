"""visuals.geojson: one GeoJSON file, or address, as a vector layer."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from config_errors import read_model
from datasources.contract import Clock
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.outgoing import Caps
from datasources.visuals.asking import Asking
from datasources.visuals.contract import Box
from datasources.visuals.geojson.options import GeojsonOptions
from datasources.visuals.held import Held
from datasources.visuals.layered import Layer, Layered
from datasources.visuals.vectors import Features, converted, read_collection, sample

LAYER = "features"


class GeojsonConnector(Layered):
    """Reads the whole collection; what is drawn is held in memory and read again when it is older than `keep`."""

    RASTER = False

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: GeojsonOptions. Raises config.ConfigError."""
        del zone
        self.options = read_model(GeojsonOptions, options, "options")
        self._file = folder / self.options.path if self.options.path else None
        caps = Caps(silence_seconds=self.options.silence_seconds, most_bytes=self.options.most_megabytes << 20)
        url, more = self.options.url, self.options.hosts
        self.asking = Asking((url,), more, caps=caps, headers=self.options.headers, clock=clock) if url else None
        self.origin = self._file.name if self._file else str(self.asking and self.asking.place)
        self._held = Held(self._drawn, self.options.keep_seconds, clock)

    def layers(self) -> Iterator[Layer]:
        """The one layer; its title is the file's name unless options.title says another."""
        shapes, _labels = self._read()
        options = self.options
        title = options.title or (self._file.stem if self._file else None)
        yield Layer(LAYER, "vector", title, options.attribution, options.bounds, shape=sample(shapes))

    def features(self, layer: str, box: Box, limit: int) -> dict[str, Any]:
        """See VisualConnector."""
        if layer != LAYER:
            return super().features(layer, box, limit)
        return self._held.get().within(box, limit)

    def _drawn(self) -> Features:
        shapes, labels = self._read()
        return Features(converted(shapes, self.crs), labels)

    def _read(self) -> tuple[list[Any], list[str]]:
        try:
            whole = orjson.loads(self._bytes())
        except ValueError as error:
            raise BadDataError(f"{self.origin}: is no JSON ({error}); is it cut?") from error
        return read_collection(whole, self.origin, self.options.label)

    def _bytes(self) -> bytes:
        if self.asking is not None:
            return self.asking.get(str(self.options.url)).body
        path = Path(str(self._file))
        try:
            if path.stat().st_size > self.options.most_megabytes << 20:
                raise BadDataError(
                    f"{path.name}: larger than {self.options.most_megabytes} MB; give it as PMTiles, or raise options.most_megabytes"
                )
            with path.open("rb") as file:
                return file.read()
        except PermissionError as error:
            raise AuthenticationError(f"{path.name}: may not be read; give this program the right to") from error
        except OSError as error:
            raise TemporaryError(f"{path.name}: cannot be read ({error.strerror}); is it there?") from error

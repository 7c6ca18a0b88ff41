"""feeds.demo: cases, ratings, base map and areas of the fictitious 云浦街道 (demo/)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from config_errors import read_model
from datasources.contract import GEOMETRY, Clock, Cursor, Page
from datasources.errors import BadDataError
from datasources.feeds.demo.options import DemoOptions
from demo.map import SEED, town_map
from demo.stream import Position, Stream


class DemoConnector:
    """Raw rows as the town's own system would show them; the same options and clock give the same rows.

    Columns: demo.known.case_rows and rating_rows; layers have id, kind, rank, name and the geometry.
    Cursor: {"since": day, "through": day, "until": epoch seconds}, days counted from 1970-01-01, as in
    demo.stream.Position; {"until": …} alone will do. Layers: {"map": seed}.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: DemoOptions. Raises config.ConfigError."""
        del folder, zone  # nothing is read from disk, and the town writes its zone into every time
        self.options = read_model(DemoOptions, options, "options")
        self.clock = clock

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """All that is known now, or with a cursor only what appeared or changed since; nothing new = no page.

        done and total count the cases looked at. Raises BadDataError for a cursor of another source.
        """
        return self._layers(cursor) if self.options.what == "layer" else self._records(cursor)

    def features(self, level: str) -> gpd.GeoDataFrame:
        """Areas of "street", "community" or "grid": columns code, name, parent, geometry (WGS-84).

        Raises BadDataError for another level.
        """
        areas = town_map().areas
        if level not in areas:
            raise BadDataError(f"feeds.demo has no areas of level '{level}'; it has {', '.join(areas)}")
        return areas[level].copy()

    def _records(self, cursor: Cursor | None) -> Iterator[Page]:
        options = self.options
        stream = Stream(options.what, options.seed, options.days, options.paper)
        row = 1
        for portion in stream.portions(_position(cursor, stream), self.clock()):
            if len(portion.rows):
                after = asdict(portion.position)
                yield Page(portion.rows, f"demo/{options.what}", row, after, portion.done, portion.total)
                row += len(portion.rows)

    def _layers(self, cursor: Cursor | None) -> Iterator[Page]:
        after = {"map": SEED}
        if cursor != after:
            layers = town_map().layers
            frame = pd.DataFrame(layers.drop(columns="geometry"))
            frame[GEOMETRY] = layers.geometry.to_numpy()
            yield Page(frame, "demo/layer", 1, after, len(frame), len(frame))


def _position(cursor: Cursor | None, stream: Stream) -> Position | None:
    if cursor is None:
        return None
    try:
        return stream.position(int(cursor["until"]), cursor.get("since"), cursor.get("through"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadDataError(f"feeds.demo: the cursor {cursor!r} is not its own; read it afresh (sync --once)") from error

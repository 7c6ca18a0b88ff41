"""feeds.demo: cases, ratings, sensors with their readings, base map and areas of the fictitious 云浦街道 (demo/)."""

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
from demo.calendar import HOUR, day_start, local_day
from demo.devices import devices
from demo.map import SEED, town_map
from demo.stream import Position, Stream
from demo.telemetry import reading_rows

ONCE = {"map": SEED}
READ_AT_ONCE = 6 * HOUR
"""Readings of so many seconds are a page: about six thousand."""


class DemoConnector:
    """Raw rows as the town's own system would show them; the same options and clock give the same rows.

    Columns: demo.known.case_rows and rating_rows, demo.devices.devices, demo.telemetry.COLUMNS; layers have id, kind, rank,
    name and the geometry.
    Cursor: {"since": day, "through": day, "until": epoch seconds}, days counted from 1970-01-01, as in
    demo.stream.Position; {"until": …} alone will do. Layers and sensors: {"map": seed}. Readings: {"until": epoch
    seconds, "rows": how many were read}.
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
        given = {"layer": self._layers, "sensor": self._sensors, "reading": self._readings}
        return given.get(self.options.what, self._records)(cursor)

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
        stream = Stream(options.what, options.seed, options.full_days, options.paper)
        row = 1
        for portion in stream.portions(_position(cursor, stream), self.clock()):
            if len(portion.rows):
                after = asdict(portion.position)
                yield Page(portion.rows, f"demo/{options.what}", row, after, portion.done, portion.total)
                row += len(portion.rows)

    def _layers(self, cursor: Cursor | None) -> Iterator[Page]:
        if cursor != ONCE:
            layers = town_map().layers
            frame = pd.DataFrame(layers.drop(columns="geometry"))
            frame[GEOMETRY] = layers.geometry.to_numpy()
            yield Page(frame, "demo/layer", 1, ONCE, len(frame), len(frame))

    def _sensors(self, cursor: Cursor | None) -> Iterator[Page]:
        if cursor != ONCE:
            yield Page(devices().copy(), "demo/sensor", 1, ONCE, len(devices()), len(devices()))

    def _readings(self, cursor: Cursor | None) -> Iterator[Page]:
        now = self.clock()
        begin = day_start(local_day(now) - self.options.full_days)
        until, rows = _place(cursor) if cursor else (begin, 0)
        while until < now:
            since, until = until, min(until + READ_AT_ONCE, now)
            if len(frame := reading_rows(self.options.seed, since, until)):
                rows += len(frame)
                after = {"until": until, "rows": rows}
                yield Page(frame, "demo/reading", rows - len(frame) + 1, after, until - begin, max(now, until) - begin)


def _position(cursor: Cursor | None, stream: Stream) -> Position | None:
    if cursor is None:
        return None
    try:
        return stream.position(int(cursor["until"]), cursor.get("since"), cursor.get("through"))
    except (KeyError, TypeError, ValueError) as error:
        raise _not_ours(cursor) from error


def _place(cursor: Cursor) -> tuple[int, int]:
    try:
        return int(cursor["until"]), int(cursor["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise _not_ours(cursor) from error


def _not_ours(cursor: Cursor) -> BadDataError:
    return BadDataError(f"feeds.demo: the cursor {cursor!r} is not its own; read it afresh (sync --once)")

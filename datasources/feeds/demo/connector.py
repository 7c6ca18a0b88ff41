"""Connector of the fictitious 云浦街道 (demo/): its cases, ratings, base map and areas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from config import ConfigError
from datasources.contract import GEOMETRY, Page
from datasources.errors import BadDataError
from demo.map import SEED, town_map
from demo.stream import Position, Stream

DEFAULTS: dict[str, Any] = {"what": "case", "seed": 7, "days": 400, "paper": True}
RECORDS = ("case", "rating", "layer")


class DemoConnector:
    """Pages of raw rows, the same for the same options and clock.

    Options: what = "case" | "rating" | "layer"; seed; days (full days before today); paper (the replay of 2022-08 …
    2023-01 in community 429099001001). Raw columns: demo.known.case_rows, rating_rows; layers: id kind rank name and
    the geometry. Cursor: {"since": day, "through": day, "until": epoch}; {"until": epoch} alone will do as well.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Callable[[], int]) -> None:
        """Raise ConfigError for an option that does not exist or does not fit."""
        del folder, zone  # nothing is read from disk; the town writes its zone into every time
        self._options = _checked(options)
        self._clock = clock

    def pages(self, cursor: dict[str, Any] | None) -> Iterator[Page]:
        """All that is known now, or with a cursor only what appeared or changed since; nothing new = no page."""
        what = self._options["what"]
        return _layer_pages(cursor) if what == "layer" else self._stream_pages(what, cursor)

    def features(self, level: str) -> gpd.GeoDataFrame:
        """Areas of "street", "community" or "grid": columns code, name, parent, geometry (WGS-84)."""
        areas = town_map().areas
        if level not in areas:
            raise BadDataError(f"feeds.demo has no areas of level '{level}'; it has {', '.join(areas)}")
        return areas[level].copy()

    def _stream_pages(self, what: str, cursor: dict[str, Any] | None) -> Iterator[Page]:
        stream = Stream(what, self._options["seed"], self._options["days"], self._options["paper"])
        row = 1
        for portion in stream.portions(_position(cursor, stream), self._clock()):
            if len(portion.rows):
                after = vars(portion.position).copy()
                yield Page(portion.rows, f"demo/{what}", row, after, portion.done, portion.total)
                row += len(portion.rows)


def _position(cursor: dict[str, Any] | None, stream: Stream) -> Position | None:
    if cursor is None:
        return None
    try:
        until = int(cursor["until"])
        return stream.position(until, cursor.get("since"), cursor.get("through"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadDataError(f"feeds.demo cannot read its cursor {cursor!r}; run sync --once to read afresh") from error


def _layer_pages(cursor: dict[str, Any] | None) -> Iterator[Page]:
    after = {"map": SEED}
    if cursor == after:
        return
    layers = town_map().layers
    frame = pd.DataFrame(layers.drop(columns="geometry"))
    frame[GEOMETRY] = layers.geometry.to_numpy()
    yield Page(frame, "demo/layer", 1, after, len(frame), len(frame))


def _checked(options: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in options.items():
        if name not in DEFAULTS:
            raise ConfigError(f"feeds.demo has no option '{name}'; it has {', '.join(DEFAULTS)}")
        if type(value) is not type(DEFAULTS[name]) or (isinstance(value, int) and value < 0):
            raise ConfigError(f"feeds.demo: option {name} = {value!r} does not fit; an example is {DEFAULTS[name]!r}")
    chosen = DEFAULTS | dict(options)
    if chosen["what"] not in RECORDS:
        raise ConfigError(f"feeds.demo: option what = '{chosen['what']}' does not fit; it is {' | '.join(RECORDS)}")
    return chosen

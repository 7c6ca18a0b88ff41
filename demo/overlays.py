"""What a mapping service of the town would draw: how deep water may stand after a cloudburst, and where hydrants are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from demo.arrays import Floats
from demo.map import town_map

Degrees = tuple[float, float, float, float]

EVERY_DEGREES = 0.0013
"""Along a main road, a hydrant about every 120 m (GB 50974: at most 120 m apart)."""
DEEP, SHALLOW = 0.0006, 0.0042
"""Degrees from the water at which the plain is surely, and hardly, flooded."""
STEPS = ((0.30, (150, 190, 235)), (0.52, (92, 146, 214)), (0.74, (44, 98, 178)))
"""Shares of the greatest depth from which a colour (RGB) is drawn."""
ALPHA = 190


@dataclass(frozen=True)
class Hydrants:
    """Points (WGS-84) and their numbers."""

    points: tuple[shapely.Point, ...]
    numbers: tuple[str, ...]


@lru_cache(maxsize=1)
def hydrants() -> Hydrants:
    """Hydrants along the main roads of the street."""
    layers, site = town_map().layers, _site()
    roads = layers[(layers["kind"] == "road") & (layers["rank"] == "main")].geometry.to_numpy()
    along = [
        line.interpolate(at)
        for line in shapely.get_parts(shapely.line_merge(shapely.union_all(roads)))
        for at in np.arange(EVERY_DEGREES / 2, line.length, EVERY_DEGREES)
    ]
    points = tuple(point for point in along if shapely.contains(site, point))
    return Hydrants(points, tuple(f"消火栓 {number:03d}" for number in range(1, len(points) + 1)))


@lru_cache(maxsize=1)
def _site() -> shapely.Geometry:
    return shapely.union_all(town_map().areas["street"].geometry.to_numpy())


@lru_cache(maxsize=1)
def _water() -> shapely.Geometry:
    layers = town_map().layers
    found = shapely.union_all(layers[layers["kind"] == "water"].geometry.to_numpy())
    shapely.prepare(found)
    return found


def bounds() -> Degrees:
    """(west, south, east, north) of the street."""
    west, south, east, north = _site().bounds
    return west, south, east, north


def depths(lon: Floats, lat: Floats) -> Floats:
    """Share of the greatest depth (0 to 1) at places; 0 outside the street."""
    points = shapely.points(lon, lat)
    away = shapely.distance(points, _water())
    waves = 0.0007 * (np.sin(lon * 2100.0) + np.sin(lat * 2500.0 + 1.0) + np.sin((lon + lat) * 1300.0))
    share = 1.0 - (away + waves - DEEP) / (SHALLOW - DEEP)
    return np.where(shapely.contains_xy(_site(), lon, lat), np.clip(share, 0.0, 1.0), 0.0)


def coloured(share: Floats) -> np.ndarray:
    """RGBA pixels of depths, in steps; clear where it stays dry."""
    drawn = np.zeros((*share.shape, 4), np.uint8)
    for least, colour in STEPS:
        drawn[share >= least] = (*colour, ALPHA)
    return drawn

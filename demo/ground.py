"""Where the fictitious town lies, and how its plan becomes metres and degrees.

Three frames are used. *Plan* (u, v): metres along the two directions of the street plan. *Ground* (x, y): metres
east and north of the town's centre. *Degrees*: WGS-84 longitude and latitude.
"""

from __future__ import annotations

import numpy as np
import shapely

from demo.arrays import Floats, Objects

CENTRE = (113.1260, 30.5240)  # farmland on the Jianghan plain in Hubei; nothing of the real place is drawn
HALF_WIDTH_M, HALF_HEIGHT_M = 4900, 3300  # of the plan, so that the base map fills a 32:9 wall
_LAT = np.radians(CENTRE[1])
# Metres a degree on the WGS-84 ellipsoid (series of the arc lengths); within 1 mm/km over the few km used here.
METRES_PER_LAT = 111132.954 - 559.822 * np.cos(2 * _LAT) + 1.175 * np.cos(4 * _LAT)
METRES_PER_LON = 111412.84 * np.cos(_LAT) - 93.5 * np.cos(3 * _LAT)
DECIMALS = 7  # about 1 cm: every frame shares the same rounded vertices, so neighbours still fit exactly

_TURN = np.radians(8.5)
_SHEAR = 0.045


def to_ground(plan: Floats) -> Floats:
    """Plan points (n, 2) → ground points (n, 2): a slight turn, a slight shear and a long, lazy bend."""
    u, v = plan[:, 0], plan[:, 1]
    x = u * np.cos(_TURN) - v * (np.sin(_TURN) + _SHEAR) + 48 * np.sin(v / 760 + 0.6) + 20 * np.sin(u / 900)
    y = u * np.sin(_TURN) * 0.85 + v * np.cos(_TURN) + 62 * np.sin(u / 1150 + 0.4)
    return np.column_stack([x, y])


def to_degrees(ground: Objects) -> Objects:
    """An array of geometries in ground metres → WGS-84 degrees, rounded to about a centimetre."""
    return np.asarray(shapely.transform(ground, _degrees), dtype=object)


def _degrees(xy: Floats) -> Floats:
    found: Floats = np.round(xy / [METRES_PER_LON, METRES_PER_LAT] + CENTRE, DECIMALS)
    return found

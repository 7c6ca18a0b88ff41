"""River, stream and lake of the town, in ground metres."""

from __future__ import annotations

import numpy as np
import shapely

from demo.arrays import Floats

# fmt: off
# (x, y, width) along the middle of each water, upstream to downstream.
_RIVER = [
    (330, 4300, 250), (120, 3300, 235), (190, 2500, 215), (110, 1900, 200), (62, 1240, 190), (165, 690, 185),
    (480, 290, 190), (735, -110, 200), (815, -450, 210), (740, -850, 200), (620, -1350, 195), (590, -1850, 205),
    (690, -2600, 225), (560, -3400, 240), (420, -4400, 250),
]
_STREAM = [
    (-5600, -200, 40), (-4700, -560, 40), (-3700, -420, 42), (-2900, -700, 44), (-2300, -820, 46), (-1800, -790, 44),
    (-1250, -715, 44), (-800, -800, 46), (-300, -915, 48), (150, -870, 48), (470, -740, 52), (760, -690, 60),
]
_LAKE = [
    (-1845, 905), (-1800, 1000), (-1690, 1035), (-1585, 1020), (-1500, 965), (-1430, 905), (-1405, 810), (-1455, 725),
    (-1545, 690), (-1650, 715), (-1740, 740), (-1815, 800),
]
# fmt: on
_STEP = 12  # curve points between two given ones


def river() -> shapely.Polygon:
    """The broad river 云水, from north to south through the town."""
    return _ribbon(np.array(_RIVER, dtype=float))


def stream() -> shapely.Polygon:
    """The stream 柳溪 in the south-west, flowing into the river; outside the river itself."""
    return shapely.difference(_ribbon(np.array(_STREAM, dtype=float)), river())


def lake() -> shapely.Polygon:
    """镜湖, just outside the street in the north-west."""
    shore = np.array(_LAKE, dtype=float)
    around = np.vstack([shore[-2:], shore, shore[:3]])
    return shapely.Polygon(_curve(around)[2 * _STEP : -2 * _STEP])


def _ribbon(course: Floats) -> shapely.Polygon:
    middle = _curve(course)
    ahead = np.gradient(middle[:, :2], axis=0)
    aside = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.hypot(*ahead.T)[:, None] * middle[:, 2:] / 2
    return shapely.Polygon(np.vstack([middle[:, :2] + aside, (middle[:, :2] - aside)[::-1]]))


def _curve(points: Floats) -> Floats:
    """Catmull–Rom curve through the points (first and last repeated), each column on its own."""
    p = np.vstack([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, _STEP, endpoint=False)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.vstack([*parts, points[-1:]])

"""The heat map: counts of small squares smoothed to a density and drawn as stepped contours in the ramp."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageChops

from components.basemap import inside
from components.theme import Theme, rgb
from geo.bins import HALF_WIDTH, RADIUS_BINS, Bins
from geo.panes import Pane

REACH = 3 * HALF_WIDTH
"""How far a case is felt, in bins: the half widths of three boxes."""

SHARES = (0.05, 0.14, 0.26, 0.4, 0.56, 0.74)
"""Lower limits of the six steps as shares of the greatest density, closer together where few cases are."""

FEWEST = 4
"""The top of the scale is never below the peak of so many cases at one spot: one lonely case is no hot spot."""

LEAST_RADIUS_PX = 12.0
OPACITY = 0.96
LINE_OPACITY = 0.7
SAMPLES = 2

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Field:
    """The density of a choice of cases over a whole site, the same for all its tiles.

    density: cases a km², float32 [row, column], squares of `side` (unit square of Web Mercator) from (left, top) on,
    with REACH empty squares around the site. limits: the lower limit of each of the six steps. radius_m: on the ground.
    """

    density: npt.NDArray[np.float32]
    left: float
    top: float
    side: float
    radius_m: float
    limits: tuple[float, ...]


def smoothed(counts: npt.NDArray[np.int64]) -> Floats:
    """Three box means in each direction; the picture grows by REACH on every side. Sums are whole numbers, so exact."""
    sums = np.pad(counts.astype(np.int64), REACH)
    for axis in (0, 1, 0, 1, 0, 1):
        sums = _box_sums(sums, HALF_WIDTH, axis)
    return np.asarray(sums / float((2 * HALF_WIDTH + 1) ** 6))


def _box_sums(values: npt.NDArray[np.int64], half: int, axis: int) -> npt.NDArray[np.int64]:
    """The sum of 2 half + 1 neighbours at each place, by differences of running sums; nothing lies beyond the edges."""
    running = np.moveaxis(np.cumsum(values, axis=axis), axis, 0)
    sums = np.empty_like(values)
    along = np.moveaxis(sums, axis, 0)
    along[:-half], along[-half:] = running[half:], running[-1:]
    along[half + 1 :] -= running[: -half - 1]
    return sums


def coarser(counts: npt.NDArray[np.int64], level: int) -> npt.NDArray[np.int64]:
    """Counts of squares 2**level times as wide."""
    step = 1 << level
    rows, columns = (-(-n // step) * step for n in counts.shape)
    whole = np.pad(counts, ((0, rows - counts.shape[0]), (0, columns - counts.shape[1])))
    return np.asarray(whole.reshape(rows // step, step, columns // step, step).sum(axis=(1, 3)))


def level_of(bins: Bins, ground_m_per_px: float) -> int:
    """How many times the radius is doubled so that it stays visible."""
    radius_px = bins.side_m * RADIUS_BINS / ground_m_per_px
    return max(int(np.ceil(np.log2(LEAST_RADIUS_PX / radius_px))), 0)


def field_of(counts: npt.NDArray[np.int64], bins: Bins, level: int) -> Field:
    """The field of counts (one a bin, in the order of bins) at a level."""
    step = 1 << level
    shares = smoothed(coarser(counts.reshape(bins.rows, bins.columns), level))
    km2 = (bins.side_m * step / 1000) ** 2
    top = max(float(shares.max()), FEWEST * _peak())
    return Field(
        (shares / km2).astype(np.float32),
        bins.left - REACH * step * bins.side,
        bins.top - REACH * step * bins.side,
        bins.side * step,
        bins.side_m * step * RADIUS_BINS,
        tuple(top / km2 * share for share in SHARES),
    )


def _peak() -> float:
    """The density, in cases a square, at the place of a single case."""
    return float(smoothed(np.ones((1, 1), dtype=np.int64)).max())


def heat_picture(field: Field, pane: Pane, theme: Theme, outline: shapely.Geometry, scale: int = 1) -> Image.Image:
    """The contours as an RGBA picture of pane × scale pixels, nothing outside the outline (on the unit square)."""
    steps = _steps(field, pane, scale * SAMPLES)
    colours = np.array([(*rgb(c), round(255 * OPACITY)) for c in (theme.ramp[0], *theme.ramp)], dtype=np.uint8)
    colours[0, 3] = 0
    samples = colours.view(np.uint32).ravel()[steps[1:-1, 1:-1]]
    picture = Image.fromarray(samples.view(np.uint8).reshape(*samples.shape, 4)).reduce(SAMPLES)
    line = Image.fromarray((_edges(steps) * round(255 * LINE_OPACITY)).astype(np.uint8)).reduce(SAMPLES)
    alpha = picture.getchannel("A")
    picture.paste(rgb(theme.map.contour), mask=line)
    picture.putalpha(ImageChops.multiply(alpha, inside(outline, pane, scale)))
    return picture


def _steps(field: Field, pane: Pane, samples: int) -> npt.NDArray[np.uint8]:
    """The step (0 = below the first) at each sample of a pane and of one sample around it."""
    low = np.array([pane.left, pane.top]) * samples - 1
    size = np.array([pane.width, pane.height]) * samples + 2
    start = (low / (pane.world_px * samples) - (field.left, field.top)) / field.side
    end = ((low + size) / (pane.world_px * samples) - (field.left, field.top)) / field.side
    first, last = np.floor(start).astype(int) - 3, np.ceil(end).astype(int) + 3
    window = _window(field.density, first, last)
    box = (*(start - first), *(end - first))
    density = np.asarray(Image.fromarray(window).resize(tuple(size), Image.Resampling.BICUBIC, box=box))
    steps = np.zeros(density.shape, dtype=np.uint8)
    for limit in field.limits:
        steps += density >= limit
    return steps


def _window(
    density: npt.NDArray[np.float32], first: npt.NDArray[Any], last: npt.NDArray[Any]
) -> npt.NDArray[np.float32]:
    """The squares first … last - 1 (column, row) of a field, empty beyond its edges."""
    (left, top), (right, bottom) = first, last
    window = np.zeros((bottom - top, right - left), dtype=np.float32)
    rows, columns = density.shape
    inner = density[max(top, 0) : max(min(bottom, rows), 0), max(left, 0) : max(min(right, columns), 0)]
    if inner.size:
        y, x = max(-top, 0), max(-left, 0)
        window[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
    return window


def _edges(steps: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Where a step ends: samples whose left, right, upper or lower neighbour is on another."""
    middle = steps[1:-1, 1:-1]
    return np.asarray(
        (middle != steps[:-2, 1:-1])
        | (middle != steps[2:, 1:-1])
        | (middle != steps[1:-1, :-2])
        | (middle != steps[1:-1, 2:])
    )

"""Buildings and parks: every block is filled with rows of slabs, towers, mixed lots or halls, or left green."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
VERGE_M = 15.0  # from the middle of a road to the first wall
_KINDS = ("slabs", "towers", "lots", "halls", "green")
_SHARES = {True: (0.60, 0.13, 0.17, 0.08, 0.02), False: (0.46, 0.12, 0.18, 0.14, 0.10)}  # inside, outside the street


def fill(
    blocks: Shapes, inside: NDArray[np.bool_], water: shapely.Geometry, rng: np.random.Generator
) -> tuple[Shapes, Shapes]:
    """(buildings, parks) in ground metres; nothing stands in water or across a road."""
    free = shapely.difference(shapely.buffer(blocks, -VERGE_M, join_style="mitre"), shapely.buffer(water, 14))
    wet = shapely.intersects(blocks, water)
    kinds = np.array([_kind(rng, bool(own), bool(w)) for own, w in zip(inside, wet, strict=True)])
    green = kinds == "green"
    built = [
        _block(shape, kind, 1.0 if own else 1.45, rng)
        for shape, kind, own in zip(free[~green], kinds[~green], inside[~green], strict=True)
    ]
    parks = shapely.difference(shapely.buffer(blocks[green], -VERGE_M / 2), water)
    return np.concatenate(built), parks[~shapely.is_empty(parks)]


def _kind(rng: np.random.Generator, own: bool, wet: bool) -> str:
    drawn = str(rng.choice(_KINDS, p=_SHARES[own]))
    return "green" if wet and not own and rng.random() < 0.6 else drawn


def _block(free: shapely.Geometry, kind: str, scale: float, rng: np.random.Generator) -> Shapes:
    if free.area < 2500:
        return np.array([], dtype=object)
    origin, angle = _frame(free)
    local = _turned(free, origin, -angle)
    shapes = _PATTERNS[kind](local.bounds, scale, rng)
    shapely.prepare(local)
    kept = shapes[shapely.contains_properly(local, shapes)]
    return np.asarray(_turned(kept, origin, angle, back=True), dtype=object)


def _frame(shape: shapely.Geometry) -> tuple[NDArray[np.float64], float]:
    """A corner and the direction of the side that runs most nearly east–west: slabs face south."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(shape))
    sides = np.diff(corners, axis=0)
    flat = sides[np.argmax(np.abs(sides[:, 0]) / np.hypot(*sides.T))]
    return corners[0], float(np.arctan2(flat[1] * np.sign(flat[0]), abs(flat[0])))


def _turned(
    shape: Shapes | shapely.Geometry, origin: NDArray[np.float64], angle: float, *, back: bool = False
) -> Shapes:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    if back:
        return shapely.transform(shape, lambda xy: xy @ turn + origin)
    return shapely.transform(shape, lambda xy: (xy - origin) @ turn)


Bounds = tuple[float, float, float, float]


def _lattice(
    bounds: Bounds, pitch: tuple[float, float], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    xs = np.arange(bounds[0] + 1, bounds[2], pitch[0]) + rng.uniform(0, 6)
    ys = np.arange(bounds[1] + 1, bounds[3], pitch[1]) + rng.uniform(0, 6)
    x, y = np.meshgrid(xs, ys)
    return x.ravel(), y.ravel()


def _slabs(bounds: Bounds, scale: float, rng: np.random.Generator) -> Shapes:
    length, depth = rng.uniform(36, 62) * scale, rng.uniform(13, 17) * scale
    x, y = _lattice(bounds, (length + rng.uniform(11, 17) * scale, depth + rng.uniform(19, 26) * scale), rng)
    shorter = rng.uniform(0.72, 1.0, len(x)) if rng.random() < 0.4 else np.ones(len(x))
    return shapely.box(x, y, x + length * shorter, y + depth)


def _towers(bounds: Bounds, scale: float, rng: np.random.Generator) -> Shapes:
    radius = rng.uniform(11, 15) * scale
    x, y = _lattice(bounds, (radius * rng.uniform(3.4, 4.2), radius * rng.uniform(3.4, 4.2)), rng)
    return np.asarray(shapely.buffer(shapely.points(x + radius, y + radius), radius, quad_segs=2), dtype=object)


def _lots(bounds: Bounds, scale: float, rng: np.random.Generator) -> Shapes:
    x, y = _lattice(bounds, (rng.uniform(38, 48) * scale, rng.uniform(36, 44) * scale), rng)
    wide, tall = rng.uniform(16, 33, len(x)) * scale, rng.uniform(15, 29, len(x)) * scale
    boxes = shapely.box(x, y, x + wide, y + tall)
    return boxes[rng.random(len(x)) < 0.85]


def _halls(bounds: Bounds, scale: float, rng: np.random.Generator) -> Shapes:
    wide, tall = rng.uniform(58, 84), rng.uniform(34, 52)
    x, y = _lattice(bounds, (wide + 22 * scale, tall + 26 * scale), rng)
    return shapely.box(x, y, x + wide * rng.uniform(0.7, 1, len(x)), y + tall * rng.uniform(0.6, 1, len(x)))


_PATTERNS: dict[str, Callable[[Bounds, float, np.random.Generator], Shapes]] = {
    "slabs": _slabs,
    "towers": _towers,
    "lots": _lots,
    "halls": _halls,
}

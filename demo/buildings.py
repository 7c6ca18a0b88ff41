"""Buildings and parks: every block is filled with rows of slabs, towers, mixed lots or halls, or left green."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from demo.arrays import Flags, Floats, Objects

VERGE_M = 15.0  # from the middle of a road to the first wall
_KINDS = ("slabs", "towers", "lots", "halls", "green")
_SHARES = {True: (0.60, 0.13, 0.17, 0.08, 0.02), False: (0.46, 0.12, 0.18, 0.14, 0.10)}  # inside, outside the street


def fill(
    blocks: Objects,
    inside: Flags,
    water: shapely.Geometry,
    lines: list[shapely.LineString],
    rng: np.random.Generator,
) -> tuple[Objects, Objects]:
    """(buildings, parks) in ground metres; nothing stands in water or across a road."""
    free = shapely.difference(shapely.buffer(blocks, -VERGE_M, join_style="mitre"), shapely.buffer(water, 14))
    wet = shapely.intersects(blocks, water)
    kinds = np.array([_kind(rng, own=bool(own), wet=bool(w)) for own, w in zip(inside, wet, strict=True)])
    green = kinds == "green"
    built = [
        _block(shape, kind, 1.0 if own else 1.45, rng)
        for shape, kind, own in zip(free[~green], kinds[~green], inside[~green], strict=True)
    ]
    parks = shapely.difference(shapely.buffer(blocks[green], -VERGE_M / 2), water)
    return _clear_of(lines, np.concatenate(built)), parks[~shapely.is_empty(parks)]


def _clear_of(lines: list[shapely.LineString], built: Objects) -> Objects:
    """Without what stands too near a road: some run through blocks that grew by a scrap of the bank."""
    near, _ = shapely.STRtree(lines).query(built, predicate="dwithin", distance=VERGE_M / 2)
    kept: Objects = np.delete(built, near)
    return kept


def _kind(rng: np.random.Generator, *, own: bool, wet: bool) -> str:
    drawn = str(rng.choice(_KINDS, p=_SHARES[own]))
    return "green" if wet and not own and rng.random() < 0.6 else drawn


def _block(free: shapely.Geometry, kind: str, scale: float, rng: np.random.Generator) -> Objects:
    if free.area < 2500:
        return np.array([], dtype=object)
    origin, angle = _frame(free)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    local = shapely.transform(free, lambda xy: (xy - origin) @ turn.T)
    shapes = _PATTERNS[kind](local.bounds, scale, rng)
    shapely.prepare(local)
    kept = shapes[shapely.contains_properly(local, shapes)]
    return np.asarray(shapely.transform(kept, lambda xy: xy @ turn + origin), dtype=object)


def _frame(shape: shapely.Geometry) -> tuple[Floats, float]:
    """A corner and the direction of the side that runs most nearly east–west: slabs face south."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(shape))
    sides = np.diff(corners, axis=0)
    flat = sides[np.argmax(np.abs(sides[:, 0]) / np.hypot(*sides.T))]
    return corners[0], float(np.arctan2(flat[1] * np.sign(flat[0]), abs(flat[0])))


Bounds = tuple[float, float, float, float]


def _lattice(bounds: Bounds, pitch: tuple[float, float], rng: np.random.Generator) -> tuple[Floats, Floats]:
    xs = np.arange(bounds[0] + 1, bounds[2], pitch[0]) + rng.uniform(0, 6)
    ys = np.arange(bounds[1] + 1, bounds[3], pitch[1]) + rng.uniform(0, 6)
    x, y = np.meshgrid(xs, ys)
    return x.ravel(), y.ravel()


def _slabs(bounds: Bounds, scale: float, rng: np.random.Generator) -> Objects:
    length, depth = rng.uniform(36, 62) * scale, rng.uniform(13, 17) * scale
    x, y = _lattice(bounds, (length + rng.uniform(11, 17) * scale, depth + rng.uniform(19, 26) * scale), rng)
    shorter = rng.uniform(0.72, 1.0, len(x)) if rng.random() < 0.4 else np.ones(len(x))
    return np.asarray(shapely.box(x, y, x + length * shorter, y + depth), dtype=object)


def _towers(bounds: Bounds, scale: float, rng: np.random.Generator) -> Objects:
    radius = rng.uniform(11, 15) * scale
    x, y = _lattice(bounds, (radius * rng.uniform(3.4, 4.2), radius * rng.uniform(3.4, 4.2)), rng)
    return np.asarray(shapely.buffer(shapely.points(x + radius, y + radius), radius, quad_segs=2), dtype=object)


def _lots(bounds: Bounds, scale: float, rng: np.random.Generator) -> Objects:
    x, y = _lattice(bounds, (rng.uniform(38, 48) * scale, rng.uniform(36, 44) * scale), rng)
    wide, tall = rng.uniform(16, 33, len(x)) * scale, rng.uniform(15, 29, len(x)) * scale
    boxes = shapely.box(x, y, x + wide, y + tall)
    return np.asarray(boxes[rng.random(len(x)) < 0.85], dtype=object)


def _halls(bounds: Bounds, scale: float, rng: np.random.Generator) -> Objects:
    wide, tall = rng.uniform(58, 84), rng.uniform(34, 52)
    x, y = _lattice(bounds, (wide + 22 * scale, tall + 26 * scale), rng)
    return np.asarray(
        shapely.box(x, y, x + wide * rng.uniform(0.7, 1, len(x)), y + tall * rng.uniform(0.6, 1, len(x))), dtype=object
    )


_PATTERNS: dict[str, Callable[[Bounds, float, np.random.Generator], Objects]] = {
    "slabs": _slabs,
    "towers": _towers,
    "lots": _lots,
    "halls": _halls,
}

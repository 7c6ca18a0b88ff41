"""Pieces too small to be a grid of their own join a neighbour."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.lattice import Ints, Squares
from geo.polygons import Geometries

# Neighbour by (column step, row step) and the two corners of the quad (south-west first, counter-clockwise) they share.
_SIDES = (((0, -1), (0, 1)), ((1, 0), (1, 2)), ((0, 1), (2, 3)), ((-1, 0), (3, 0)))


@dataclass(frozen=True)
class Groups:
    """Grids as groups of pieces: `label` is a piece's group, `anchor` a group's largest piece, `size` its pieces."""

    label: Ints
    anchor: Ints
    size: Ints


def merge_slivers(
    squares: Squares, pieces: Geometries, share: NDArray[np.float64], shape: shapely.Geometry, smallest: float
) -> Groups:
    """Group the pieces of one area until no group is below `smallest` of a square, unless it is the whole area.

    The smallest sliver goes first, to the group it shares the longest edge with; without a common edge to the
    nearest piece. Equal lengths fall to the earlier piece, so the result does not depend on chance.
    """
    label = np.arange(len(pieces))
    slivers = np.flatnonzero(share < smallest)
    edges = _common_edges(squares, shape, slivers)
    for sliver in slivers[np.argsort(share[slivers], kind="stable")]:
        own = label == label[sliver]
        if share[own].sum() < smallest and not own.all():
            label[own] = label[_neighbour(own, label, edges, pieces)]
    _, label = np.unique(label, return_inverse=True)
    by_share = np.argsort(-share, kind="stable")
    _, first = np.unique(label[by_share], return_index=True)
    return Groups(label, by_share[first], np.bincount(label))


def _neighbour(
    own: NDArray[np.bool_], label: Ints, edges: dict[int, list[tuple[int, float]]], pieces: Geometries
) -> int:
    """Return a piece of the group that the pieces marked `own` should join."""
    lengths: dict[int, float] = {}
    for member in np.flatnonzero(own).tolist():
        for other, length in edges.get(member, []):
            if not own[other]:
                lengths[int(label[other])] = lengths.get(int(label[other]), 0.0) + length
    if lengths:
        best = max(lengths, key=lambda group: (lengths[group], -group))
        return int(np.flatnonzero(label == best)[0])
    others = np.flatnonzero(~own)
    return int(others[np.argmin(shapely.distance(shapely.union_all(pieces[own]), pieces[others]))])


def _common_edges(squares: Squares, shape: shapely.Geometry, slivers: Ints) -> dict[int, list[tuple[int, float]]]:
    """Return the pieces beside each sliver and the length of their common edge, in both directions.

    The edge is the part of the lattice line inside the area, which needs no comparison of two clipped outlines.
    """
    at = {place: number for number, place in enumerate(zip(squares.column.tolist(), squares.row.tolist(), strict=True))}
    pairs: list[tuple[int, int]] = []
    ends: list[NDArray[Any]] = []
    for sliver in slivers.tolist():
        corners = shapely.get_coordinates(squares.quads[sliver])
        for (east, north), side in _SIDES:
            other = at.get((int(squares.column[sliver]) + east, int(squares.row[sliver]) + north))
            if other is not None:
                pairs.append((sliver, other))
                ends.append(corners[list(side)])
    edges: dict[int, list[tuple[int, float]]] = {}
    for (sliver, other), length in zip(pairs, _lengths(ends, shape), strict=True):
        if length > 0:
            edges.setdefault(sliver, []).append((other, length))
    return edges


def _lengths(ends: list[NDArray[Any]], shape: shapely.Geometry) -> list[float]:
    if not ends:
        return []
    inside = shapely.intersection(shapely.linestrings(np.array(ends)), shape)
    narrow = np.cos(np.radians(shapely.bounds(shape)[1]))  # a degree of longitude is shorter than one of latitude
    lengths: list[float] = shapely.length(shapely.transform(inside, lambda points: points * (narrow, 1.0))).tolist()
    return lengths

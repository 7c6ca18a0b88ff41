"""Square grids cut from areas: a regular lattice on the ground, clipped to each area so that the grids tile it.

Grids belong to the area they are cut from and are numbered west to east, then north to south (DB6101/T 3185-2024).
"""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.errors import SubdivideError
from geo.lattice import Lattice, Squares
from geo.polygons import Geometries, is_polygonal, polygonal_part
from geo.slivers import merge_slivers

SLIVER_SHARE = 0.05
MAX_SQUARES = 400_000
_MIN_DIGITS = 3


def subdivide(areas: gpd.GeoDataFrame, metres: float) -> gpd.GeoDataFrame:
    """Cut each area (code, geometry in WGS-84) into squares of `metres`, all on one lattice of the whole layer.

    Returns code, name, parent, geometry. The grids of an area tile it exactly: clipping happens on the WGS-84 shape
    itself, only the corners of the lattice are projected. A piece below 5 % of a square joins the neighbour it shares
    the longest edge with, or the nearest piece when it is an island. `code` is the area's code and a sequence of
    three digits (four in the whole layer when an area has more than 999 grids, so that codes stay distinct), `name`
    the sequence ("01"), `parent` the area's code. Raises SubdivideError.
    """
    if not (np.isfinite(metres) and metres > 0):
        msg = f"Grids of {metres} metres cannot be cut: give the side of a square in metres, for example 500."
        raise SubdivideError(msg)
    shapes = areas.geometry.to_numpy()
    if not len(shapes):
        return _frame(shapes, np.zeros(0, dtype=np.int64), shapes)
    lattice = Lattice(shapely.total_bounds(shapes), metres)
    _require_bearable(lattice, shapes, metres)
    cells = [_cells(lattice, shape) for shape in shapes]
    counts = np.array([len(one) for one in cells])
    return _frame(areas["code"].to_numpy(), counts, np.concatenate(cells))


def _require_bearable(lattice: Lattice, shapes: Geometries, metres: float) -> None:
    west, south, east, north = lattice.bounds_m(shapes).T
    squares = float((((east - west) / metres + 1) * ((north - south) / metres + 1)).sum())
    if squares > MAX_SQUARES:
        msg = f"Squares of {metres:g} metres would be {squares:.0f} here, more than {MAX_SQUARES}: make them larger."
        raise SubdivideError(msg)


def _cells(lattice: Lattice, shape: shapely.Geometry) -> Geometries:
    """Return the grids of one area in the order of their numbers."""
    squares, pieces = _clipped(lattice.squares(shape), shape)
    share = shapely.area(pieces) / shapely.area(squares.quads)
    groups = merge_slivers(squares, pieces, share, shape, SLIVER_SHARE)
    order = np.lexsort((squares.column[groups.anchor], -squares.row[groups.anchor]))
    result = pieces[groups.anchor]
    for group in np.flatnonzero(groups.size > 1):
        united = shapely.union_all(squares.quads[groups.label == group])
        result[group] = polygonal_part(np.array([shapely.intersection(shape, united)]))[0]
    return result[order]


def _clipped(squares: Squares, shape: shapely.Geometry) -> tuple[Squares, Geometries]:
    shapely.prepare(shape)
    touched = shapely.intersects(shape, squares.quads)
    squares = squares.take(touched)
    pieces = squares.quads.copy()
    edge = ~shapely.contains_properly(shape, pieces)
    pieces[edge] = polygonal_part(shapely.intersection(shape, pieces[edge]))
    kept = is_polygonal(pieces)
    return squares.take(kept), pieces[kept]


def _frame(codes: NDArray[Any], counts: NDArray[np.int64], geometry: Geometries) -> gpd.GeoDataFrame:
    digits = max(_MIN_DIGITS, len(str(counts.max(initial=0))))
    parents = np.repeat(codes, counts)
    numbers = [number for count in counts for number in range(1, count + 1)]
    texts = {
        "code": [f"{parent}{number:0{digits}d}" for parent, number in zip(parents, numbers, strict=True)],
        "name": [f"{number:02d}" for number in numbers],
        "parent": parents.tolist(),
    }
    return gpd.GeoDataFrame(pd.DataFrame(texts, dtype=object), geometry=geometry, crs=WGS84)

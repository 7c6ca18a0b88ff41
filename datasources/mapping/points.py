"""Places: points written as text, and geometries of features."""

import re
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

NUMBER = r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"
LATITUDE, LONGITUDE = r"\b(?:lat|latitude)\b", r"\b(?:lon|lng|longitude)\b"
ERRORS = (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def pattern(form: str) -> tuple[re.Pattern[str], bool]:
    """A format such as "(lat, lon)" as a regular expression, and whether the longitude comes first.

    Blanks may be wider or missing around signs, letters may be of either case. Raises ValueError.
    """
    lat, lon = re.search(LATITUDE, form), re.search(LONGITUDE, form)
    if lat is None or lon is None:
        raise ValueError(f"'{form}' does not say where lat and lon stand; write for example \"(lat, lon)\"")
    parts = re.split(rf"{LATITUDE}|{LONGITUDE}", form)
    return re.compile(
        rf"\s*{NUMBER.join(_literal(part) for part in parts)}\s*", re.IGNORECASE
    ), lon.start() < lat.start()


def _literal(part: str) -> str:
    """Signs as they stand, blanks wherever they stand; a blank between two numbers needs at least one."""
    if part.isspace():
        return r"\s+"
    tokens = re.findall(r"\w+|[^\w\s]", part)
    return r"\s*" + r"\s*".join(re.escape(token) for token in tokens) + r"\s*" if tokens else ""


def parse(texts: pd.Series, formats: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (float64) of texts by the first format that fits whole; NaN where none does."""
    place = np.full((2, len(texts)), np.nan)
    todo = texts.notna().to_numpy(copy=True)
    for form in formats:
        expression, longitude_first = pattern(form)
        where = np.flatnonzero(todo)
        found = [expression.fullmatch(each) for each in texts.iloc[where]]
        pairs = [match.groups() if match else (np.nan, np.nan) for match in found]
        numbers = np.array(pairs, dtype=float).reshape(-1, 2)
        place[:, where] = (numbers if longitude_first else numbers[:, ::-1]).T
        todo &= np.isnan(place[0])
    return place[0], place[1]


def geometry(cell: Any) -> BaseGeometry | None:
    """A GeoJSON dict (coordinates may be text), WKT or WKB as a flat shapely geometry. None for none; raises ERRORS."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return None
    if isinstance(cell, BaseGeometry):
        return cell
    if isinstance(cell, str):
        return shapely.force_2d(shapely.from_wkt(cell))
    if isinstance(cell, bytes):
        return shapely.force_2d(shapely.from_wkb(cell))
    return shapely.force_2d(shape(_numeric(cell)))


def _numeric(cell: dict[str, Any]) -> dict[str, Any]:
    if "geometries" in cell:
        return {**cell, "geometries": [_numeric(each) for each in cell["geometries"]]}
    return {**cell, "coordinates": _floats(cell["coordinates"])}


def _floats(value: Any) -> Any:
    return [_floats(each) for each in value] if isinstance(value, list | tuple) else float(value)


def geometries(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Shapely geometries (object, None = none) of cells, and True where a cell cannot be read."""
    shapes = np.full(len(cells), None, dtype=object)
    bad = np.zeros(len(cells), dtype=bool)
    for number, cell in enumerate(cells):
        try:
            shapes[number] = geometry(cell)
        except ERRORS:
            bad[number] = True
    empty = np.array([each is not None and each.is_empty for each in shapes], dtype=bool)
    shapes[empty] = None
    return shapes, bad


def inner_points(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of each geometry: a point itself, else a point that lies within; NaN for none."""
    inside = shapely.point_on_surface(shapes)
    return shapely.get_x(inside), shapely.get_y(inside)

"""Coordinate systems in, WGS-84 out.

GCJ-02 (Amap, Tencent) and BD-09 (Baidu) are the shifted systems of Chinese web maps; their inverse is the refined
fixed point of geocoordinates-rs (round trip below 1e-5 m). CGCS2000 (EPSG:4490) and WGS-84 differ by less than a metre.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import geocoordinates_ffi as china
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import CrsError

Floats = NDArray[np.float64]

WGS84 = "EPSG:4326"
# The box in which the Chinese shift applies, as every implementation of it draws it: (west, south, east, north).
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)


def _gcj02(lon: float, lat: float) -> tuple[float, float]:
    point = china.gcj02_to_wgs84_refined(china.Gcj02(lat=lat, lon=lon))
    return point.lon, point.lat


def _bd09(lon: float, lat: float) -> tuple[float, float]:
    point = china.bd09_to_wgs84_refined(china.Bd09(lat=lat, lon=lon))
    return point.lon, point.lat


_SHIFTED: dict[str, Callable[[float, float], tuple[float, float]]] = {"GCJ-02": _gcj02, "BD-09": _bd09}


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Floats, Floats]:
    """Convert points declared in `crs` to WGS-84.

    `lon`, `lat` are the first (east) and second (north) coordinate in the unit of `crs`: degrees, or metres for a
    projected EPSG code. `crs` is "EPSG:<code>", "GCJ-02" or "BD-09". The two Chinese systems change nothing outside
    China. Points without coordinates, or that the projection cannot reach, come back as NaN.
    Raises CrsError for an unknown system.
    """
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    system = crs.strip().upper()
    if system in _SHIFTED:
        return _from_shifted(x, y, _SHIFTED[system])
    transformer = _transformer(system)
    if transformer is None:
        return x.copy(), y.copy()
    x, y = (np.asarray(values, dtype=np.float64) for values in transformer.transform(x, y))
    reached = np.isfinite(x) & np.isfinite(y)
    return np.where(reached, x, np.nan), np.where(reached, y, np.nan)


def to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Where WGS-84 points are drawn on a map in GCJ-02, in degrees; nothing changes outside China."""
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    return _from_shifted(x, y, _shift)


def _shift(lon: float, lat: float) -> tuple[float, float]:
    point = china.wgs84_to_gcj02(china.Wgs84(lat=lat, lon=lon))
    return point.lon, point.lat


def frame_to_wgs84(gdf: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return a copy of `gdf` whose geometries, declared in `crs`, are WGS-84 and two-dimensional.

    `crs` is what the configuration says and wins over what the frame itself claims: a GCJ-02 file usually claims
    to be WGS-84. Raises CrsError.
    """

    def convert(coordinates: Floats) -> Floats:
        return np.column_stack(to_wgs84(coordinates[:, 0], coordinates[:, 1], crs))

    flat = shapely.force_2d(gdf.geometry.to_numpy())
    return gdf.set_geometry(gpd.GeoSeries(shapely.transform(flat, convert), index=gdf.index, crs=WGS84))


def _from_shifted(
    x: Floats, y: Floats, convert: Callable[[float, float], tuple[float, float]]
) -> tuple[Floats, Floats]:
    west, south, east, north = CHINA_BOX
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    x, y = x.copy(), y.copy()
    if not inside.any():
        return x, y
    # The library converts one point at a time; boundary vertices and report places repeat, so each is converted once.
    points, where = np.unique(x[inside] + 1j * y[inside], return_inverse=True)
    moved = np.array([convert(lon, lat) for lon, lat in zip(points.real.tolist(), points.imag.tolist(), strict=True)])
    x[inside], y[inside] = moved[where, 0], moved[where, 1]
    return x, y


@lru_cache(maxsize=32)
def _transformer(system: str) -> Transformer | None:
    """The way from an EPSG code to WGS-84 in longitude-latitude order; None where there is nothing to do."""
    if not re.fullmatch(r"EPSG:\d{4,6}", system):
        msg = f'Unknown coordinate system {system!r}: write an EPSG code such as "EPSG:4490", or "GCJ-02" or "BD-09".'
        raise CrsError(msg)
    if system == WGS84:
        return None
    try:
        declared = CRS(system)
    except CRSError as error:
        msg = f"{system} is not in the EPSG register: check the code."
        raise CrsError(msg) from error
    if not (declared.is_geographic or declared.is_projected):
        msg = f"{system} ({declared.name}) measures no places on a map: give a geographic or projected system."
        raise CrsError(msg)
    return Transformer.from_crs(declared, WGS84, always_xy=True)

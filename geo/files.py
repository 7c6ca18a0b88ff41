"""Boundary files as published: every feature with its properties, its id and whatever geometry it has."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from geo.errors import BoundaryError
from geo.polygons import Geometries

FEATURE_ID = "@id"
_JSON_SUFFIXES = {".json", ".geojson"}
_UNSTATED = "ISO-8859-1"  # what GDAL assumes of a Shapefile without a .cpg
_BOM = b"\xef\xbb\xbf"


def read_features(path: Path, wanted: Sequence[str]) -> gpd.GeoDataFrame:
    """Read a GeoJSON, GeoPackage or Shapefile (a zipped one too) without judging its content.

    Columns: "@id" (the feature id, or the row id of the layer), each property under its own name, geometry.
    `attrs["crs"]` is the coordinate system the file claims, or None. Of a file with several layers, the first that
    has the `wanted` properties is read. Raises BoundaryError when the file is missing or unreadable.
    """
    if not path.is_file():
        msg = f"Boundary file {path} does not exist: check the path, which is relative to the configuration file."
        raise BoundaryError(msg)
    try:
        return _read_json(path) if path.suffix.lower() in _JSON_SUFFIXES else _read_layer(path, wanted)
    except (OSError, DataSourceError, DataLayerError, FeatureError, BadZipFile, ValueError) as error:
        reason = str(error).partition(";")[0].rstrip(".")
        msg = f"Boundary file {path} cannot be read ({reason}): give a GeoJSON, GeoPackage or (zipped) Shapefile."
        raise BoundaryError(msg) from error


def _read_layer(path: Path, wanted: Sequence[str]) -> gpd.GeoDataFrame:
    source = _inside(path) if path.suffix.lower() == ".zip" else str(path)
    layers = [name for name, kind in pyogrio.list_layers(source) if kind is not None]
    if not layers:
        msg = "it has no layer with geometry"
        raise ValueError(msg)
    having = (name for name in layers if set(wanted) <= set(pyogrio.read_info(source, layer=name)["fields"]))
    layer = next(having, layers[0])
    frame = pyogrio.read_dataframe(source, layer=layer, fid_as_index=True, encoding=_encoding(source, layer))
    frame.insert(0, FEATURE_ID, frame.index.astype(object))
    frame = frame.reset_index(drop=True)
    frame.attrs["crs"] = frame.crs.to_string() if frame.crs else None
    return frame


def _inside(path: Path) -> str:
    """Return what to open of an archive: its first GeoPackage, or the folder of its first Shapefile."""
    with ZipFile(path) as archive:
        members = sorted(PurePosixPath(name) for name in archive.namelist())
    for member in members:
        if member.suffix.lower() == ".gpkg":
            return f"/vsizip/{path}/{member}"
        if member.suffix.lower() == ".shp":
            return f"/vsizip/{path}" if member.parent == PurePosixPath() else f"/vsizip/{path}/{member.parent}"
    msg = "the archive holds neither a Shapefile nor a GeoPackage"
    raise ValueError(msg)


def _encoding(source: str, layer: str) -> str | None:
    """Return the encoding of a Shapefile that does not state one: UTF-8 if it is that, else China's; None as stated."""
    stated = Path(source).with_suffix(".cpg").exists()
    if stated or pyogrio.read_info(source, layer=layer)["encoding"] != _UNSTATED:
        return None
    try:
        pyogrio.read_dataframe(source, layer=layer, encoding="UTF-8", read_geometry=False)
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"


def _read_json(path: Path) -> gpd.GeoDataFrame:
    content = orjson.loads(path.read_bytes().removeprefix(_BOM))
    features = content.get("features", [content]) if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) and "geometry" in one for one in features):
        msg = "it is JSON but not a GeoJSON FeatureCollection"
        raise ValueError(msg)
    properties = [feature.get("properties") or {} for feature in features]
    names = dict.fromkeys(name for row in properties for name in row)
    columns = {name: pd.Series([row.get(name) for row in properties], dtype=object) for name in names}
    columns[FEATURE_ID] = pd.Series([feature.get("id") for feature in features], dtype=object)
    frame = gpd.GeoDataFrame(columns, geometry=_geometries([one["geometry"] for one in features], path))
    frame.attrs["crs"] = _claimed_crs(content)
    return frame


def _claimed_crs(content: dict[str, Any]) -> str | None:
    try:
        return str(content["crs"]["properties"]["name"])
    except (KeyError, TypeError):
        return None


def _geometries(raw: list[Any], path: Path) -> Geometries:
    geometries: Geometries = shapely.from_geojson([orjson.dumps(one) for one in raw], on_invalid="ignore")
    for row in np.flatnonzero(shapely.is_missing(geometries)):
        if raw[row] is not None:
            geometries[row] = _mended(raw[row], f"{path}, feature {row + 1}")
    return geometries


def _mended(raw: Any, where: str) -> shapely.Geometry:
    """Read the geometry that the strict reader refused: numbers written as text, rings left open."""
    try:
        coordinates = _numbers(raw["coordinates"])
        rings = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(raw["type"], [])
        for ring in (ring for polygon in rings for ring in polygon):
            ring.extend(ring[:1] if ring[0] != ring[-1] else [])
        return shapely.from_geojson(orjson.dumps({"type": raw["type"], "coordinates": coordinates}))
    except (shapely.GEOSException, ValueError, TypeError, KeyError, IndexError) as error:
        msg = f"{where}: its geometry is not readable ({error}): repair the feature or take it out of the file."
        raise BoundaryError(msg) from error


def _numbers(coordinates: Any) -> Any:
    return [_numbers(one) for one in coordinates] if isinstance(coordinates, list) else float(coordinates)

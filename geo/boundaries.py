"""Areas of one level from a boundary file or a connector: code, name, parent and a valid WGS-84 polygon each."""

import difflib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, frame_to_wgs84
from geo.errors import BoundaryError
from geo.files import FEATURE_ID, read_features
from geo.polygons import Geometries, is_polygonal, polygonal_part, repair

_EXACT_FLOATS = 2**53


def read_boundaries(
    path: str | Path, *, code: str, name: str, parent: str | None = None, crs: str = WGS84
) -> gpd.GeoDataFrame:
    """Read the areas of one level from a GeoJSON, GeoPackage or (zipped) Shapefile.

    `code`, `name` and `parent` name properties of the file ("@id" = the feature id); `crs` is any EPSG code, "GCJ-02"
    or "BD-09". Returns code, name, parent (text or None) and geometry (WGS-84 polygons and multipolygons), sorted by
    code, features of the same code dissolved; a blank name is replaced by the code. `attrs["repaired"]` counts
    features that were invalid, `attrs["dropped"]` features without a surface (points, lines, nothing).
    Raises BoundaryError and CrsError.
    """
    file = Path(path)
    wanted = [column for column in (code, name, parent) if column is not None and column != FEATURE_ID]
    return features_frame(
        read_features(file, wanted), code=code, name=name, parent=parent, crs=crs, origin=f"Boundary file {file}"
    )


def features_frame(
    gdf: gpd.GeoDataFrame,
    *,
    code: str,
    name: str,
    parent: str | None = None,
    crs: str = WGS84,
    origin: str = "The connector's features",
) -> gpd.GeoDataFrame:
    """Bring an already loaded frame into the form read_boundaries returns; `origin` begins its error sentences.

    Without a column "@id" the frame's index stands for the feature id.
    """
    raw = gdf if FEATURE_ID in gdf.columns else gdf.assign(**{FEATURE_ID: gdf.index.astype(object)})
    for column in (code, name, parent) if len(raw) else ():
        _require(column, raw, origin)
    claimed = gdf.attrs.get("crs") or (gdf.crs.to_string() if gdf.crs else None)
    kept, repaired = _surfaces(raw, crs, origin, claimed)
    geometries = kept.geometry.to_numpy()
    sources = {"code": code, "name": name, "parent": parent}
    texts = {column: _texts(kept, source, origin) for column, source in sources.items()}
    _require_codes(texts["code"], code, kept["@row"], origin)
    areas = _dissolved(texts, geometries)
    areas.attrs = {"repaired": repaired, "dropped": len(raw) - len(kept)}
    return areas


def _surfaces(raw: gpd.GeoDataFrame, crs: str, origin: str, claimed: str | None) -> tuple[gpd.GeoDataFrame, int]:
    """Return the features that cover ground, in WGS-84 and valid, with row numbers, and how many were repaired."""
    shapes = polygonal_part(raw.geometry.to_numpy())
    numbered = raw.assign(**{"@row": np.arange(1, len(raw) + 1)}).set_geometry(shapes)
    kept = frame_to_wgs84(numbered[is_polygonal(shapes)], crs)
    _require_degrees(kept.geometry.to_numpy(), kept["@row"], origin, crs, claimed)
    valid, repaired = repair(kept.geometry.to_numpy())
    kept = kept.set_geometry(valid)[is_polygonal(valid)]
    if kept.empty:
        msg = f"{origin}: none of the {len(raw)} features is a polygon: areas need polygons, not points or lines."
        raise BoundaryError(msg)
    return kept, repaired


def _require(column: str | None, raw: gpd.GeoDataFrame, origin: str) -> None:
    if column is None or (column in raw.columns and column != raw.geometry.name):
        return
    known = sorted(str(one) for one in raw.columns if one != raw.geometry.name)
    folded = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(column.casefold(), list(folded), n=1, cutoff=0.5)
    advice = f"did you mean {folded[near[0]]!r}?" if near else f"it has {', '.join(known)}."
    msg = f"{origin} has no property {column!r}: {advice}"
    raise BoundaryError(msg)


def _require_degrees(geometries: Geometries, rows: pd.Series, origin: str, crs: str, claimed: str | None) -> None:
    coordinates, feature = shapely.get_coordinates(geometries, return_index=True)
    good = (np.abs(coordinates) <= (180, 90)).all(axis=1)  # NaN compares as bad
    if good.all():
        return
    row = rows.iloc[feature[np.argmin(good)]]
    hint = f"the file claims {claimed}" if claimed else "ask its publisher for the coordinate system"
    msg = f"{origin}, feature {row}: its coordinates are no places on Earth in {crs}: set crs ({hint})."
    raise BoundaryError(msg)


def _require_codes(codes: list[str | None], column: str, rows: pd.Series, origin: str) -> None:
    for value, row in zip(codes, rows, strict=True):
        if value is None:
            msg = f"{origin}, feature {row}: property {column!r} is empty, but every area needs a code: fill it in."
            raise BoundaryError(msg)


def _texts(kept: gpd.GeoDataFrame, column: str | None, origin: str) -> list[str | None]:
    if column is None:
        return [None] * len(kept)
    return [_text(value, f"{origin}, feature {row}") for value, row in zip(kept[column], kept["@row"], strict=True)]


def _text(value: Any, where: str) -> str | None:
    """Return codes and names as text: "1" for the 1.0 pandas makes of a column with gaps; None for a blank."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= _EXACT_FLOATS:
            msg = f"{where}: the number {value:.0f} is too long to keep all its digits: write it as text."
            raise BoundaryError(msg)
        value = int(value)
    return str(value).strip() or None


def _dissolved(texts: dict[str, list[str | None]], geometries: Geometries) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(pd.DataFrame(texts, dtype=object), geometry=geometries, crs=WGS84)
    frame = frame.sort_values("code", kind="stable")
    rows = []
    for code, same in frame.groupby("code", sort=True):
        shapes = same.geometry.to_numpy()
        shape = shapes[0] if len(shapes) == 1 else polygonal_part(np.array([shapely.union_all(shapes)]))[0]
        rows.append((code, _first(same["name"]) or code, _first(same["parent"]), shape))
    code_column, name_column, parent_column, shape_column = (list(column) for column in zip(*rows, strict=True))
    columns = {"code": code_column, "name": name_column, "parent": parent_column}
    return gpd.GeoDataFrame(pd.DataFrame(columns, dtype=object), geometry=shape_column, crs=WGS84)


def _first(values: pd.Series) -> str | None:
    return next((value for value in values if isinstance(value, str)), None)

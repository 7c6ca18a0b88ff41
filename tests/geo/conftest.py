"""Real boundary files, where a developer has them, and small helpers for drawn ones."""

import os
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from geo.boundaries import read_boundaries

REAL = {
    "boston": ("boundaries_boston_neighborhoods.geojson", {"code": "OBJECTID", "name": "Name"}),
    "la": ("boundaries_la_neighborhood_councils.geojson", {"code": "nc_id", "name": "name"}),
    "wuhan": ("boundaries_wuhan_districts.geojson", {"code": "@id", "name": "name", "crs": "GCJ-02"}),
}


def _shared(name: str) -> Path:
    folder = os.environ.get("GRIDHALL_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data"
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"the published file {name} is not on this machine")
    return path


@pytest.fixture(scope="session")
def published() -> Callable[[str], Path]:
    """The path of a published file by its name, or a skip."""
    return _shared


@pytest.fixture(scope="session")
def city() -> Callable[[str], gpd.GeoDataFrame]:
    """The areas of boston, la or wuhan, read once."""
    known: dict[str, gpd.GeoDataFrame] = {}

    def read(name: str) -> gpd.GeoDataFrame:
        if name not in known:
            file, options = REAL[name]
            known[name] = read_boundaries(_shared(file), **options)
        return known[name]

    return read


@pytest.fixture(scope="session")
def level() -> Callable[..., gpd.GeoDataFrame]:
    """A level from code → geometry or code → (parent, geometry)."""

    def draw(areas: dict[str, object]) -> gpd.GeoDataFrame:
        rows = [value if isinstance(value, tuple) else (None, value) for value in areas.values()]
        frame = pd.DataFrame({"code": list(areas), "name": [f"area {code}" for code in areas]}, dtype=object)
        frame["parent"] = pd.Series([parent for parent, _ in rows], dtype=object)
        return gpd.GeoDataFrame(frame, geometry=[shape for _, shape in rows], crs="EPSG:4326")

    return draw


@pytest.fixture(scope="session")
def on_the_ground() -> Callable[[shapely.Geometry], shapely.Geometry]:
    """Draw metres east and north of 114.3 E, 30.5 N (equal area, true north there) as WGS-84."""
    plane = Transformer.from_crs("+proj=laea +lon_0=114.3 +lat_0=30.5 +datum=WGS84", "EPSG:4326", always_xy=True)
    return lambda shape: shapely.transform(shape, plane.transform, interleaved=False)

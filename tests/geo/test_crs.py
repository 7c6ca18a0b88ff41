"""Coordinates in any declared system become WGS-84."""

import geocoordinates_ffi as china
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj

from geo.crs import CHINA_BOX, frame_to_wgs84, to_wgs84
from geo.errors import CrsError

IN_CHINA = {"lon": st.floats(74, 134), "lat": st.floats(19, 53)}
EARTH = Geod(ellps="WGS84")


def shifted_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The published forward formula of GCJ-02, written out here as the oracle."""
    x, y, pi, sin = lon - 105.0, lat - 35.0, np.pi, np.sin
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(abs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3 + (
        160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)
    ) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(abs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3 + (
        150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)
    ) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * sin(np.radians(lat)) ** 2
    lat_out = lat + np.degrees(north / (a * (1 - ee) / magic**1.5))
    return lon + np.degrees(east / (a / np.sqrt(magic) * np.cos(np.radians(lat)))), lat_out


def shifted_bd09(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 and Baidu's second shift on top of it."""
    lon, lat = shifted_gcj02(lon, lat)
    x_pi = np.pi * 3000 / 180
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * x_pi)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * x_pi)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


@given(**IN_CHINA)
def test_gcj02_comes_back_to_a_millimetre(lon: float, lat: float) -> None:
    x, y = to_wgs84(*shifted_gcj02(lon, lat), "GCJ-02")
    assert EARTH.inv(lon, lat, x[0], y[0])[2] < 1e-3


@given(**IN_CHINA)
def test_bd09_comes_back_to_a_millimetre(lon: float, lat: float) -> None:
    x, y = to_wgs84(*shifted_bd09(lon, lat), "bd-09")
    assert EARTH.inv(lon, lat, x[0], y[0])[2] < 1e-3


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), crs=st.sampled_from(["GCJ-02", "BD-09"]))
def test_outside_china_the_shifted_systems_change_nothing(lon: float, lat: float, crs: str) -> None:
    x, y = to_wgs84(lon, lat, crs)
    assert ((x[0], y[0]) == (lon, lat)) or not china.out_of_china(lat, lon)


@pytest.mark.parametrize("side", range(4))
def test_the_box_of_china_is_the_librarys_own(side: int) -> None:
    west, south, east, north = CHINA_BOX
    middle = [(west, 30), (100, south), (east, 30), (100, north)][side]
    step = [(-1e-6, 0), (0, -1e-6), (1e-6, 0), (0, 1e-6)][side]
    assert not china.out_of_china(middle[1], middle[0])
    assert china.out_of_china(middle[1] + step[1], middle[0] + step[0])


def test_repeated_points_are_converted_each_in_its_place() -> None:
    lon, lat = np.array([114.3, -71.0, np.nan, 114.3, 116.4]), np.array([30.5, 42.3, 30.0, 30.5, 39.9])
    x, y = to_wgs84(lon, lat, "GCJ-02")
    alone = [to_wgs84(*point, "GCJ-02") for point in zip(lon, lat, strict=True)]
    np.testing.assert_array_equal(x, [one[0][0] for one in alone])
    np.testing.assert_array_equal(y, [one[1][0] for one in alone])
    assert lon[0] == 114.3  # the caller's arrays are left alone


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [("EPSG:4549", 500_300.0, 3_375_000.0), ("EPSG:32650", 250_000.0, 3_380_000.0), ("epsg:4513", 25_500_000.0, 3e6)],
)
def test_projected_metres_come_east_first(crs: str, x: float, y: float) -> None:
    lon, lat = to_wgs84([x], [y], crs)
    assert (lon[0], lat[0]) == pytest.approx(Proj(crs)(x, y, inverse=True), abs=1e-9)


def test_cgcs2000_degrees_stay_where_they_are() -> None:
    lon, lat = to_wgs84([114.3], [30.5], "EPSG:4490")
    assert (lon[0], lat[0]) == pytest.approx((114.3, 30.5), abs=1e-5)


def test_points_without_place_or_out_of_reach_become_nan() -> None:
    lon, lat = to_wgs84([np.nan, 1e30, 500_000.0], [3e6, 3e6, 3e6], "EPSG:4549")
    assert np.isnan(lon).tolist() == np.isnan(lat).tolist() == [True, True, False]


@pytest.mark.parametrize("crs", ["WGS84", "", "EPSG:", "EPSG:999999", "EPSG:5773", "+proj=utm"])
def test_an_unknown_system_is_named_in_one_sentence(crs: str) -> None:
    with pytest.raises(CrsError) as caught:
        to_wgs84([1.0], [2.0], crs)
    assert crs.upper() in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("crs", ["EPSG:4326", "GCJ-02", "EPSG:4490"])
def test_every_vertex_of_a_polygon_is_converted_and_flat(crs: str) -> None:
    ring = [(114.1, 30.1, 5), (114.9, 30.2, 5), (114.5, 30.9, 5), (114.1, 30.1, 5)]
    gdf = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Polygon(ring)], index=[7])
    result = frame_to_wgs84(gdf, crs)
    expected = np.column_stack(to_wgs84([p[0] for p in ring], [p[1] for p in ring], crs))
    np.testing.assert_array_equal(shapely.get_coordinates(result.geometry[7]), expected)
    assert not result.geometry[7].has_z
    assert result.crs.to_epsg() == 4326
    assert gdf.geometry[7].has_z

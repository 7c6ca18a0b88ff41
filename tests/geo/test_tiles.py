"""Web Mercator tile arithmetic."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Transformer

from geo import tiles

LON = st.floats(-180, 180, exclude_max=True)
LAT = st.floats(-85, 85)
ZOOM = st.integers(0, 20)
MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


@st.composite
def a_tile(draw: st.DrawFn) -> tuple[int, int, int]:
    z = draw(ZOOM)
    return z, draw(st.integers(0, 2**z - 1)), draw(st.integers(0, 2**z - 1))


@given(lon=LON, lat=LAT, zoom=ZOOM, size=st.sampled_from([256, 512]))
def test_pixels_are_web_mercator_metres_counted_from_the_north_west(
    lon: float, lat: float, zoom: int, size: int
) -> None:
    x, y = tiles.lonlat_to_pixels(lon, lat, zoom, size)
    east, north = MERCATOR.transform(lon, lat)
    half = 20_037_508.342789244
    assert x == pytest.approx((east + half) / (2 * half) * size * 2**zoom, rel=1e-9, abs=1e-6)
    assert y == pytest.approx((half - north) / (2 * half) * size * 2**zoom, rel=1e-9, abs=1e-6)


@given(lon=LON, lat=LAT, zoom=ZOOM)
def test_pixels_lead_back_to_the_same_degrees(lon: float, lat: float, zoom: int) -> None:
    back = tiles.pixels_to_lonlat(*tiles.lonlat_to_pixels(lon, lat, zoom), zoom)
    assert back == pytest.approx((lon, lat), abs=1e-9)


def test_poles_are_drawn_on_the_edge_and_no_place_stays_none() -> None:
    x, y = tiles.lonlat_to_pixels([0.0, 0.0, np.nan], [90.0, -90.0, np.nan], 3)
    assert y[:2] == pytest.approx([0.0, 256 * 8], abs=1e-6)
    assert np.isnan([x[2], y[2]]).all()


@given(tile=a_tile())
def test_a_tiles_two_bounds_are_the_same_square(tile: tuple[int, int, int]) -> None:
    west, south, east, north = tiles.tile_bounds(*tile)
    metres = [*MERCATOR.transform(west, south), *MERCATOR.transform(east, north)]
    assert metres == pytest.approx(tiles.tile_bounds_m(*tile), abs=1e-4)


@given(tile=a_tile())
def test_neighbours_meet_exactly(tile: tuple[int, int, int]) -> None:
    z, x, y = tile
    assert tiles.tile_bounds(z, x, y)[2] == tiles.tile_bounds(z, x + 1, y)[0]
    assert tiles.tile_bounds(z, x, y)[1] == tiles.tile_bounds(z, x, y + 1)[3]


@given(lon=LON, lat=LAT, zoom=st.integers(0, 16))
def test_the_tile_that_covers_a_point_contains_it(lon: float, lat: float, zoom: int) -> None:
    (tile,) = tiles.tiles_covering((lon, lat, lon, lat), zoom)
    west, south, east, north = tiles.tile_bounds(*tile)
    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
    assert tiles.is_tile(*tile)


@given(west=LON, south=LAT, width=st.floats(0, 30), height=st.floats(0, 20), zoom=st.integers(0, 6))
def test_covering_tiles_are_exactly_those_that_touch_the_box(
    west: float, south: float, width: float, height: float, zoom: int
) -> None:
    east, north = west + width, south + height
    assume(east < 180 and north < 85)
    found = list(tiles.tiles_covering((west, south, east, north), zoom))

    def touches(x: int, y: int, margin: float) -> bool:
        left, low, right, top = tiles.tile_bounds(zoom, x, y)
        return left - margin <= east and right + margin > west and low - margin < north and top + margin >= south

    everywhere = [(zoom, x, y) for y in range(2**zoom) for x in range(2**zoom)]
    assert {tile for tile in everywhere if touches(*tile[1:], -1e-9)} <= set(found)
    assert set(found) <= {tile for tile in everywhere if touches(*tile[1:], 1e-9)}
    assert found == sorted(found, key=lambda tile: (tile[2], tile[1]))


def test_the_whole_world_is_covered_without_tiles_beyond_it() -> None:
    assert len(list(tiles.tiles_covering((-180, -90, 180, 90), 2))) == 16


@pytest.mark.parametrize(
    ("tile", "good"),
    [
        ((0, 0, 0), True),
        ((3, 7, 7), True),
        ((3, 8, 0), False),
        ((3, 0, 8), False),
        ((3, -1, 0), False),
        ((3, 0, -1), False),
        ((-1, 0, 0), False),
        ((22, 0, 0), True),
        ((23, 0, 0), False),
    ],
)
def test_only_tiles_of_the_pyramid_are_tiles(tile: tuple[int, int, int], good: bool) -> None:
    assert tiles.is_tile(*tile) is good


def test_the_scale_is_the_published_one_and_shrinks_with_latitude() -> None:
    assert tiles.metres_per_pixel(0, 0) == pytest.approx(156543.03392804097)
    assert tiles.metres_per_pixel(60, 0) == pytest.approx(156543.03392804097 / 2)
    assert tiles.metres_per_pixel(60, 10, 512) == pytest.approx(156543.03392804097 / 2 / 2**11)

"""A map in GCJ-02 laid onto the WGS-84 grid: what is marked there comes out where it is."""

import numpy as np
import pytest

from geo.resample import resampled, sources_of
from geo.tiles import TILE_SIZE, lonlat_to_pixels, pixels_to_lonlat
from tests.geo.test_crs import shifted_gcj02

Z = 16
PLACES = [(114.3055, 30.5928), (116.3975, 39.9087), (121.4737, 31.2304), (87.6177, 43.7928)]
"""Wuhan, Beijing, Shanghai, Urumqi."""
RADIUS = 3.0


def tile_of(lon: float, lat: float, z: int = Z) -> tuple[int, int]:
    x, y = lonlat_to_pixels(lon, lat, z, tile_size=1)
    return int(x), int(y)


def marks(x: int, y: int, z: int = Z) -> list[tuple[float, float]]:
    """Five places on a tile, as global pixels of WGS-84."""
    return [
        ((x + a) * TILE_SIZE, (y + b) * TILE_SIZE)
        for a, b in [(0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.9), (0.9, 0.9)]
    ]


def drawn_in_gcj02(beneath, z: int, at: list[tuple[float, float]]) -> tuple[np.ndarray, int, int]:
    """The tiles beneath as one picture with a red dot at each mark, drawn where a map in GCJ-02 draws it."""
    (left, top), (right, bottom) = beneath.tiles[0], beneath.tiles[-1]
    height, width = (bottom - top + 1) * TILE_SIZE, (right - left + 1) * TILE_SIZE
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    picture = np.zeros((height, width, 4), np.uint8)
    for px, py in at:
        lon, lat = pixels_to_lonlat(px, py, z)
        there_x, there_y = lonlat_to_pixels(*shifted_gcj02(float(lon), float(lat)), z)
        near = np.hypot(columns + left * TILE_SIZE - there_x, rows + top * TILE_SIZE - there_y)
        cover = np.clip(RADIUS + 0.5 - near, 0, 1)
        picture[..., 0] = np.where(cover > 0, 255, picture[..., 0])
        picture[..., 3] = np.maximum(picture[..., 3], (cover * 255).astype(np.uint8))
    return picture, left, top


@pytest.mark.parametrize("lon, lat", PLACES)
def test_a_mark_on_a_map_in_gcj02_comes_out_within_a_pixel(lon, lat):
    x, y = tile_of(lon, lat)
    beneath = sources_of(Z, x, y)
    picture, left, top = drawn_in_gcj02(beneath, Z, marks(x, y))
    found = resampled(beneath, picture, left, top)
    rows, columns = np.mgrid[0:TILE_SIZE, 0:TILE_SIZE] + 0.5
    for px, py in marks(x, y):
        at_x, at_y = px - x * TILE_SIZE, py - y * TILE_SIZE
        weight = found[..., 3] * (np.hypot(columns - at_x, rows - at_y) < 12)
        assert weight.sum() > 0
        middle = (columns * weight).sum() / weight.sum(), (rows * weight).sum() / weight.sum()
        assert np.hypot(middle[0] - at_x, middle[1] - at_y) < 1


def test_the_shift_in_china_is_hundreds_of_metres_and_elsewhere_none():
    x, y = tile_of(*PLACES[0])
    east = sources_of(Z, x, y).x.mean() - (x + 0.5) * TILE_SIZE
    assert 150 < east < 300, "pixels of 2 m"
    x, y = tile_of(-71.06, 42.36)
    assert (x, y) in sources_of(Z, x, y).tiles
    assert np.allclose(sources_of(Z, x, y).x, (x * TILE_SIZE + np.arange(TILE_SIZE) + 0.5)[None, :], atol=1e-6)


def test_at_the_edge_of_the_world_no_tile_is_asked_for_that_does_not_exist():
    assert sources_of(0, 0, 0).tiles == [(0, 0)]
    assert {place for x in (0, 1) for place in sources_of(1, x, 0).tiles} <= {(0, 0), (1, 0), (0, 1), (1, 1)}


def test_what_is_clear_bleeds_no_colour_into_what_is_drawn():
    beneath = sources_of(Z, *tile_of(-71.06, 42.36))
    (left, top), (right, bottom) = beneath.tiles[0], beneath.tiles[-1]
    picture = np.zeros(((bottom - top + 1) * TILE_SIZE, (right - left + 1) * TILE_SIZE, 4), np.uint8)
    picture[:, ::2] = (255, 0, 0, 255)
    picture[:, 1::2] = (0, 255, 0, 0)
    found = resampled(beneath, picture, left, top)
    seen = found[found[..., 3] > 0]
    assert (seen[:, 1] == 0).all()

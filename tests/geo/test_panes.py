"""Where pictures lie on the map."""

import numpy as np
import pytest
import shapely

from geo.panes import Pane, to_world
from geo.tiles import HALF_WORLD_M, lonlat_to_pixels, tile_bounds_m


def test_the_corners_of_the_world_are_the_corners_of_the_unit_square():
    edge = np.degrees(np.arctan(np.sinh(np.pi)))
    corners = shapely.get_coordinates(to_world(shapely.points([[-180, edge], [0, 0], [180, -edge]])))
    assert corners == pytest.approx(np.array([[0, 0], [0.5, 0.5], [1, 1]]), abs=1e-12)


def test_the_pane_of_a_tile_covers_the_tile():
    pane = Pane.tile(15, 26_800, 13_400)
    west, south, east, north = tile_bounds_m(15, 26_800, 13_400)
    left, top, right, bottom = (v * 2 * HALF_WORLD_M - HALF_WORLD_M for v in pane.box())
    assert (left, right) == pytest.approx((west, east)) and (-top, -bottom) == pytest.approx((north, south))


def test_a_point_is_at_its_pixel_counted_from_the_panes_corner():
    pane = Pane(16, 100, 50, 400, 300)
    x, y = lonlat_to_pixels(114.3, 30.6, 16)
    place = shapely.get_coordinates(pane.to_pixels(to_world(shapely.points([[114.3, 30.6]])), scale=2))[0]
    assert place == pytest.approx([2 * (x - 100), 2 * (y - 50)])


def test_a_margin_widens_the_box_on_every_side():
    plain, wide = Pane(10, 512, 512).box(), Pane(10, 512, 512).box(256)
    assert wide == pytest.approx(np.array(plain) + np.array([-1, -1, 1, 1]) / 1024)

"""The squares in which the heat map counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.bins import HALF_WIDTH, MOST_BINS, RADIUS_BINS, RADIUS_M, Bins

TOWN = (114.0, 30.5, 114.04, 30.53)


def test_a_square_is_as_long_on_the_ground_as_it_says():
    bins = Bins.over(TOWN)
    east = bins.side * 360
    _, _, metres = Geod(a=6_378_137, b=6_378_137).inv(114.0, 30.515, 114.0 + east, 30.515)
    assert metres == pytest.approx(bins.side_m, rel=1e-3)
    assert bins.side_m * RADIUS_BINS == pytest.approx(RADIUS_M)


def test_the_kernel_spreads_as_far_as_a_disc_of_the_radius_does():
    offsets = np.arange(-HALF_WIDTH, HALF_WIDTH + 1)
    boxes = 3 * np.mean(offsets**2)
    x, y = np.meshgrid(*2 * [np.linspace(-1, 1, 1_001)])
    disc = np.mean(x[np.hypot(x, y) <= 1] ** 2) * RADIUS_BINS**2
    assert boxes == pytest.approx(disc, rel=0.01)


@given(st.floats(114.0, 114.04), st.floats(30.5, 30.53))
def test_every_point_of_the_site_has_a_square_that_covers_it(lon, lat):
    bins = Bins.over(TOWN)
    row, column = divmod(int(bins.of(lon, lat)), bins.columns)
    x, y = (lon + 180) / 360, 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)
    assert (x - bins.left) / bins.side == pytest.approx(column + 0.5, abs=0.5 + 1e-6)
    assert (y - bins.top) / bins.side == pytest.approx(row + 0.5, abs=0.5 + 1e-6)


def test_points_outside_fall_into_the_squares_of_the_edge():
    bins = Bins.over(TOWN)
    found = bins.of([113.0, 115.0], [31.0, 30.0])
    assert found.tolist() == [0, len(bins) - 1]


def test_a_province_gets_wider_squares_instead_of_too_many():
    bins = Bins.over((108.0, 29.0, 116.0, 33.0))
    assert len(bins) <= MOST_BINS and bins.side_m > 300


def test_a_site_without_extent_has_one_square():
    assert len(Bins.over((114.0, 30.5, 114.0, 30.5))) == 1

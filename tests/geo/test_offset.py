"""How far a layer lies off the areas: told for lines and points that are shifted, and for no others."""

import numpy as np
import pytest
import shapely

from geo.offset import FEWEST_POINTS, REACH_M, gcj02_shift_m, offset_m
from tests.geo.test_crs import EARTH, shifted_gcj02

WEST, SOUTH = 114.30, 30.50
RNG = np.random.default_rng(7)
METRE = 1 / 111_320
"""Degrees of latitude."""


def cells() -> np.ndarray:
    """Sixteen areas of unequal widths and heights: real ones are no chessboard."""
    across, up = np.cumsum([0, 4, 7, 5, 9]) * 1e-3 + WEST, np.cumsum([0, 6, 3, 8, 5]) * 1e-3 + SOUTH
    return np.array([shapely.box(across[i], up[j], across[i + 1], up[j + 1]) for i in range(4) for j in range(4)])


AREAS = cells()
SITE = shapely.union_all(AREAS)


def outlines() -> shapely.Geometry:
    return shapely.GeometryCollection(list(shapely.boundary(AREAS)))


def inside(n: int) -> np.ndarray:
    west, south, east, north = SITE.bounds
    return np.column_stack([RNG.uniform(west, east, n), RNG.uniform(south, north, n)])


def moved(shape: shapely.Geometry, east_m: float, north_m: float) -> shapely.Geometry:
    by = np.array([east_m / np.cos(np.radians(SOUTH)), north_m]) * METRE
    return shapely.transform(shape, lambda at: at + by)


def to_gcj02(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda at: np.column_stack(shifted_gcj02(*at.T)))


SHIFT_M = EARTH.inv(WEST, SOUTH, *shifted_gcj02(WEST, SOUTH))[2]


@pytest.mark.parametrize("east_m, north_m", [(500, -250), (-300, 100), (90, 0), (0, -700), (640, 640)])
def test_lines_that_are_moved_are_told_by_how_far(east_m, north_m):
    found = offset_m(moved(outlines(), east_m, north_m), AREAS)
    assert found == pytest.approx(np.hypot(east_m, north_m), abs=20)


def test_lines_in_place_lie_off_by_nothing():
    assert offset_m(outlines(), AREAS) == 0
    assert offset_m(moved(outlines(), 8, 8), AREAS) == 0, "closer than anything is drawn"


def test_a_layer_in_gcj02_lies_off_by_just_its_shift():
    assert offset_m(to_gcj02(outlines()), AREAS) == pytest.approx(SHIFT_M, abs=20)
    assert gcj02_shift_m(WEST, SOUTH) == pytest.approx(SHIFT_M, abs=2)


def test_points_in_gcj02_are_told_and_points_in_place_are_not():
    points = shapely.MultiPoint(inside(400))
    assert offset_m(points, AREAS) == 0
    assert offset_m(to_gcj02(points), AREAS) == pytest.approx(SHIFT_M, abs=30)


def test_of_few_points_or_points_everywhere_nothing_is_said():
    assert offset_m(shapely.MultiPoint(inside(FEWEST_POINTS - 1)), AREAS) is None
    everywhere = np.column_stack(
        [RNG.uniform(WEST - 0.05, WEST + 0.07, 400), RNG.uniform(SOUTH - 0.05, SOUTH + 0.07, 400)]
    )
    assert offset_m(shapely.MultiPoint(everywhere), AREAS) is None


def test_lines_that_have_nothing_to_do_with_the_areas_say_nothing():
    at = inside(200)
    strokes = [shapely.LineString([one, one + RNG.normal(0, 3e-4, 2)]) for one in at]
    assert offset_m(shapely.GeometryCollection(strokes), AREAS) in (None, 0.0)


def test_lines_that_come_nowhere_near_a_border_say_nothing():
    around = shapely.boundary(shapely.box(WEST - 0.1, SOUTH - 0.1, WEST + 0.1, SOUTH + 0.1))
    assert offset_m(around, AREAS) is None


def test_points_of_which_many_lie_elsewhere_anyway_say_nothing():
    some = np.vstack([np.column_stack(shifted_gcj02(*inside(300).T)), inside(100) + 0.5])
    assert offset_m(shapely.MultiPoint(some), AREAS) is None


def test_a_layer_that_lies_elsewhere_is_as_far_off_as_it_is_away():
    far = moved(outlines(), 0, 50_000)
    _west, south, _east, north = SITE.bounds
    assert offset_m(far, AREAS) == pytest.approx(50_000 - (north - south) / METRE, rel=0.001)
    assert offset_m(far, AREAS) > REACH_M


@pytest.mark.parametrize("shape", [None, shapely.GeometryCollection()])
def test_without_a_shape_or_without_areas_nothing_is_said(shape):
    assert offset_m(shape, AREAS) is None
    assert offset_m(outlines(), np.array([], dtype=object)) is None


def test_outside_china_gcj02_shifts_nothing():
    assert gcj02_shift_m(-71.06, 42.36) == 0

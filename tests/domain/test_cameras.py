"""Which cameras see a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from domain.cameras import AWAY, FACING, NEAREST_M, UNKNOWN, bearing, faces, metres_between, nearest

HERE = (114.005, 30.005)
STEP = 1 / 111_195
"""Degrees of latitude in a metre."""
EARTH = Geod(a=6_371_008.8, b=6_371_008.8)


def camera(number, north_m=10.0, **changes):
    usual = {
        "id": number, "longitude": HERE[0], "latitude": HERE[1] + north_m * STEP, "online": True, "area_id": 1,
        "direction": None, "ptz_type": "fixed",
    }  # fmt: skip
    return usual | changes


def ids(found):
    return [near.camera["id"] for near in found]


def test_only_placed_cameras_within_two_hundred_metres_come_nearest_first():
    rows = [camera(1, 150), camera(2, 30), camera(3, NEAREST_M + 1), camera(4, longitude=None), camera(5, 199)]
    found = nearest(rows, HERE, 1)
    assert ids(found) == [2, 1, 5]
    assert [round(near.metres) for near in found] == [30, 150, 199]
    assert [near.bearing for near in found] == pytest.approx([0, 0, 0], abs=0.01)


def test_online_goes_before_the_own_area_before_facing_before_metres():
    rows = [
        camera(1, 10, online=False), camera(2, 20, online=None), camera(3, 30, area_id=2), camera(4, 40, direction=0.0),
        camera(5, 50), camera(6, 60, direction=180.0),
    ]  # fmt: skip
    assert ids(nearest(rows, HERE, 1, limit=9)) == [6, 5, 4, 3, 2, 1]
    assert ids(nearest(rows, HERE, 1)) == [6, 5, 4, 3]


@pytest.mark.parametrize(
    ("direction", "kind", "to_place", "expected"),
    [
        (350.0, "fixed", 40.0, FACING), (350.0, "fixed", 51.0, AWAY), (10.0, "half_dome", 310.0, FACING),
        (180.0, None, 0.0, AWAY), (180.0, "dome", 0.0, FACING), (180.0, "remote", 0.0, FACING), (None, "fixed", 0.0, UNKNOWN),
    ],
)  # fmt: skip
def test_a_camera_faces_what_lies_within_sixty_degrees_and_one_that_turns_faces_everything(
    direction, kind, to_place, expected
):
    assert faces(direction, kind, to_place) == expected


@given(*(st.floats(-0.05, 0.05) for _i in range(4)))
def test_metres_and_bearing_agree_with_a_geodesic_on_the_same_sphere(x, y, dx, dy):
    a, b = (114 + x, 30 + y), (114 + x + dx, 30 + y + dy)
    azimuth, _back, metres = EARTH.inv(*a, *b)
    assert metres_between(a, b) == pytest.approx(metres, abs=1e-3)
    if metres > 1:
        assert abs((bearing(a, b) - azimuth + 180) % 360 - 180) < 1e-3

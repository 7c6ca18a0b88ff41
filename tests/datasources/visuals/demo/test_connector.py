import numpy as np
import pytest

from datasources.errors import BadDataError
from datasources.visuals.pictures import pixels
from demo import overlays
from geo.tiles import TILE_SIZE, lonlat_to_pixels, pixels_to_lonlat
from tests.datasources.visuals.served import listed, making

WEST, SOUTH, EAST, NORTH = overlays.bounds()
Z = 15
X, Y = (int(v) for v in lonlat_to_pixels((WEST + EAST) / 2, (SOUTH + NORTH) / 2, Z, tile_size=1))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return making("visuals.demo", tmp_path_factory.mktemp("demo"), {})()


def test_the_town_has_a_picture_and_points(made):
    assert [(row["id"], row["kind"], row["title"]) for row in listed(made)] == [
        ("flood", "raster", "内涝风险"), ("hydrants", "vector", "消火栓"),
    ]  # fmt: skip


def test_each_pixel_is_coloured_by_the_depth_at_its_place(made):
    found = pixels(made.tile("flood", Z, X, Y), TILE_SIZE, "demo")
    at = np.arange(0, TILE_SIZE, 16)
    columns, rows = np.meshgrid(X * TILE_SIZE + at + 0.5, Y * TILE_SIZE + at + 0.5)
    exact = overlays.coloured(
        overlays.depths(*pixels_to_lonlat(columns.ravel(), rows.ravel(), Z)).reshape(columns.shape)
    )
    same = (found[at][:, at] == exact).all(axis=2).mean()
    assert same > 0.9, "between the nodes it is smoothed"
    assert found[..., 3].any()


def test_outside_the_street_there_is_nothing(made):
    assert made.tile("flood", Z, 0, 0) is None
    assert made.features("hydrants", (0, 0, 1, 1), 10)["features"] == []


def test_hydrants_are_found_in_a_box(made):
    found = made.features("hydrants", overlays.bounds(), 5)
    assert (found["numberReturned"], found["numberMatched"]) == (5, len(overlays.hydrants().points))


def test_a_picture_has_no_features_and_points_have_no_tiles(made):
    with pytest.raises(BadDataError):
        made.tile("hydrants", Z, X, Y)
    with pytest.raises(BadDataError):
        made.features("flood", overlays.bounds(), 5)

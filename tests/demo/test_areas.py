"""The demo town's areas fit together without gap or overlap and carry nested codes."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from demo.areas import LEVELS
from demo.map import town_map

CHINESE_NAMES = ["柳荫", "桂花园", "石桥", "文昌", "望江", "兴和", "东港", "南塘"]


@pytest.fixture(scope="module")
def levels() -> dict[str, gpd.GeoDataFrame]:
    return town_map().areas


def test_the_eight_communities_have_the_codes_001_to_008_in_order(levels):
    communities = levels["community"]
    assert communities["code"].tolist() == [f"429099001{n:03d}" for n in range(1, 9)]
    assert communities["name"].tolist() == [f"{name}社区" for name in CHINESE_NAMES]
    assert set(communities["parent"]) == {"429099001"}


def test_there_are_about_a_hundred_grids_numbered_without_a_gap(levels):
    grids = levels["grid"]
    assert 90 <= len(grids) <= 115
    assert set(grids["parent"]) == set(levels["community"]["code"])
    for parent, part in grids.groupby("parent"):
        assert part["code"].tolist() == [f"{parent}{n:03d}" for n in range(1, len(part) + 1)]


@pytest.mark.parametrize("level", LEVELS)
def test_every_shape_is_valid_and_lies_in_wgs84(levels, level: str):
    frame = levels[level]
    assert frame.columns.tolist() == ["code", "name", "parent", "geometry"]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    assert set(frame.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(("fine", "coarse"), [("grid", "community"), ("community", "street")])
def test_children_tile_their_parent_exactly(levels, fine: str, coarse: str):
    for _, parent in levels[coarse].iterrows():
        children = levels[fine].loc[levels[fine]["parent"] == parent["code"]].geometry
        assert shapely.symmetric_difference(shapely.union_all(children.to_numpy()), parent.geometry).area < 1e-15
        assert np.isclose(shapely.area(children.to_numpy()).sum(), parent.geometry.area, rtol=1e-12)


@pytest.mark.parametrize("level", ["community", "grid"])
def test_no_two_areas_of_a_level_overlap(levels, level: str):
    shapes = np.asarray(levels[level].geometry)
    left, right = np.triu_indices(len(shapes), 1)
    assert shapely.area(shapely.intersection(shapes[left], shapes[right])).max() < 1e-15


def test_the_street_is_three_to_four_kilometres_across(levels):
    west, south, east, north = levels["street"].to_crs(32649).total_bounds
    assert 3000 < east - west < 4200
    assert 2200 < north - south < 4200

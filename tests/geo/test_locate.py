"""Points find their area."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.locate import Locator
from geo.subdivide import subdivide
from geo.tree import AreaTree, build_tree

Draw = Callable[[dict[str, Any]], gpd.GeoDataFrame]


def brute_force(tree: AreaTree, lon: np.ndarray, lat: np.ndarray) -> list[str | None]:
    """Ask every area about every point and choose by sorting: leaves, deep ones, code."""
    rows = sorted(tree.areas.iloc[1:].itertuples(), key=lambda row: (not row.leaf, -row.depth, row.code))
    found: list[str | None] = [None] * len(lon)
    for row in reversed(rows):
        for point in np.flatnonzero(shapely.covers(row.geometry, shapely.points(lon, lat))):
            found[point] = row.code
    return found


def codes_of(tree: AreaTree, orders: np.ndarray) -> list[str | None]:
    return [tree.areas["code"].iloc[order] if order >= 0 else None for order in orders]


@pytest.fixture(scope="session")
def drawn(level: Draw) -> AreaTree:
    """Two communities that overlap, one with a hole between its grids, one without grids."""
    communities = level({"B": shapely.box(0, 0, 4, 4), "A": shapely.box(3, 0, 6, 4)})
    grids = level({"g2": ("B", shapely.box(0, 0, 2, 4)), "g1": ("B", shapely.box(2, 0, 3, 2))})
    return build_tree([("community", communities), ("grid", grids)], site_name="s")


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((1, 1), "g2"),
        ((2.5, 1), "g1"),
        ((2.5, 3), "B"),
        ((5, 1), "A"),
        ((3.5, 1), "A"),
        ((9, 9), None),
        ((2, 1), "g1"),
        ((2, 3), "g2"),
        ((0, 0), "g2"),
        ((4, 2), "A"),
        ((6, 4), "A"),
    ],
)
def test_the_finest_area_wins_and_edges_have_one_owner(place: tuple[float, float], code: str, drawn: AreaTree) -> None:
    assert codes_of(drawn, Locator(drawn).locate(*place)) == [code]
    stored = drawn.areas.sample(frac=1, random_state=1)[["order", "code", "depth", "leaf", "geometry"]].astype(
        {"leaf": int}
    )
    assert codes_of(drawn, Locator(stored).locate(*place)) == [code]


def test_points_outside_and_points_without_place_are_told_apart(drawn: AreaTree) -> None:
    nan, inf = np.nan, np.inf
    found = Locator(drawn).locate([9, nan, 1, nan, inf, 1], [9, 1, nan, nan, 1, 1])
    assert found.dtype == np.int32
    assert found[:5].tolist() == [-1, -2, -2, -2, -2]
    assert found[5] > 0


def test_no_points_and_no_areas_are_fine(drawn: AreaTree) -> None:
    assert Locator(drawn).locate([], []).tolist() == []
    assert Locator(build_tree([], site_name="s")).locate([1.0], [1.0]).tolist() == [-1]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_overlaps_are_decided_by_code_whatever_the_input_order(data: st.DataObject, level: Draw) -> None:
    corner = st.integers(0, 6)
    boxes = data.draw(st.lists(st.tuples(corner, corner, st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=8))
    areas = {f"{number:02d}": shapely.box(x, y, x + w, y + h) for number, (x, y, w, h) in enumerate(boxes)}
    lon, lat = np.meshgrid(np.arange(0, 11, 0.5), np.arange(0, 11, 0.5))
    shuffled = data.draw(st.permutations(sorted(areas)))
    trees = [
        build_tree([("grid", level({code: areas[code] for code in codes}))], site_name="s")
        for codes in (areas, shuffled)
    ]
    found = [codes_of(tree, Locator(tree).locate(lon.ravel(), lat.ravel())) for tree in trees]
    assert found[0] == found[1] == brute_force(trees[0], lon.ravel(), lat.ravel())


@pytest.mark.parametrize(("name", "metres"), [("boston", 500), ("la", 3000)])
def test_real_grids_answer_like_asking_every_polygon(
    name: str, metres: float, city: Callable[[str], gpd.GeoDataFrame]
) -> None:
    areas = city(name)
    tree = build_tree([("community", areas), ("grid", subdivide(areas, metres))], site_name=name)
    west, south, east, north = areas.total_bounds
    chance = np.random.default_rng(20261124)
    lon, lat = chance.uniform(west, east, 1500), chance.uniform(south, north, 1500)
    assert codes_of(tree, Locator(tree).locate(lon, lat)) == brute_force(tree, lon, lat)


def test_bostons_reports_are_counted_inside_and_outside(
    city: Callable[[str], gpd.GeoDataFrame], published: Callable[[str], Any]
) -> None:
    file = published("events_boston_311_2015.csv.gz")
    points = pd.read_csv(file, usecols=["LONGITUDE", "LATITUDE"])[["LONGITUDE", "LATITUDE"]].to_numpy(dtype=float)
    areas = city("boston")
    tree = build_tree([("community", areas), ("grid", subdivide(areas, 500))], site_name="Boston")
    found = Locator(tree).locate(*points.T)
    places, times = np.unique(points, axis=0, return_counts=True)
    inside = shapely.intersects_xy(shapely.union_all(areas.geometry.to_numpy()), *places.T)
    assert (found >= 0).sum() == times[inside].sum()
    assert (found == -1).sum() == times[~inside].sum() > 0

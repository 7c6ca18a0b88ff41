"""Areas become one tree."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import TreeError
from geo.subdivide import subdivide
from geo.tree import AreaTree, build_tree

Draw = Callable[[dict[str, Any]], gpd.GeoDataFrame]


def ancestors(tree: AreaTree, order: int) -> set[int]:
    """Walk up the parents, one by one: the oracle for the closure."""
    found = set()
    while order >= 0:
        found.add(order)
        order = int(tree.areas["parent"].iloc[order])
    return found


def parent_codes(tree: AreaTree) -> dict[str, str]:
    areas = tree.areas
    return {
        code: areas["code"].iloc[parent] for code, parent in zip(areas["code"][1:], areas["parent"][1:], strict=True)
    }


def require_a_tree(tree: AreaTree) -> None:
    areas = tree.areas
    assert areas["order"].tolist() == list(range(len(areas)))
    pairs = set(zip(*(side.tolist() for side in tree.closure), strict=True))
    assert len(pairs) == len(tree.closure.ancestor)
    assert pairs == {(above, order) for order in range(len(areas)) for above in ancestors(tree, order)}
    for order in range(len(areas)):
        below = {down for up, down in pairs if up == order}
        assert below == set(range(order, areas["last"].iloc[order] + 1))
        assert areas["leaf"].iloc[order] == (len(below) == 1)
        assert areas["depth"].iloc[order] == len(ancestors(tree, order)) - 1
    for _, siblings in areas.iloc[1:].groupby("parent"):
        assert siblings["code"].tolist() == sorted(siblings["code"])


def test_a_street_with_communities_and_grids_is_numbered_in_preorder(level: Draw) -> None:
    communities = level({"B": shapely.box(2, 0, 4, 2), "A": shapely.box(0, 0, 2, 2)})
    grids = level(
        {"z": ("A", shapely.box(0, 0, 1, 2)), "y": ("B", shapely.box(2, 0, 4, 2)), "x": ("A", shapely.box(1, 0, 2, 2))}
    )
    tree = build_tree([("community", communities), ("grid", grids)], site_name="云浦街道")
    columns = ["code", "name", "level", "parent", "depth", "last", "leaf"]
    assert list(tree.areas.columns) == ["order", "last", "code", "name", "level", "parent", "depth", "leaf", "geometry"]
    assert tree.areas[columns].to_numpy().tolist() == [
        ["", "云浦街道", "site", -1, 0, 5, False],
        ["A", "area A", "community", 0, 1, 3, False],
        ["x", "area x", "grid", 1, 2, 2, True],
        ["z", "area z", "grid", 1, 2, 3, True],
        ["B", "area B", "community", 0, 1, 5, False],
        ["y", "area y", "grid", 4, 2, 5, True],
    ]
    assert tree.areas.geometry[0].equals(shapely.box(0, 0, 4, 2))
    assert tree.areas.crs.to_epsg() == 4326
    assert tree.closure.ancestor.dtype == tree.closure.descendant.dtype == tree.areas["order"].dtype == np.int32
    require_a_tree(tree)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_forest_of_keys_becomes_a_tree_in_preorder(data: st.DataObject, level: Draw) -> None:
    sizes = data.draw(st.lists(st.integers(0, 6), min_size=1, max_size=4))
    names = data.draw(st.permutations([f"{number:02d}" for number in range(sum(sizes))]))
    coarser: list[str] = []
    expected: dict[str, str] = {}
    levels = []
    for rank, size in enumerate(sizes):
        codes, names = names[:size], names[size:]
        keys = {code: data.draw(st.sampled_from(coarser)) if coarser else None for code in codes}
        expected |= {code: key or "" for code, key in keys.items()}
        levels.append((f"level {rank}", level({code: (key, shapely.box(0, 0, 1, 1)) for code, key in keys.items()})))
        coarser += codes
    tree = build_tree(levels, site_name="site")
    assert parent_codes(tree) == expected
    require_a_tree(tree)


def test_without_keys_an_area_belongs_where_most_of_it_lies(level: Draw) -> None:
    halves = level({"west": shapely.box(0, 0, 2, 2), "east": shapely.box(2, 0, 4, 2)})
    across = level({"a": shapely.box(0.5, 0, 2.5, 1), "b": shapely.box(1.9, 0, 3.9, 1), "c": shapely.box(9, 9, 10, 10)})
    tree = build_tree([("community", halves), ("grid", across)], site_name="s")
    assert parent_codes(tree) == {"west": "", "east": "", "a": "west", "b": "east", "c": ""}


def test_an_area_without_a_next_coarser_one_goes_to_the_level_above_it(level: Draw) -> None:
    city = level({"city": shapely.box(0, 0, 10, 10)})
    street = level({"street": shapely.box(0, 0, 5, 10)})
    grids = level(
        {"in": shapely.box(1, 1, 2, 2), "beside": shapely.box(5, 1, 7, 2), "touching": shapely.box(4.99, 3, 6.99, 4)}
    )
    tree = build_tree([("city", city), ("street", street), ("grid", grids)], site_name="s")
    assert parent_codes(tree) == {"city": "", "street": "city", "in": "street", "beside": "city", "touching": "city"}


def test_of_equal_shares_the_first_code_wins_in_any_order(level: Draw) -> None:
    same = {"b": shapely.box(0, 0, 2, 2), "a": shapely.box(0, 0, 2, 2)}
    for codes in (["b", "a"], ["a", "b"]):
        tree = build_tree(
            [
                ("community", level({code: same[code] for code in codes})),
                ("grid", level({"g": shapely.box(0, 0, 1, 1)})),
            ],
            site_name="s",
        )
        assert parent_codes(tree)["g"] == "a"


def test_a_key_may_name_any_coarser_level_and_blank_keys_go_by_place(level: Draw) -> None:
    city = level({"city": shapely.box(0, 0, 10, 10)})
    street = level({"street": ("city", shapely.box(0, 0, 5, 10))})
    grids = level({"k": ("city", shapely.box(1, 1, 2, 2)), "p": (None, shapely.box(1, 1, 2, 2))})
    tree = build_tree([("city", city), ("street", street), ("grid", grids)], site_name="s")
    assert parent_codes(tree) == {"city": "", "street": "city", "k": "city", "p": "street"}


def test_keys_that_speak_of_a_missing_level_go_by_place(level: Draw) -> None:
    city = level({"city": ("province", shapely.box(0, 0, 10, 10))})
    communities = level({"c1": ("street 1", shapely.box(0, 0, 1, 1)), "c2": ("street 2", shapely.box(20, 0, 21, 1))})
    tree = build_tree([("city", city), ("community", communities)], site_name="s")
    assert parent_codes(tree) == {"city": "", "c1": "city", "c2": ""}


def test_a_key_that_names_nothing_is_an_error(level: Draw) -> None:
    city = level({"city": shapely.box(0, 0, 10, 10)})
    grids = level({"g1": ("city", shapely.box(0, 0, 1, 1)), "g2": ("citty", shapely.box(1, 0, 2, 1))})
    with pytest.raises(TreeError, match="'g2' of level 'grid' names 'citty'"):
        build_tree([("city", city), ("grid", grids)], site_name="s")


def test_a_code_that_occurs_twice_is_an_error(level: Draw) -> None:
    one = level({"7": shapely.box(0, 0, 1, 1)})
    with pytest.raises(TreeError, match="'7' occurs in level 'street' and in level 'grid'"):
        build_tree([("street", one), ("grid", one)], site_name="s")
    twice = one.loc[[0, 0]]
    with pytest.raises(TreeError, match="'7' occurs twice in level 'street'"):
        build_tree([("street", twice)], site_name="s")


def test_a_site_without_areas_is_a_root_alone(level: Draw) -> None:
    for levels in ([], [("grid", level({}))]):
        tree = build_tree(levels, site_name="s")
        assert len(tree.areas) == 1 and tree.areas["leaf"].tolist() == [True]
        assert [side.tolist() for side in tree.closure] == [[0], [0]]


def test_bostons_grids_find_the_neighbourhood_they_were_cut_from(city: Callable[[str], gpd.GeoDataFrame]) -> None:
    areas = city("boston")
    grids = subdivide(areas, 1000)
    by_key = build_tree([("community", areas), ("grid", grids)], site_name="Boston")
    by_place = build_tree([("community", areas), ("grid", grids.assign(parent=None))], site_name="Boston")
    assert parent_codes(by_place) == parent_codes(by_key)
    assert len(by_key.closure.ancestor) == (1 + len(areas) + len(grids)) + (len(areas) + len(grids)) + len(grids)

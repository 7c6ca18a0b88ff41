"""Areas for the browser are light and keep their neighbours."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pytest
import shapely

from geo.simplify import display_geometry
from geo.subdivide import subdivide

Draw = Callable[[dict[str, Any]], gpd.GeoDataFrame]
METRE = 1 / 111_320


def shapes_of(collection: dict[str, Any]) -> Any:
    return shapely.from_geojson([orjson.dumps(feature["geometry"]) for feature in collection["features"]])


@pytest.fixture
def jagged(level: Draw) -> gpd.GeoDataFrame:
    """Two areas with a common edge of 2,000 small steps."""
    y = np.linspace(0, 1, 2001)
    x = 1 + np.tile([0, 0.0002], 1001)[:2001]
    edge = np.column_stack([x, y])
    west = shapely.Polygon([*edge, (0, 1), (0, 0)])
    return level({"w": west, "e": shapely.Polygon([*edge, (2, 1), (2, 0)])})


def test_common_edges_stay_common(jagged: gpd.GeoDataFrame) -> None:
    west, east = shapes_of(display_geometry(jagged))
    assert shapely.coverage_is_valid([west, east])
    assert shapely.get_num_coordinates([west, east]).sum() < 4000 / 4
    assert shapely.area(shapely.symmetric_difference([west, east], jagged.geometry.to_numpy())).max() < 0.001


def test_features_carry_id_code_and_name_in_the_given_order(level: Draw) -> None:
    areas = level({"b": shapely.box(0, 0, 1, 1), "a": shapely.box(1, 0, 2, 1)})
    collection = display_geometry(areas, np.array([12, 5]))
    assert collection["type"] == "FeatureCollection"
    assert [(one["id"], one["properties"]) for one in collection["features"]] == [
        (12, {"code": "b", "name": "area b"}),
        (5, {"code": "a", "name": "area a"}),
    ]
    assert [one["id"] for one in display_geometry(areas)["features"]] == [1, 2]
    assert orjson.loads(orjson.dumps(collection)) == collection


def test_an_id_below_one_is_refused(level: Draw) -> None:
    with pytest.raises(ValueError, match="start at 1"):
        display_geometry(level({"a": shapely.box(0, 0, 1, 1)}), [0])


def test_ids_and_areas_must_be_as_many(level: Draw) -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        display_geometry(level({"a": shapely.box(0, 0, 1, 1)}), [1, 2])


def test_no_areas_are_an_empty_collection(level: Draw) -> None:
    assert display_geometry(level({})) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize(("side", "decimals"), [(1.0, 5), (0.01, 6)])
def test_small_maps_get_a_decimal_more(side: float, decimals: int, level: Draw) -> None:
    third = side / 3
    collection = display_geometry(level({"a": shapely.box(third, third, 2 * third, 3 * third)}))
    numbers = {
        number for ring in collection["features"][0]["geometry"]["coordinates"] for point in ring for number in point
    }
    assert numbers == {round(third, decimals), round(2 * third, decimals), round(3 * third, decimals)}


def test_five_hundred_grids_of_a_real_city_are_small(city: Callable[[str], gpd.GeoDataFrame]) -> None:
    cells = subdivide(city("boston"), 500).head(500)
    collection = display_geometry(cells)
    assert len(orjson.dumps(collection)) < 150_000
    shapes = shapes_of(collection)
    assert not shapely.is_empty(shapes).any()
    moved = shapely.hausdorff_distance(shapes, cells.geometry.to_numpy())
    assert np.median(moved) < 60 * METRE


@pytest.mark.parametrize("name", ["boston", "la", "wuhan"])
def test_real_areas_fit_the_budget_and_keep_their_surface(name: str, city: Callable[[str], gpd.GeoDataFrame]) -> None:
    areas = city(name)
    collection = display_geometry(areas)
    assert len(orjson.dumps(collection)) < 150_000
    repaired = shapely.make_valid(shapes_of(collection))
    assert shapely.area(repaired) == pytest.approx(shapely.area(areas.geometry.to_numpy()), rel=0.03)


def test_a_budget_that_cannot_be_met_ends_with_the_lightest_form(jagged: gpd.GeoDataFrame) -> None:
    assert len(display_geometry(jagged, max_bytes=1)["features"]) == 2


def test_neighbours_whose_borders_cross_all_along_are_still_made_light(level: Draw) -> None:
    """Two copies of one border, drawn by different hands: every vertex is a corner of the broken coverage."""
    y = np.linspace(0, 1, 4001)
    hands = [np.column_stack([1 + swing * np.sin(y * 9000), y]) for swing in (1e-5, -1e-5)]
    west, east = shapely.Polygon([*hands[0], (0, 1), (0, 0)]), shapely.Polygon([*hands[1], (2, 1), (2, 0)])
    shapes = shapes_of(display_geometry(level({"w": west, "e": east}), max_bytes=2_000))
    assert shapely.get_num_coordinates(shapes).sum() < 40
    assert shapely.area(shapes) == pytest.approx([1, 1], abs=1e-3)

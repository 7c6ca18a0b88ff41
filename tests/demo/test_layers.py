"""The base map: what it holds, and that nothing stands where it should not."""

import geopandas as gpd
import pytest
import shapely

from demo.map import town_map

METRIC = 32649


@pytest.fixture(scope="module")
def layers() -> gpd.GeoDataFrame:
    return town_map().layers


def shapes(layers: gpd.GeoDataFrame, kind: str):
    return layers[layers["kind"] == kind].geometry.to_numpy()


def test_every_feature_has_an_id_of_its_own_and_a_valid_shape(layers: gpd.GeoDataFrame):
    assert layers["id"].is_unique
    assert layers.geometry.is_valid.all()
    assert not layers.geometry.is_empty.any()
    assert set(layers["kind"]) == {"road", "water", "building", "green"}


def test_roads_have_ranks_and_names_of_their_own(layers: gpd.GeoDataFrame):
    roads = layers[layers["kind"] == "road"]
    assert set(roads["rank"]) == {"main", "second", "minor"}
    assert roads["name"].is_unique
    assert roads["name"].str.fullmatch(r"[\u4e00-\u9fff]{3,5}").all()


def test_there_are_a_river_a_stream_and_a_lake(layers: gpd.GeoDataFrame):
    water = layers[layers["kind"] == "water"].set_index("rank").to_crs(METRIC).geometry
    assert set(water.index) == {"river", "stream", "lake"}
    west, south, east, north = water["river"].bounds
    assert north - south > 2 * (east - west)
    assert water["river"].area > 5 * water["stream"].area > 0


def test_a_few_thousand_buildings_stand_inside_and_outside_the_street(layers: gpd.GeoDataFrame):
    street = town_map().areas["street"].geometry.iloc[0]
    shapely.prepare(street)
    inside = shapely.contains(street, shapes(layers, "building"))
    assert inside.sum() > 1000
    assert (~inside).sum() > 1000


def test_no_building_stands_in_water_or_on_a_road(layers: gpd.GeoDataFrame):
    tree = shapely.STRtree(shapes(layers, "building"))
    for kind in ("water", "road"):
        assert tree.query(shapes(layers, kind), predicate="intersects").size == 0


def test_buildings_stay_within_one_grid(layers: gpd.GeoDataFrame):
    tree = shapely.STRtree(shapes(layers, "building"))
    _, building = tree.query(town_map().areas["grid"].geometry.to_numpy(), predicate="intersects")
    assert len(building) == len(set(building))


def test_roads_go_on_beyond_the_street_on_all_sides(layers: gpd.GeoDataFrame):
    street = town_map().areas["street"].to_crs(METRIC).total_bounds
    roads = layers[layers["kind"] == "road"].to_crs(METRIC).total_bounds
    assert (street[:2] - roads[:2] > 1000).all()
    assert (roads[2:] - street[2:] > 1000).all()


def test_some_roads_bridge_the_river(layers: gpd.GeoDataFrame):
    river = layers[layers["rank"] == "river"].geometry.iloc[0]
    over = shapely.length(shapely.intersection(layers.geometry.to_numpy(), river)) > 0.0005
    crossing = layers[(layers["kind"] == "road") & over]
    assert 4 <= len(crossing) <= 30
    assert set(crossing["rank"]) == {"main"}

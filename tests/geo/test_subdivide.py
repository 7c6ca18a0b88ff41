"""Areas are cut into square grids."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely import box

from geo.errors import SubdivideError
from geo.subdivide import subdivide
from geo.tree import build_tree

Draw = Callable[[dict[str, Any]], gpd.GeoDataFrame]
OnTheGround = Callable[[Any], Any]
EARTH = Geod(ellps="WGS84")
PLANE = Proj("+proj=laea +lon_0=114.3 +lat_0=30.5 +datum=WGS84")


def square_metres(shape: shapely.Geometry) -> float:
    return abs(EARTH.geometry_area_perimeter(shape)[0])


def require_tiling(areas: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> None:
    """The grids of an area cover it, nothing beside it, and nothing twice."""
    for code, shape in zip(areas["code"], areas.geometry, strict=True):
        own = cells.geometry[cells["parent"] == code].to_numpy()
        assert shapely.symmetric_difference(shapely.union_all(own), shape).area < 1e-9 * shape.area
        assert shapely.area(own).sum() == pytest.approx(shape.area, rel=1e-9)


def in_metres(shape: shapely.Geometry) -> tuple[int, int, int, int]:
    west, south, east, north = shapely.bounds(shapely.transform(shape, PLANE, interleaved=False)).round().astype(int)
    return int(west), int(south), int(east), int(north)


@pytest.mark.parametrize(("name", "metres"), [("boston", 500), ("la", 2000), ("wuhan", 5000)])
def test_real_areas_are_tiled_exactly(name: str, metres: float, city: Callable[[str], gpd.GeoDataFrame]) -> None:
    areas = city(name)
    cells = subdivide(areas, metres)
    require_tiling(areas, cells)
    assert shapely.is_valid(cells.geometry.to_numpy()).all()
    assert set(cells.geom_type) <= {"Polygon", "MultiPolygon"}
    assert cells["code"].is_unique
    assert cells.crs.to_epsg() == 4326


def test_no_grid_is_a_sliver_and_whole_ones_are_squares(city: Callable[[str], gpd.GeoDataFrame]) -> None:
    cells = subdivide(city("boston"), 500)
    sizes = np.array([square_metres(shape) for shape in cells.geometry])
    alone = ~cells["parent"].duplicated(keep=False).to_numpy()
    assert (sizes[~alone] > 0.05 * 500**2 * 0.999).all()
    whole = cells.geometry[shapely.get_num_coordinates(cells.geometry.to_numpy()) == 5]
    squares = [shape for shape in whole if square_metres(shape) > 0.999 * 500**2]
    assert len(squares) > 100
    for shape in squares:
        corners = shapely.get_coordinates(shape)
        _, _, sides = EARTH.inv(*corners[:-1].T, *corners[1:].T)
        assert sides == pytest.approx([500] * 4, rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(
    corners=st.lists(st.tuples(st.integers(-1500, 1500), st.integers(-1500, 1500)), min_size=3, max_size=9),
    hole=st.integers(0, 600),
    metres=st.integers(150, 900),
)
def test_any_shape_with_holes_and_parts_is_tiled_exactly(
    corners: list[tuple[int, int]], hole: int, metres: int, level: Draw, on_the_ground: OnTheGround
) -> None:
    shape = shapely.make_valid(shapely.MultiPoint(corners).buffer(40).union(shapely.Polygon(corners).buffer(0)))
    shape = shape.difference(box(-hole, -hole, hole, hole))
    if shape.area < 1:
        return
    areas = level({"a": on_the_ground(shape)})
    cells = subdivide(areas, metres)
    require_tiling(areas, cells)
    shares = np.array([square_metres(cell) for cell in cells.geometry]) / metres**2
    assert len(cells) == 1 or (shares > 0.0499).all()


def test_numbers_run_west_to_east_then_north_to_south(level: Draw, on_the_ground: OnTheGround) -> None:
    cells = subdivide(level({"429099001001": on_the_ground(box(0, 0, 1500, 1000))}), 500)
    assert cells["code"].tolist() == [f"42909900100100{number}" for number in range(1, 7)]
    assert cells["name"].tolist() == ["01", "02", "03", "04", "05", "06"]
    assert cells["parent"].unique().tolist() == ["429099001001"]
    assert [in_metres(shape)[:2] for shape in cells.geometry] == [(x, y) for y in (500, 0) for x in (0, 500, 1000)]


def test_all_areas_lie_on_one_lattice(level: Draw, on_the_ground: OnTheGround) -> None:
    areas = level({"a": on_the_ground(box(-900, -900, 130, 900)), "b": on_the_ground(box(130, -900, 900, 900))})
    cells = subdivide(areas, 300)
    cuts = {side for shape in cells.geometry for side in in_metres(shape)}
    assert cuts == {-900, -600, -300, 0, 130, 300, 600, 900}


# Four squares of 500 m of which the north-east one is empty, kept off the lattice lines; a corner reaches into it.
CORNERED = shapely.union_all([box(10, 10, 990, 490), box(10, 10, 490, 990), box(450, 450, 499, 499)])


@pytest.mark.parametrize(
    ("corner", "east_end_of_the_west_piece", "north_end_of_the_south_piece"),
    [
        (box(450, 450, 520, 600), 520, 500),
        (box(450, 450, 600, 520), 500, 520),
        # 100 m to the north and 95 m to the east: in degrees the shorter edge would be the longer.
        (shapely.Polygon([(450, 450), (595, 450), (595, 500), (500, 600), (450, 600)]), 595, 500),
    ],
)
def test_a_sliver_joins_the_neighbour_with_the_longest_common_edge_in_metres(
    corner: shapely.Geometry,
    east_end_of_the_west_piece: int,
    north_end_of_the_south_piece: int,
    level: Draw,
    on_the_ground: OnTheGround,
) -> None:
    cells = subdivide(level({"a": on_the_ground(CORNERED.union(corner))}), 500)
    west_piece, _, south_piece = (in_metres(shape) for shape in cells.geometry)
    assert (west_piece[2], south_piece[3]) == (east_end_of_the_west_piece, north_end_of_the_south_piece)


def test_slivers_beside_slivers_join_until_they_are_big_enough(level: Draw, on_the_ground: OnTheGround) -> None:
    strip = subdivide(level({"a": on_the_ground(box(0, 0, 1500, 20))}), 500)
    assert [in_metres(shape)[0] for shape in strip.geometry] == [0] and len(strip) == 1
    long_strip = subdivide(level({"a": on_the_ground(box(0, 0, 6000, 20))}), 500)
    assert 1 < len(long_strip) <= 9
    assert all(square_metres(shape) > 0.0499 * 500**2 for shape in long_strip.geometry)


def test_an_island_too_small_for_a_grid_joins_the_nearest_piece(level: Draw, on_the_ground: OnTheGround) -> None:
    land = shapely.MultiPolygon([box(0, 0, 500, 500), box(1000, 0, 1500, 500), box(1700, 100, 1710, 110)])
    cells = subdivide(level({"a": on_the_ground(land)}), 500)
    assert [in_metres(shape) for shape in cells.geometry] == [(0, 0, 500, 500), (1000, 0, 1710, 500)]
    assert cells.geom_type.tolist() == ["Polygon", "MultiPolygon"]


def test_a_tiny_area_stays_one_grid(level: Draw, on_the_ground: OnTheGround) -> None:
    areas = level({"a": on_the_ground(box(490, 490, 510, 510)), "b": on_the_ground(box(3, 3, 9, 9))})
    cells = subdivide(areas, 500)
    require_tiling(areas, cells)
    assert cells["code"].tolist() == ["a001", "b001"]


def test_more_than_999_grids_take_four_digits_and_no_two_codes_meet(level: Draw, on_the_ground: OnTheGround) -> None:
    areas = level({"1": on_the_ground(box(0, 0, 3200, 3200)), "11": on_the_ground(box(3200, 0, 3300, 300))})
    cells = subdivide(areas, 100)
    assert (cells["parent"] == "1").sum() == 1024
    assert cells["code"].iloc[[0, 1023, 1024]].tolist() == ["10001", "11024", "110001"]
    assert cells["name"].iloc[1023] == "1024"
    build_tree([("community", areas), ("grid", cells)], site_name="s")


def test_no_areas_give_no_grids(level: Draw) -> None:
    assert subdivide(level({}), 500).columns.tolist() == ["code", "name", "parent", "geometry"]


@pytest.mark.parametrize("metres", [0, -5, float("nan"), float("inf")])
def test_a_side_that_is_no_length_is_refused(metres: float, level: Draw) -> None:
    with pytest.raises(SubdivideError, match="for example 500"):
        subdivide(level({"a": box(0, 0, 1, 1)}), metres)


def test_a_side_far_too_small_is_refused_before_it_eats_the_memory(level: Draw) -> None:
    with pytest.raises(SubdivideError, match="make them larger"):
        subdivide(level({"a": box(0, 0, 1, 1)}), 0.5)

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from datasources.mapping.points import geometries, geometry, inner_points, parse

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)
FORMATS = ("(lat, lon)", "POINT (lon lat)")


def texts(*cells):
    return pd.Series(cells, dtype="str")


@given(st.lists(st.tuples(LON, LAT, st.booleans()), min_size=1, max_size=20))
def test_points_are_read_back_to_the_last_digit(rows):
    cells = [f"POINT ({lon!r} {lat!r})" if wkt else f"({lat!r}, {lon!r})" for lon, lat, wkt in rows]
    longitude, latitude = parse(texts(*cells), FORMATS)
    np.testing.assert_array_equal(longitude, [lon for lon, _, _ in rows])
    np.testing.assert_array_equal(latitude, [lat for _, lat, _ in rows])


@given(st.text(max_size=30))
def test_any_text_gives_a_whole_point_or_none(text):
    longitude, latitude = parse(texts(text), FORMATS)
    assert np.isnan(longitude[0]) == np.isnan(latitude[0])


@pytest.mark.parametrize("text", ["(42.1,-71.2)", "( 42.1 , -71.2 )", "(42.1,   -71.2)"])
def test_blanks_may_be_wider_or_missing(text):
    assert [each[0] for each in parse(texts(text), FORMATS)] == [-71.2, 42.1]


@pytest.mark.parametrize("text", ["point(-71.2 42.1)", "POINT (-71.2   42.1)"])
def test_letters_may_be_of_either_case(text):
    assert [each[0] for each in parse(texts(text), FORMATS)] == [-71.2, 42.1]


@pytest.mark.parametrize("text", ["42.1 -71.2", "(42.1)", "(42.1, -71.2) x", "(42,1, 71,2)", "", "POINT (-71.2, 42.1)"])
def test_what_does_not_fit_whole_is_no_point(text):
    assert np.isnan(parse(texts(text), FORMATS)[0][0])


def test_a_format_must_say_where_lat_and_lon_stand():
    with pytest.raises(ValueError, match=r"does not say where lat and lon stand"):
        parse(texts("x"), ("(x, y)",))


@given(LON, LAT)
def test_a_geometry_with_text_for_coordinates_is_the_same_point(lon, lat):
    found = geometry({"type": "Point", "coordinates": [repr(lon), repr(lat)]})
    assert (found.x, found.y) == (lon, lat)


def test_geometries_come_from_geojson_wkt_and_wkb_and_lose_their_height():
    line = shapely.LineString([(1, 2, 9), (3, 4, 9)])
    flat = shapely.LineString([(1, 2), (3, 4)])
    for given_ in (shapely.geometry.mapping(line), line.wkt, line.wkb):
        assert geometry(given_).equals_exact(flat)


def test_what_is_no_geometry_is_told_apart_from_none():
    broken = [
        {"type": "Point"},
        {"type": "Point", "coordinates": ["a", "b"]},
        "POINT (",
        b"x",
        {"type": "Blob", "coordinates": [1, 2]},
    ]
    shapes, bad = geometries(pd.Series([None, *broken], dtype=object))
    assert bad.tolist() == [False, True, True, True, True, True]
    assert shapes[0] is None


def test_the_point_of_an_area_lies_within_it():
    area = shapely.Polygon([(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4)])
    longitude, latitude = inner_points(np.array([area, None], dtype=object))
    assert area.contains(shapely.Point(longitude[0], latitude[0]))
    assert np.isnan(longitude[1])

import httpx
import numpy as np
import pytest

from config import ConfigError
from datasources.errors import BadDataError
from datasources.outgoing import NotNamedError
from geo.crs import to_gcj02
from tests.datasources.video.answers import asked, by_path
from tests.datasources.visuals.ogcapi.situations import OPTIONS
from tests.datasources.visuals.recorded import BASE, answers, replay
from tests.datasources.visuals.served import listed, making
from tests.painted import off_px, within
from tests.servers.mapproxy import LAYER
from tests.servers.pygeoapi import COLLECTIONS, SCHOOLS, place

SCHOOL = COLLECTIONS[0]
WHOLE = (114.0, 30.0, 115.0, 31.0)


@pytest.fixture
def made(tmp_path):
    return making("visuals.ogcapi", tmp_path, OPTIONS)


def labels(found) -> list[str]:
    return [each["properties"]["label"] for each in found["features"]]


def test_the_collections_of_a_real_server_are_its_layers(made, pygeoapi):
    rows = listed(made(url=pygeoapi.url))
    assert [(row["id"], row["kind"], row["title"]) for row in rows] == [
        (name, "vector", "Schools") for name in COLLECTIONS
    ]
    assert [rows[0][side] for side in ("west", "south", "east", "north")] == [114.3, 30.5, 114.33, 30.51]


def test_features_of_a_real_server_are_read_page_by_page(made, pygeoapi):
    found = made(url=pygeoapi.url).features(SCHOOL, WHOLE, 1_000)
    assert labels(found) == [f"school {n}" for n in range(SCHOOLS)]
    assert found["numberMatched"] == SCHOOLS
    assert not found["more"]
    assert found["features"][3]["geometry"]["coordinates"] == pytest.approx(place(3))


def test_a_box_and_a_limit_are_kept_and_what_is_left_out_is_told(made, pygeoapi):
    found = made(url=pygeoapi.url).features(SCHOOL, (114.2995, 30.4, 114.3145, 30.6), 12)
    assert labels(found) == [f"school {n}" for n in range(12)]
    assert (found["numberMatched"], found["numberReturned"], found["more"]) == (15, 12, True)


def test_answers_in_gcj02_are_shifted_and_asked_for_where_they_are(made):
    there = np.column_stack(to_gcj02([114.30], [30.50]))[0]
    told = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "here"}, "geometry": {"type": "Point", "coordinates": [*there]}}
    ]}  # fmt: skip
    with asked(by_path({"/collections/x/items": told})) as seen:
        found = made()
        found.declare("GCJ-02", "sources.x")
        at = found.features("x", (114.2999, 30.4999, 114.3001, 30.5001), 10)["features"][0]["geometry"]["coordinates"]
    assert at == pytest.approx((114.30, 30.50), abs=1e-6)
    west, south, east, north = map(float, seen[0].url.params["bbox"].split(","))
    assert west < there[0] < east < 114.32
    assert south < there[1] < north


def test_a_collection_without_items_is_drawn_by_its_map_tiles(made, mapproxy):
    found = made(url=f"{mapproxy.url}/ogcapi", collections=[LAYER], max_zoom=16)
    assert [(row["id"], row["kind"]) for row in listed(found)] == [(f"{LAYER}/map", "raster")]
    z, x, y = within(14)
    assert off_px(found.tile(f"{LAYER}/map", z, x, y).body, z, x, y) < 1
    with pytest.raises(BadDataError, match="no map tiles"):
        found.tile("again/map", z, x, y)


def test_a_next_link_takes_the_key_along_and_leads_to_no_other_host(made):
    first = {"type": "FeatureCollection", "features": [], "links": [{"rel": "next", "href": f"{BASE}/more?offset=10"}]}
    last = {"type": "FeatureCollection", "features": []}
    with asked(by_path({"/collections/x/items": first, "/more": last})) as seen:
        made(query={"key": "word"}).features("x", WHOLE, 10)
    assert dict(seen[-1].url.params) == {"offset": "10", "key": "word"}
    away = {**first, "links": [{"rel": "next", "href": "http://elsewhere.test/"}]}
    with asked(by_path({"/collections/x/items": away})), pytest.raises(NotNamedError, match=r"elsewhere\.test"):
        made().features("x", WHOLE, 10)


def test_next_links_without_end_are_followed_no_further_than_twenty_pages(made):
    page = {"type": "FeatureCollection", "features": [], "links": [{"rel": "next", "href": "?again"}]}
    with asked(by_path({"/collections/x/items": page})) as seen:
        assert made().features("x", WHOLE, 10)["more"]
    assert len(seen) == 20


def test_a_collection_that_is_not_offered_is_said(made):
    with asked(replay(answers("ogcapi"))), pytest.raises(BadDataError, match="did you mean 'schools'"):
        listed(made(collections=["school"]))


def test_answers_of_another_kind_are_bad_data(made):
    with asked(lambda _request: httpx.Response(200, json=[])), pytest.raises(BadDataError, match="no object"):
        listed(made())
    with (
        asked(by_path({"/collections/x/items": {"features": 3}})),
        pytest.raises(BadDataError, match="FeatureCollection"),
    ):
        made().features("x", WHOLE, 10)


def test_metres_are_refused_when_the_configuration_is_read(made):
    with pytest.raises(ConfigError, match=r"sources\.x\.crs: .*EPSG:4547"):
        made().declare("EPSG:4547", "sources.x")


@pytest.mark.parametrize(
    "extent", [{}, {"spatial": {"bbox": [[1, 2, 3]]}}, {"spatial": {"bbox": [["west", 2, 3, 4]]}}, None]
)
def test_an_extent_that_is_none_is_no_bounds(made, extent):
    told = {"collections": [{"id": "x", "extent": extent, "links": [{"rel": "items", "href": "x"}]}]}
    empty = {"type": "FeatureCollection", "features": []}
    with asked(by_path({"/collections": told, "/collections/x/items": empty})):
        assert listed(made())[0]["west"] is None


def test_of_six_numbers_the_heights_are_left_out(made):
    told = {
        "collections": [
            {"id": "x", "extent": {"spatial": {"bbox": [[1, 2, 0, 3, 4, 9]]}}, "links": [{"rel": "items", "href": "x"}]}
        ]
    }
    empty = {"type": "FeatureCollection", "features": []}
    with asked(by_path({"/collections": told, "/collections/x/items": empty})):
        assert [listed(made())[0][side] for side in ("west", "south", "east", "north")] == [1, 2, 3, 4]

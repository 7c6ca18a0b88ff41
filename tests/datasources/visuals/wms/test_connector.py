import httpx
import pytest

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.video.answers import asked
from tests.datasources.visuals.recorded import always, answers, replay
from tests.datasources.visuals.served import listed, making
from tests.datasources.visuals.wms.situations import OPTIONS
from tests.painted import off_px, within
from tests.servers.mapproxy import KEY, LAYER


@pytest.fixture
def made(tmp_path):
    return making("visuals.wms", tmp_path, OPTIONS)


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
@pytest.mark.parametrize("projection", ["EPSG:3857", "EPSG:4326"])
def test_a_map_of_a_real_server_shows_its_place(made, mapproxy, version, projection):
    """The order of the axes in EPSG:4326 differs between the versions; a map that minds it wrongly is clear."""
    found = made(url=f"{mapproxy.url}/service", version=version, projection=projection, layers=[LAYER])
    z, x, y = within(14)
    assert off_px(found.tile(LAYER, z, x, y).body, z, x, y) < 1.5
    assert [row["id"] for row in listed(found)] == [LAYER]


def test_the_layers_of_a_real_server_are_those_of_its_capabilities(made, mapproxy):
    rows = listed(made(url=f"{mapproxy.url}/service", bounds=None, max_zoom=16))
    assert [(row["id"], row["title"], row["max_zoom"]) for row in rows] == [
        (LAYER, "Painted ground", 16), ("again", "The same ground", 16),
    ]  # fmt: skip
    assert rows[0]["west"] == -180
    assert rows[0]["north"] == pytest.approx(85.0511, abs=1e-4)


def test_a_key_lets_in_and_without_it_a_person_is_asked(made, mapproxy):
    assert listed(made(url=f"{mapproxy.locked}/service", query={"key": KEY}))
    with pytest.raises(AuthenticationError):
        listed(made(url=f"{mapproxy.locked}/service"))


def test_a_layer_that_is_not_offered_is_said_with_the_nearest(made):
    with asked(replay(answers("wms"))), pytest.raises(BadDataError, match=r"no layer 'groud'.*did you mean 'ground'"):
        listed(made(layers=["groud"]))


def test_a_document_type_is_read_from_nobody(made):
    with asked(always(answers("wms")["older.xml"])), pytest.raises(BadDataError, match="DTD"):
        listed(made())
    with pytest.raises(ConfigError, match=r"options\.layers"):
        made(version="1.1.1")


def test_an_exception_is_no_picture(made):
    """constructed: the recorded exception as servers send it that mind 06-042, 6.11: with status 200."""
    body = answers("wms")["exception.xml"].content
    with asked(lambda _request: httpx.Response(200, content=body)), pytest.raises(BadDataError, match="XML instead of"):
        made().tile(LAYER, 1, 0, 0)


def test_bounds_and_attribution_come_from_the_layers_above(made):
    """constructed after OGC 06-042, 7.2.4.8: a layer without them takes those of its parent."""
    body = """<WMS_Capabilities xmlns="http://www.opengis.net/wms" version="1.3.0"><Capability><Layer><Title>all</Title>
      <Attribution><Title>District</Title></Attribution><EX_GeographicBoundingBox><westBoundLongitude>114</westBoundLongitude>
      <eastBoundLongitude>115</eastBoundLongitude><southBoundLatitude>30</southBoundLatitude>
      <northBoundLatitude>31</northBoundLatitude></EX_GeographicBoundingBox>
      <Layer><Name>plan</Name></Layer></Layer></Capability></WMS_Capabilities>"""
    with asked(lambda _request: httpx.Response(200, text=body)):
        (row,) = listed(made(bounds=None))
    assert [row[name] for name in ("id", "title", "attribution", "west", "south", "east", "north")] == [
        "plan", "plan", "District", 114, 30, 115, 31,
    ]  # fmt: skip


def test_the_key_goes_with_every_question(made):
    with asked(always(answers("wms")["map.png"])) as seen:
        made(query={"key": "word"}, url="http://map.test/wms?map=city.map").tile(LAYER, 1, 0, 0)
    assert seen[0].url.params["key"] == "word"
    assert seen[0].url.params["map"] == "city.map"
    assert seen[0].url.params["CRS"] == "EPSG:3857"

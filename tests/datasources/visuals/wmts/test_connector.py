import re

import pytest

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError
from datasources.outgoing import NotNamedError
from tests.datasources.video.answers import asked
from tests.datasources.visuals.recorded import always, answers, replay
from tests.datasources.visuals.served import listed, making
from tests.datasources.visuals.wmts.situations import NAMED, OPTIONS
from tests.painted import off_px, within
from tests.servers.mapproxy import KEY, LAYER

TIANDITU = {"preset": "tianditu", "key": "s3cret", "layers": ["img", "cia"]}
AT = re.compile(r"https://t(\d)\.tianditu\.gov\.cn/img_w/wmts")


@pytest.fixture
def made(tmp_path):
    return making("visuals.wmts", tmp_path, OPTIONS)


@pytest.mark.parametrize("path", ["/service", "/wmts/1.0.0/WMTSCapabilities.xml"], ids=["KVP", "REST"])
def test_a_tile_of_a_real_server_shows_its_place(made, mapproxy, path):
    found = made(url=mapproxy.url + path)
    rows = listed(found)
    assert [(row["id"], row["title"], row["min_zoom"], row["max_zoom"]) for row in rows] == [
        (LAYER, "Painted ground", 0, 16), ("again", "The same ground", 0, 16),
    ]  # fmt: skip
    z, x, y = within(15)
    assert off_px(found.tile(LAYER, z, x, y).body, z, x, y) < 1
    assert found.tile(LAYER, 17, 0, 0) is None, "a level that the service does not have"


def test_named_layers_of_a_real_server_are_drawn_without_its_capabilities(made, mapproxy):
    z, x, y = within(14)
    by_question = made(url=f"{mapproxy.url}/service", layers=[LAYER], matrix_set="mercator", matrix="{z}")
    template = mapproxy.url + "/wmts/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}.png"
    by_template = made(url=template, layers=[LAYER], matrix_set="mercator")
    for found in (by_question, by_template):
        assert off_px(found.tile(LAYER, z, x, y).body, z, x, y) < 1


def test_a_key_lets_in_and_without_it_a_person_is_asked(made, mapproxy):
    assert listed(made(url=f"{mapproxy.locked}/service", query={"key": KEY}))
    with pytest.raises(AuthenticationError):
        listed(made(url=f"{mapproxy.locked}/service"))


def test_a_layer_that_is_not_offered_is_said_with_the_nearest(made):
    with asked(replay(answers("wmts"))), pytest.raises(BadDataError, match=r"no layer 'groud'.*did you mean 'ground'"):
        listed(made(layers=["groud"]))
    with asked(replay(answers("wmts"))), pytest.raises(BadDataError, match="no layer 'x'"):
        made().tile("x", 12, 0, 0)


def test_a_title_of_the_options_names_the_only_layer(made):
    with asked(replay(answers("wmts"))):
        assert [row["title"] for row in listed(made(layers=["again"], title="Mine"))] == ["Mine"]


def test_the_capabilities_are_read_again_only_when_they_are_old(made, tmp_path):
    with asked(replay(answers("wmts"))) as seen:
        found = made()
        for _time in range(3):
            found.tile(LAYER, 12, 3348, 1683)
    assert [request.url.params["REQUEST"] for request in seen] == ["GetCapabilities", *["GetTile"] * 3]


def test_a_template_may_not_lead_to_a_host_that_nobody_named(made):
    with asked(always(answers("wmts")["rest.xml"])), pytest.raises(NotNamedError, match=r"map\.test:80"):
        made(url="http://other.test/wmts/1.0.0/WMTSCapabilities.xml").tile(LAYER, 12, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        ("EPSG:3857", "EPSG:4490"),
        ("-20037508.342789244 20037508.342789244", "12000000 4000000"),
        ("<TileWidth>256", "<TileWidth>512"),
        ("<Format>image/png", "<Format>application/vnd.mapbox-vector-tile"),
    ],
    ids=["another system", "another corner", "larger tiles", "no pictures"],
)
def test_layers_that_do_not_lie_on_this_grid_are_not_offered(made, change):
    found = answers("wmts")["capabilities.xml"]
    body = found.text.replace(*change)
    assert body != found.text
    with asked(lambda _request: type(found)(200, text=body)):
        assert listed(made()) == []


def test_tianditu_is_asked_as_the_handbook_says(tmp_path):
    """Constructed: domain.md §10."""
    made = making("visuals.wmts", tmp_path, {})
    with asked(always(answers("wmts")["tile.png"])) as seen:
        found = made(**TIANDITU)
        rows = listed(found)
        found.tile("img", 10, 841, 418)
    assert [(row["id"], row["title"], row["min_zoom"], row["attribution"]) for row in rows] == [
        ("img", "天地图影像", 1, "天地图"), ("cia", "天地图影像注记", 1, "天地图"),
    ]  # fmt: skip
    last = seen[-1].url
    assert AT.match(str(last)).group(1) == str((841 + 418) % 8)
    assert dict(last.params) == {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "img", "STYLE": "default",
        "TILEMATRIXSET": "w", "FORMAT": "tiles", "TILEMATRIX": "10", "TILEROW": "418", "TILECOL": "841", "tk": "s3cret",
    }  # fmt: skip


def test_the_key_of_tianditu_is_told_in_no_error(tmp_path):
    made = making("visuals.wmts", tmp_path, {})
    with asked(lambda _request: type(answers("wmts")["tile.png"])(403)), pytest.raises(AuthenticationError) as caught:
        made(**TIANDITU).tile("img", 1, 0, 0)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "options, key",
    [
        ({"preset": "tianditu"}, "key"),
        ({"matrix_set": "w"}, "layers"),
        ({"url": "http://map.test/{TileMatrix}/{TileCol}/{TileRow}.png"}, "matrix_set"),
        ({**NAMED, "min_zoom": 9, "max_zoom": 3}, "min_zoom"),
    ],
)
def test_half_a_configuration_is_said_before_anything_is_asked(made, options, key):
    with pytest.raises(ConfigError, match=rf"options\.{key}"):
        made(**options)


def test_the_capabilities_of_a_server_with_templates_alone_are_a_file(made):
    """constructed: the recorded ones of REST without their templates; GetTile is then asked where the document says."""
    found = answers("wmts")["rest.xml"]
    body = re.sub(r"<ResourceURL[^>]*/>", "", found.text)
    with asked(
        lambda request: answers("wmts")["tile.png"] if "REQUEST" in request.url.params else type(found)(200, text=body)
    ) as seen:
        made(url="http://map.test/wmts/1.0.0/WMTSCapabilities.xml").tile(LAYER, 12, 3348, 1683)
    assert seen[-1].url.path == "/wmts"
    assert seen[-1].url.params["TILEMATRIX"] == "12"


@pytest.mark.parametrize(
    "change",
    [
        ("<ScaleDenominator>", "<ScaleDenominator>x"),
        ("-180.0 -85.0511287798066", "west south"),
        ('name="GetTile"', 'name="Other"'),
    ],
)
def test_what_a_document_says_wrongly_is_left_out(made, change):
    found = answers("wmts")["capabilities.xml"]
    with asked(lambda _request: type(found)(200, text=found.text.replace(*change))):
        rows = listed(made(bounds=None))
    assert [row["id"] for row in rows] in ([], [LAYER, "again"])
    assert all(row["west"] in (None, -180.0) for row in rows)

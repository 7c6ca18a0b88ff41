import httpx
import numpy as np
import pytest

from config import ConfigError
from config_sources import SourceSettings
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.registry import create
from datasources.visuals.atlas import Atlas, Opened
from datasources.visuals.pictures import pixels
from datasources.visuals.xyz.connector import LAYER, XyzConnector
from geo.tiles import TILE_SIZE, pixels_to_lonlat
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked
from tests.datasources.visuals.recorded import BASE, answers
from tests.datasources.visuals.xyz.situations import OPTIONS
from tests.geo.test_crs import shifted_gcj02
from tests.painted import BOX, off_px, within
from tests.servers.mapproxy import KEY

TMS = "/tiles/1.0.0/ground/mercator/{z}/{x}/{y}.png"


@pytest.fixture
def made(tmp_path):
    def make(**options):
        return XyzConnector({**OPTIONS, **options}, folder=tmp_path, zone=None, clock=lambda: NOW)

    return make


def picture(_request):
    return answers("xyz")["tile.png"]


def test_a_tile_of_a_real_server_shows_its_place(made, mapproxy):
    found = made(url=mapproxy.url + TMS)
    z, x, y = within(15)
    assert off_px(found.tile(LAYER, z, x, y).body, z, x, y) < 1
    (page,) = found.pages(None)
    assert page.frame.loc[0, ["id", "kind", "title", "west"]].tolist() == [LAYER, "raster", "Ground", BOX[0]]


def test_rows_counted_from_the_south_are_asked_for_by_a_minus(made, mapproxy):
    z, x, y = within(14)
    from_south = mapproxy.url + "/tiles/1.0.0/ground/mercator/{z}/{x}/{-y}.png?origin=sw"
    assert off_px(made(url=from_south).tile(LAYER, z, x, y).body, z, x, y) < 1


def test_where_a_real_server_has_no_tile_nothing_is_drawn(made, mapproxy):
    assert made(url=mapproxy.url + TMS).tile(LAYER, 19, 0, 0) is None


def test_a_template_that_leads_to_no_tile_is_said_where_bounds_are_stated(made):
    with asked(lambda _request: answers("xyz")["outside.txt"]) as seen:
        with pytest.raises(BadDataError, match=r"draws nothing of 'tiles' in the middle of its bounds"):
            list(made(min_zoom=3, max_zoom=17).pages(None))
        assert [request.url.path.split("/")[-3] for request in seen] == ["12", "3", "17"]
        assert len(list(made(bounds=None).pages(None))) == 1, "who knows where the service has anything"


def test_a_key_lets_in_and_without_it_a_person_is_asked(made, mapproxy):
    z, x, y = within(12)
    assert made(url=f"{mapproxy.locked}{TMS}?key={KEY}").tile(LAYER, z, x, y).media_type == "image/png"
    with pytest.raises(AuthenticationError):
        made(url=f"{mapproxy.locked}{TMS}?key=wrong").tile(LAYER, z, x, y)


def test_a_server_that_is_gone_is_an_outage(made):
    with asked(lambda _request: httpx.Response(503)), pytest.raises(TemporaryError):
        made().tile(LAYER, 1, 0, 0)


def test_the_same_tile_is_always_asked_of_the_same_host_and_all_are_told_the_headers(made):
    with asked(picture) as seen:
        found = made(url="http://{s}.map.test/{z}/{x}/{y}.png", subdomains=("a", "b"), headers={"X-Key": "word"})
        for x in (0, 1, 0):
            found.tile(LAYER, 3, x, 0)
    assert [request.url.host for request in seen] == ["a.map.test", "b.map.test", "a.map.test"]
    assert {request.headers["X-Key"] for request in seen} == {"word"}


def test_no_error_tells_the_path_in_which_a_key_may_be(made):
    def lead_on(request):
        return (
            httpx.Response(302, headers={"Location": "/later/hidden-too.png"})
            if "3/" in request.url.path
            else httpx.Response(403)
        )

    with asked(lead_on), pytest.raises(AuthenticationError) as caught:
        made(url=f"{BASE}/hidden/3/{{z}}/{{x}}/{{y}}.png?key=hidden").tile(LAYER, 3, 0, 0)
    assert "map.test refuses us" in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "url",
    ["http://map.test/tiles.png", "http://map.test/{z}/{x}.png", "http://map.test/{z}/{x}/{y}{r}.png", "/{z}/{x}/{y}"],
)
def test_what_is_no_template_is_said_before_anything_is_asked(made, url):
    with pytest.raises(ConfigError, match="url"):
        made(url=url)


def test_the_list_is_told_once(made, mapproxy):
    found = made(url=mapproxy.url + TMS)
    assert list(found.pages(next(found.pages(None)).cursor)) == []


def test_a_map_in_gcj02_comes_out_where_it_is_and_not_where_it_was_drawn(mapproxy, tmp_path):
    """The painted ground, taken for a map in GCJ-02: what is painted for a place there is found at the place it means."""
    given = {"name": "m", "connector": "visuals.xyz", "record": "layer", "crs": "GCJ-02", "timezone": "UTC"}
    source = SourceSettings.model_validate({**given, "options": {"url": mapproxy.url + TMS}})
    connector = create(source, folder=tmp_path, clock=lambda: NOW)
    atlas = Atlas(lambda _name: Opened(connector, 60, "s"), tmp_path / "layers", lambda: NOW)
    z, x, y = within(16)
    found = pixels(atlas.tile("m", LAYER, z, x, y), TILE_SIZE, "m")
    middle = np.arange(8, TILE_SIZE, 16)
    lon, lat = pixels_to_lonlat(x * TILE_SIZE + middle + 0.5, np.full(len(middle), y * TILE_SIZE + 128.5), z)
    west, south, east, north = BOX
    for column, one, two in zip(middle, lon, lat, strict=True):
        meant = shifted_gcj02(float(one), float(two))
        red, green, _blue, alpha = found[128, column]
        assert alpha == 255
        assert red == pytest.approx((meant[0] - west) / (east - west) * 255, abs=1)
        assert green == pytest.approx((meant[1] - south) / (north - south) * 255, abs=1)

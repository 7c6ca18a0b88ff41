"""What holds for every connector to layers: which systems it may be declared in, and its list as pages."""

import pytest

from config import ConfigError
from config_sources import SourceSettings
from datasources.errors import BadDataError, TemporaryError
from datasources.registry import CONNECTORS, create
from datasources.visuals.layered import Layer, Layered
from tests.datasources.sources import NOW

RASTER = {
    "visuals.demo": {},
    "visuals.pmtiles": {"path": "x.pmtiles"},
    "visuals.wms": {"url": "http://map.test/wms"},
    "visuals.wmts": {"preset": "tianditu", "key": "k"},
    "visuals.xyz": {"url": "http://map.test/{z}/{x}/{y}.png"},
}
VECTOR = {"visuals.geojson": {"path": "x.geojson"}, "visuals.ogcapi": {"url": "http://map.test"}}


def made(folder, connector: str, options: dict, crs: str):
    given = {"name": "maps", "connector": connector, "record": "layer", "options": options, "crs": crs}
    return create(SourceSettings.model_validate({**given, "timezone": "UTC"}), folder=folder, clock=lambda: NOW)


def test_every_connector_to_layers_is_tried_here():
    assert {name for name in CONNECTORS if name.startswith("visuals.")} == {*RASTER, *VECTOR}


@pytest.mark.parametrize("connector", RASTER)
def test_tiles_in_bd09_are_refused_when_the_configuration_is_read(tmp_path, connector):
    with pytest.raises(ConfigError, match=r"sources\.maps\.crs: tiles in BD-09 .* Baidu's own .* use a service in"):
        made(tmp_path, connector, RASTER[connector], "BD-09")


@pytest.mark.parametrize("connector", RASTER)
def test_tiles_in_metres_of_a_zone_are_refused_and_those_of_this_grid_are_not(tmp_path, connector):
    with pytest.raises(ConfigError, match=r"cannot be declared in EPSG:4547; write one of EPSG:3857, .*GCJ-02"):
        made(tmp_path, connector, RASTER[connector], "EPSG:4547")
    for crs in ("EPSG:4326", "EPSG:4490", "EPSG:3857", "GCJ-02", "gcj-02"):
        assert made(tmp_path, connector, RASTER[connector], crs).crs == crs.upper()


@pytest.mark.parametrize("connector", VECTOR)
def test_vectors_may_be_declared_in_bd09(tmp_path, connector):
    assert made(tmp_path, connector, VECTOR[connector], "BD-09").crs == "BD-09"


class Listing(Layered):
    origin = "list"

    def __init__(self, *layers: Layer) -> None:
        self.offered = layers

    def layers(self):
        yield from self.offered


def test_of_the_list_only_what_is_told_otherwise_is_told_again():
    one, two = Layer("one", "raster", "One"), Layer("two", "raster", "Two")
    pages = list(Listing(one, two).pages(None))
    assert [page.frame.loc[0, "id"] for page in pages] == ["one", "two"]
    assert list(Listing(one, two).pages(pages[-1].cursor)) == []
    (again,) = Listing(one, Layer("two", "raster", "Otherwise")).pages(pages[-1].cursor)
    assert again.frame.loc[0, "title"] == "Otherwise"


def test_a_layer_that_is_offered_no_more_is_told_as_gone_once():
    one, two, three = (Layer(name, "raster") for name in ("one", "two", "three"))
    cursor = list(Listing(one, two, three).pages(None))[-1].cursor
    gone = list(Listing(two).pages(cursor))
    assert [tuple(page.frame.loc[0, ["id", "kind"]]) for page in gone] == [("one", "gone"), ("three", "gone")]
    assert list(Listing(two).pages(gone[-1].cursor)) == []
    assert [page.frame.loc[0, "kind"] for page in Listing(two, one).pages(gone[-1].cursor)] == ["raster"]


def test_who_only_looks_is_shown_the_first_layers_together():
    (page,) = Listing(*(Layer(f"layer {n}", "raster") for n in range(9))).sample()
    assert page.frame["id"].tolist() == [f"layer {n}" for n in range(5)]
    assert list(Listing().sample()) == []


def test_a_list_that_breaks_off_takes_nothing_away():
    class Broken(Listing):
        def layers(self):
            yield self.offered[0]
            raise TemporaryError("the list broke off; it will be tried again")

    one, two = Layer("one", "raster"), Layer("two", "raster")
    cursor = list(Listing(one, two).pages(None))[-1].cursor
    with pytest.raises(TemporaryError):
        list(Broken(one).pages(cursor))


def test_another_system_is_another_layer():
    listing = Listing(Layer("one", "vector"))
    (page,) = listing.pages(None)
    listing.declare("GCJ-02", "sources.maps")
    assert len(list(listing.pages(page.cursor))) == 1


def test_what_a_connector_does_not_draw_is_bad_data():
    with pytest.raises(BadDataError, match="'one' has no tiles"):
        Listing().tile("one", 1, 0, 0)
    with pytest.raises(BadDataError, match="'one' has no features"):
        Listing().features("one", (0, 0, 1, 1), 5)

import json

import httpx
import pytest

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked
from tests.datasources.visuals.geojson.situations import FEATURES
from tests.datasources.visuals.served import listed, making
from tests.geo.test_crs import shifted_bd09, shifted_gcj02
from tests.servers.pygeoapi import SCHOOLS, place

WHOLE = (114.0, 30.0, 115.0, 31.0)
AT = (114.31, 30.52)


def feature(at=AT, geometry=None, **properties) -> dict:
    shape = geometry or {"type": "Point", "coordinates": at}
    return {"type": "Feature", "properties": properties or None, "geometry": shape}


def collection(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def made(tmp_path):
    return making("visuals.geojson", tmp_path, {})


@pytest.fixture
def written(tmp_path, made):
    """Writes a file, and makes the connector to it."""

    def write(text: str, **options):
        (tmp_path / "layer.geojson").write_text(text)
        return made(path="layer.geojson", **options)

    return write


def drawn(found) -> list[tuple]:
    return [(each["properties"]["label"], each["geometry"]["coordinates"]) for each in found["features"]]


def test_what_a_real_server_serves_is_one_layer(made, pygeoapi):
    found = made(url=f"{pygeoapi.url}/collections/schools/items?f=json", title="Schools")
    (row,) = listed(found)
    assert [row[name] for name in ("id", "kind", "title")] == ["features", "vector", "Schools"]
    told = found.features("features", WHOLE, 100)
    assert drawn(told)[0] == ("school 0", pytest.approx(place(0)))
    assert len(told["features"]) == 10 < SCHOOLS, "a page of it; whole collections are what visuals.ogcapi is for"


def test_a_box_and_a_limit_are_kept_and_what_is_left_out_is_told(written):
    found = written(collection(*FEATURES)).features("features", (114.2999, 30.0, 114.3021, 31.0), 2)
    assert [label for label, _at in drawn(found)] == ["hydrant 0", "hydrant 1"]
    assert (found["numberMatched"], found["numberReturned"]) == (3, 2)


@pytest.mark.parametrize("crs, shifted", [("GCJ-02", shifted_gcj02), ("BD-09", shifted_bd09)])
def test_what_is_declared_shifted_is_brought_back(written, crs, shifted):
    found = written(collection(feature(shifted(*AT), name="here")))
    found.declare(crs, "sources.x")
    ((label, at),) = drawn(found.features("features", WHOLE, 10))
    assert (label, at) == ("here", pytest.approx(AT, abs=1e-7))


def test_only_the_label_of_a_feature_is_handed_on(written):
    one, two = feature(name="Gate", phone="13800000000"), feature(no=7, phone="13800000000")
    assert [label for label, _at in drawn(written(collection(one, two)).features("features", WHOLE, 9))] == ["Gate", ""]
    told = written(collection(one, two), label="no").features("features", WHOLE, 9)
    assert [label for label, _at in drawn(told)] == ["", "7"]
    assert "13800000000" not in json.dumps(told)


def test_features_without_a_place_are_left_out(written):
    nowhere = {"type": "Feature", "properties": {}, "geometry": None}
    found = written(
        collection(nowhere, feature(name="here"), feature(geometry={"type": "MultiPoint", "coordinates": []}))
    )
    assert [label for label, _at in drawn(found.features("features", WHOLE, 9))] == ["here"]
    assert written(collection()).features("features", WHOLE, 9)["features"] == []


def test_what_was_read_is_drawn_until_it_is_old(tmp_path, made):
    now = [NOW]
    (tmp_path / "layer.geojson").write_text(collection(feature(name="old")))
    found = made(path="layer.geojson", keep="5m")
    found._held._clock = lambda: now[0]
    assert drawn(found.features("features", WHOLE, 9))[0][0] == "old"
    (tmp_path / "layer.geojson").write_text(collection(feature(name="new")))
    assert drawn(found.features("features", WHOLE, 9))[0][0] == "old"
    now[0] += 300
    assert drawn(found.features("features", WHOLE, 9))[0][0] == "new"


@pytest.mark.parametrize(
    "text, said",
    [
        ("[1, 2", "is no JSON"), ('{"type": "Feature"}', "is no GeoJSON FeatureCollection"), ("[]", "is no GeoJSON FeatureCollection"),
        (collection(feature(), feature(at=("east", "north"))), "feature 2 cannot be read as a place"),
        ('{"features": [7]}', "feature 1 cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(written, text, said):
    with pytest.raises(BadDataError, match=said):
        listed(written(text))


def test_a_file_that_is_missing_is_an_outage_and_one_that_is_too_large_is_said(made, written):
    with pytest.raises(TemporaryError, match=r"none\.geojson: cannot be read"):
        listed(made(path="none.geojson"))
    with pytest.raises(BadDataError, match="larger than 1 MB; give it as PMTiles"):
        listed(written(" " * (1 << 20) + collection(), most_megabytes=1))


def test_a_server_that_refuses_is_told_apart_from_one_that_is_away(made):
    for status, error in ((403, AuthenticationError), (503, TemporaryError)):
        with asked(lambda _request, status=status: httpx.Response(status)), pytest.raises(error):
            listed(made(url="http://map.test/layer.geojson"))


def test_it_has_one_layer_and_no_tiles(written):
    found = written(collection(feature()))
    for ask in (lambda: found.tile("features", 1, 0, 0), lambda: found.features("other", WHOLE, 9)):
        with pytest.raises(BadDataError):
            ask()


@pytest.mark.parametrize(
    "options", [{}, {"path": "a", "url": "http://map.test/b"}, {"path": "a", "bounds": [2, 1, 1, 2]}]
)
def test_half_a_configuration_is_said(made, options):
    with pytest.raises(ConfigError, match=r"options\.(path|bounds)"):
        made(**options)

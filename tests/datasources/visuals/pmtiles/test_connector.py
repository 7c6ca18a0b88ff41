import gzip

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

from datasources.errors import BadDataError, TemporaryError
from datasources.visuals.pmtiles import archive
from datasources.visuals.pmtiles.vectortile import read_tile
from geo.crs import to_gcj02
from tests.datasources.visuals.pmtiles.situations import ARCHIVE
from tests.datasources.visuals.pmtiles.things import BOX, THINGS
from tests.datasources.visuals.served import listed, making
from tests.painted import BOX as PAINTED
from tests.painted import off_px, places, png_of, within

NEAR = 3e-5
"""Degrees: of a tile at level 14 in 4096 steps, half a step is 3e-6; curves are thinned by GDAL."""


@pytest.fixture
def made(tmp_path):
    return making("visuals.pmtiles", tmp_path, {"path": str(ARCHIVE)})


def pictures(path, tiles, *, packed=Compression.NONE, kind=TileType.PNG):
    west, south, east, north = PAINTED
    with write(path) as writer:
        for place, body in sorted(tiles.items(), key=lambda each: zxy_to_tileid(*each[0])):
            writer.write_tile(zxy_to_tileid(*place), body)
        header = {"tile_type": kind, "tile_compression": packed, "min_lon_e7": int(west * 1e7),
                  "min_lat_e7": int(south * 1e7), "max_lon_e7": int(east * 1e7), "max_lat_e7": int(north * 1e7)}  # fmt: skip
        writer.finalize(header, {"name": "Ground", "attribution": "painters"})


def whole(found) -> dict:
    """Features put together again by their names."""
    named = {name: [] for name in THINGS}
    for each in found["features"]:
        named[each["properties"]["label"]].append(shapely.geometry.shape(each["geometry"]))
    return {name: shapely.union_all(shapes) for name, shapes in named.items()}


def test_the_shapes_that_went_in_come_out(made):
    found = made().features("tiles", BOX, 1_000)
    for name, shape in whole(found).items():
        assert shapely.hausdorff_distance(shape, THINGS[name]) < NEAR, name
        assert shape.area == pytest.approx(THINGS[name].area, rel=0.01)


def test_a_point_is_told_once_though_tiles_tell_of_their_neighbours(made):
    labels = [each["properties"]["label"] for each in made().features("tiles", BOX, 1_000)["features"]]
    assert (labels.count("gate"), labels.count("well")) == (1, 1)


def test_a_box_and_a_limit_are_kept(made):
    found = made().features("tiles", (114.2999, 30.4999, 114.3001, 30.5001), 1)
    assert (found["numberReturned"], found["numberMatched"]) == (1, 2)


def test_of_a_wide_view_a_coarser_level_is_drawn(made, monkeypatch):
    monkeypatch.setattr("datasources.visuals.pmtiles.connector.MOST_TILES", 1)
    assert len(made().features("tiles", BOX, 1_000)["features"]) == len(THINGS)
    assert made().features("tiles", (0.0, 0.0, 1.0, 1.0), 10)["features"] == []


def test_the_layer_is_what_the_archive_says(made):
    (row,) = listed(made(layers=["things"]))
    assert [row[name] for name in ("id", "kind", "title", "min_zoom", "max_zoom")] == [
        "tiles",
        "vector",
        "things",
        8,
        14,
    ]
    assert [row[side] for side in ("west", "south")] == pytest.approx([114.3, 30.5], abs=1e-6)
    with pytest.raises(BadDataError, match="did you mean 'things'"):
        listed(made(layers=["thing"]))


def test_an_archive_in_gcj02_is_shifted_back(made):
    found = made()
    found.declare("GCJ-02", "sources.x")
    there = to_gcj02([114.300], [30.500])
    back = 2 * np.array([114.300, 30.500]) - np.array([there[0][0], there[1][0]])
    around = (back[0] - 1e-4, back[1] - 1e-4, back[0] + 1e-4, back[1] + 1e-4)
    points = [each for each in found.features("tiles", around, 10)["features"] if each["properties"]["label"] == "gate"]
    assert points[0]["geometry"]["coordinates"][0] == pytest.approx(back, abs=NEAR)


@pytest.mark.parametrize("packed", [Compression.NONE, Compression.GZIP])
def test_pictures_come_out_as_they_went_in(made, tmp_path, packed):
    pack = gzip.compress if packed is Compression.GZIP else bytes
    pictures(tmp_path / "ground.pmtiles", {place: pack(png_of(*place)) for place in places()[:12]}, packed=packed)
    found = made(path="ground.pmtiles")
    (row,) = listed(found)
    assert [row[name] for name in ("kind", "title", "attribution", "min_zoom")] == ["raster", "Ground", "painters", 10]
    assert off_px(found.tile("tiles", *within(12)).body, *within(12)) < 1
    assert found.tile("tiles", 12, 0, 0) is None
    assert found.features("tiles", BOX, 5)["features"] == []


def test_what_is_packed_otherwise_or_too_large_is_said(made, tmp_path, monkeypatch):
    pictures(tmp_path / "brotli.pmtiles", {within(12): b"?"}, packed=Compression.BROTLI)
    with pytest.raises(BadDataError, match="pack its tiles with gzip"):
        made(path="brotli.pmtiles").tile("tiles", *within(12))
    pictures(tmp_path / "large.pmtiles", {within(12): gzip.compress(bytes(5_000))}, packed=Compression.GZIP)
    monkeypatch.setattr(archive, "MOST_BYTES", 4_000)
    with pytest.raises(BadDataError, match="larger than"):
        made(path="large.pmtiles").tile("tiles", *within(12))
    pictures(tmp_path / "avif.pmtiles", {within(12): b"?"}, kind=TileType.AVIF)
    with pytest.raises(BadDataError, match="PNG, JPEG, WebP or MVT"):
        listed(made(path="avif.pmtiles"))


def test_a_file_that_is_missing_is_an_outage(made):
    with pytest.raises(TemporaryError, match=r"none\.pmtiles: cannot be read"):
        listed(made(path="none.pmtiles"))


@pytest.mark.parametrize("body", [b"", b"PMTiles\x02" + bytes(200), b"GIF89a" + bytes(200)])
def test_what_is_no_archive_is_bad_data(made, tmp_path, body):
    (tmp_path / "bad.pmtiles").write_bytes(body)
    with pytest.raises(BadDataError, match="no whole PMTiles archive"):
        listed(made(path="bad.pmtiles"))


@given(st.binary(max_size=200))
def test_a_tile_of_any_bytes_is_read_or_refused(body):
    try:
        list(read_tile(body, 1, 0, 0, ()))
    except ValueError:
        return


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_a_damaged_tile_is_read_or_refused(at, damage):
    body = bytearray(archive.tile_of(ARCHIVE, *within(14)))
    at %= len(body)
    body[at : at + len(damage)] = damage
    try:
        list(read_tile(bytes(body), 14, 0, 0, ()))
    except ValueError:
        return

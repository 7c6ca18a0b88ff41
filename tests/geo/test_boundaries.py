"""Boundary files become areas."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo.boundaries import features_frame, read_boundaries
from geo.crs import to_wgs84
from geo.errors import BoundaryError, CrsError

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
BOWTIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]


def feature(coordinates: Any = (SQUARE,), kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"code": "1", "name": "one"} | properties, "geometry": geometry}


def shifted(east: float) -> list[list[float]]:
    return [[x + east, y] for x, y in SQUARE]


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(*features: dict[str, Any], name: str = "areas.geojson", **more: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more), encoding="utf-8")
        return path

    return write


def read(path: Path, **options: Any) -> gpd.GeoDataFrame:
    return read_boundaries(path, **({"code": "code", "name": "name"} | options))


def complaint(path: Path, **options: Any) -> str:
    with pytest.raises(BoundaryError) as caught:
        read(path, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_boston_has_26_areas_of_which_one_was_repaired(city: Callable[[str], gpd.GeoDataFrame]) -> None:
    areas = city("boston")
    assert list(areas.columns) == ["code", "name", "parent", "geometry"]
    assert areas.attrs == {"repaired": 1, "dropped": 0}
    assert areas["code"].tolist() == sorted(areas["code"]) and len(areas) == 26
    assert areas.set_index("code").loc["1", "name"] == "Roslindale"
    assert areas["parent"].isna().all()


@pytest.mark.parametrize(("name", "count", "repaired"), [("boston", 26, 1), ("la", 99, 0), ("wuhan", 13, 13)])
def test_published_files_come_in_valid_and_whole(
    name: str, count: int, repaired: int, city: Callable[[str], gpd.GeoDataFrame], published: Callable[[str], Path]
) -> None:
    areas = city(name)
    assert (len(areas), areas.attrs["repaired"]) == (count, repaired)
    assert shapely.is_valid(areas.geometry.to_numpy()).all()
    assert set(areas.geom_type) <= {"Polygon", "MultiPolygon"}


def test_repaired_districts_keep_their_surface_and_move_by_the_gcj02_shift(
    city: Callable[[str], gpd.GeoDataFrame], published: Callable[[str], Path]
) -> None:
    raw = gpd.read_file(published("boundaries_wuhan_districts.geojson")).sort_values("id")
    areas = city("wuhan")
    assert areas["code"].tolist() == raw["id"].tolist()
    assert shapely.area(areas.geometry.to_numpy()) == pytest.approx(shapely.area(raw.geometry.to_numpy()), rel=2e-3)
    lon, lat = to_wgs84(*raw["cp"].apply(np.array).pipe(np.stack).T.astype(float), "GCJ-02")
    assert shapely.distance(areas.geometry.to_numpy(), shapely.points(lon, lat)).max() < 0.1


@pytest.mark.parametrize("kind", ["gpkg", "shp", "zip"])
def test_geopackage_and_shapefile_read_like_geojson(kind: str, tmp_path: Path) -> None:
    areas = gpd.GeoDataFrame(
        {"code": ["002", "001"], "name": ["东港", "南塘"], "up": [12.0, None]},
        geometry=[shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1)],
        crs=4326,
    )
    path = tmp_path / f"areas.{kind}"
    if kind == "zip":
        (tmp_path / "plain").mkdir()
        areas.to_file(tmp_path / "plain" / "areas.shp")
        shutil.make_archive(str(tmp_path / "areas"), "zip", tmp_path / "plain")
    else:
        areas.to_file(path)
    result = read(path, parent="up")
    assert result[["code", "name", "parent"]].to_numpy().tolist() == [["001", "南塘", None], ["002", "东港", "12"]]
    assert result.geometry.geom_equals(
        gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    ).all()
    assert read(path, code="@id")["code"].is_unique


@pytest.mark.parametrize("inner", ["areas.shp", "download 2024/areas.shp", "maps/areas.gpkg"])
def test_archives_may_have_folders(inner: str, tmp_path: Path) -> None:
    inside = tmp_path / "plain" / inner
    inside.parent.mkdir(parents=True)
    (tmp_path / "plain" / "README.txt").write_text("about", encoding="utf-8")
    gpd.GeoDataFrame({"code": ["1"], "name": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326).to_file(inside)
    shutil.make_archive(str(tmp_path / "areas"), "zip", tmp_path / "plain")
    assert read(tmp_path / "areas.zip")["code"].tolist() == ["1"]


def test_archives_without_boundaries_say_so(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    shutil.make_archive(str(tmp_path / "areas"), "zip", tmp_path / "plain")
    assert "neither a Shapefile nor a GeoPackage" in complaint(tmp_path / "areas.zip")
    (tmp_path / "torn.zip").write_bytes(b"PK no archive")
    assert "cannot be read" in complaint(tmp_path / "torn.zip")


def test_a_shapefile_is_read_in_the_encoding_it_states(tmp_path: Path) -> None:
    gdf = gpd.GeoDataFrame({"code": ["1"], "name": ["Ann\xe9e"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    gdf.to_file(tmp_path / "areas.shp", encoding="ISO-8859-1")
    assert read(tmp_path / "areas.shp")["name"].tolist() == ["Ann\xe9e"]


@pytest.mark.parametrize(("encoding", "name"), [("GBK", "江岸区"), ("UTF-8", "江岸区"), ("UTF-8", "plain")])
def test_a_shapefile_that_does_not_state_its_encoding_is_still_read(encoding: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "areas.shp"
    gdf = gpd.GeoDataFrame({"code": ["1"], "name": [name]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    gdf.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0  # the language byte
    path.with_suffix(".dbf").write_bytes(table)
    assert read(path)["name"].tolist() == [name]


def test_the_layer_with_the_named_properties_is_read(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    gpd.GeoDataFrame({"x": [1]}, geometry=[shapely.Point(0, 0)], crs=4326).to_file(path, layer="points")
    both = {"code": ["7"], "name": ["seven"]}
    gpd.GeoDataFrame(both, geometry=[shapely.box(0, 0, 1, 1)], crs=4326).to_file(path, layer="areas")
    assert read(path)["code"].tolist() == ["7"]


def test_projected_files_are_brought_to_degrees(tmp_path: Path) -> None:
    path = tmp_path / "metres.gpkg"
    square = shapely.box(500_000, 3_370_000, 501_000, 3_371_000)
    gpd.GeoDataFrame({"code": ["1"], "name": ["a"]}, geometry=[square], crs=4549).to_file(path)
    oracle = Transformer.from_crs(4549, 4326, always_xy=True).transform(500_000, 3_370_000)
    assert read(path, crs="EPSG:4549").total_bounds[:2] == pytest.approx(oracle, abs=1e-6)
    assert "EPSG:4549" in complaint(path)
    with pytest.raises(CrsError):
        read(path, crs="Beijing")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        ("001", "001"),
        (" 7 ", "7"),
        (420102001001007, "420102001001007"),
        (1.5, "1.5"),
        (11010500100100000101, "11010500100100000101"),
    ],
)
def test_codes_keep_their_digits(value: Any, text: str, written: Callable[..., Path]) -> None:
    assert read(written(feature(code=value), feature(code="zz")))["code"].tolist()[0] == text


def test_a_number_too_long_to_be_exact_is_refused(written: Callable[..., Path]) -> None:
    assert "write it as text" in complaint(written(feature(code=42010200100100000101)))


@pytest.mark.parametrize("code", [None, "", "  "])
def test_an_empty_code_names_its_feature(code: Any, written: Callable[..., Path]) -> None:
    path = written(feature(), feature(code=code))
    assert "feature 2" in complaint(path) and "'code'" in complaint(path)


def test_blank_names_fall_back_to_the_code_and_blank_parents_to_none(written: Callable[..., Path]) -> None:
    areas = read(written(feature(name=" ", up=""), feature(code="2", up=5)), parent="up")
    assert areas[["name", "parent"]].to_numpy().tolist() == [["1", None], ["one", "5"]]


def test_the_feature_id_can_be_the_code(written: Callable[..., Path]) -> None:
    path = written(feature() | {"id": 420102}, feature() | {"id": "420103"})
    assert read(path, code="@id")["code"].tolist() == ["420102", "420103"]


def test_features_of_one_code_are_dissolved(written: Callable[..., Path]) -> None:
    path = written(feature(name=None, up="9"), feature((shifted(1),)), feature((shifted(5),), code="0"))
    areas = read(path, parent="up")
    assert areas[["code", "name", "parent"]].to_numpy().tolist() == [["0", "one", None], ["1", "one", "9"]]
    assert areas.geometry[1].equals(shapely.box(0, 0, 2, 1))


def test_coordinates_written_as_text_and_open_rings_are_read(written: Callable[..., Path]) -> None:
    texts = [[[str(x), str(y)] for x, y in SQUARE]]
    path = written(feature(texts), feature((SQUARE[:-1],), code="2"), feature([texts], "MultiPolygon", code="3"))
    areas = read(path)
    assert all(shape.equals(shapely.box(0, 0, 1, 1)) for shape in areas.geometry)
    assert areas.attrs == {"repaired": 0, "dropped": 0}


def test_what_has_no_surface_is_dropped_and_counted(written: Callable[..., Path]) -> None:
    flat = [[0, 0], [1, 1], [2, 2], [0, 0]]
    nothing = feature(code=None) | {"geometry": None}
    points = (feature([1, 2], "Point"), feature(["1", "2"], "Point"))
    path = written(feature(), *points, nothing, feature((flat,)), feature(([[0, 0], [1, 1]],)), feature([[]]))
    assert read(path).attrs == {"repaired": 2, "dropped": 6}


def test_the_polygons_of_a_mixed_collection_are_kept(written: Callable[..., Path]) -> None:
    parts = [{"type": "Point", "coordinates": [9, 9]}] + [
        {"type": "Polygon", "coordinates": [shifted(east)]} for east in (0, 3)
    ]
    mixed = feature(code="2") | {"geometry": {"type": "GeometryCollection", "geometries": parts}}
    areas = read(written(feature(), mixed))
    assert areas.geometry[1].equals(shapely.union(shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)))


def test_a_crossed_outline_is_repaired(written: Callable[..., Path]) -> None:
    areas = read(written(feature((BOWTIE,))))
    assert areas.attrs["repaired"] == 1
    assert areas.geometry[0].is_valid and areas.geometry[0].area == pytest.approx(0.5)


def test_heights_are_left_out(written: Callable[..., Path]) -> None:
    assert not read(written(feature(([[x, y, 30] for x, y in SQUARE],)))).geometry[0].has_z


def test_a_byte_order_mark_and_a_single_feature_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(feature()).encode())
    assert len(read(path)) == 1


def test_a_misspelt_property_names_the_nearest_one(written: Callable[..., Path]) -> None:
    path = written(feature(OBJECTID=4))
    assert "did you mean 'OBJECTID'?" in complaint(path, code="objectId")
    assert "did you mean 'name'?" in complaint(path, name="nmae")
    assert "@id, OBJECTID, code, name" in complaint(path, parent="zzzzzz")
    assert "'geometry'" in complaint(path, code="geometry")


def test_files_that_are_not_there_or_not_boundaries_say_so(tmp_path: Path, written: Callable[..., Path]) -> None:
    assert "does not exist" in complaint(tmp_path / "none.geojson")
    assert "does not exist" in complaint(tmp_path)
    for name, content in {
        "a.json": b"[1]",
        "b.json": b"{",
        "c.json": b"\xff\xfe{",
        "d.gpkg": b"no",
        "e.json": b"{}",
    }.items():
        (tmp_path / name).write_bytes(content)
        assert f"{tmp_path / name} cannot be read" in complaint(tmp_path / name)
    (tmp_path / "table.csv").write_text("code,name\n1,one\n", encoding="utf-8")
    assert "no layer with geometry" in complaint(tmp_path / "table.csv")
    assert "none of the 0 features" in complaint(written())
    assert "none of the 1 features" in complaint(written(feature([1, 2], "Point")))


@pytest.mark.parametrize("coordinates", [[[["x", "y"]]], [[[0], [1]]], [[[None, 1], [1, 1], [1, 0], [0, 0]]], 5, None])
def test_a_broken_geometry_names_its_feature(coordinates: Any, written: Callable[..., Path]) -> None:
    assert "feature 2: its geometry is not readable" in complaint(written(feature(), feature(coordinates)))


def test_a_geometry_of_unknown_kind_is_not_readable(written: Callable[..., Path]) -> None:
    assert "feature 1" in complaint(written(feature(kind="Blob")))
    assert "feature 1" in complaint(written(feature() | {"geometry": 3}))


def test_coordinates_beyond_the_earth_tell_what_the_file_claims(written: Callable[..., Path]) -> None:
    far = feature(([[x + 3_000_000, y] for x, y in SQUARE],))
    claim = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2249"}}
    assert "EPSG::2249" in complaint(written(feature(), far, crs=claim))
    assert "feature 2" in complaint(written(feature(), far))
    assert "ask its publisher" in complaint(written(feature(), far, crs=None))


def test_a_connectors_frame_is_brought_into_the_same_form() -> None:
    gdf = gpd.GeoDataFrame(
        {"c": [2, 1], "n": ["b", "a"]}, geometry=[shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1)], index=[8, 9]
    )
    areas = features_frame(gdf, code="c", name="n")
    assert areas[["code", "name", "parent"]].to_numpy().tolist() == [["1", "a", None], ["2", "b", None]]
    assert features_frame(gdf, code="@id", name="n")["code"].tolist() == ["8", "9"]
    with pytest.raises(BoundaryError, match=r"feeds\.demo has no property"):
        features_frame(gdf.set_crs(4326), code="x", name="n", origin="feeds.demo")
    with pytest.raises(BoundaryError, match="EPSG:3857"):
        features_frame(gdf.set_crs(4326).to_crs(3857), code="c", name="n")

"""The base map is drawn as the design says: widths, order, transparency, and no seams between tiles."""

import numpy as np
import pytest
import shapely
from PIL import Image

from components.basemap import ROAD_PX, Shapes, base_picture, over_picture
from components.raster import painted
from components.theme import BUILDING_SHARE, DARK, LIGHT, THEMES, rgb
from geo.panes import Pane

ZOOM, LEFT, TOP = 16, 13_414_400, 6_815_744
WORLD = float(256 << ZOOM)
DESIGN = {14: (2.6, 1.6, 0.9), 17: (16, 9, 5), 18: (32, 18, 10)}
BETWEEN = {15: ((4, 8), (2, 4.5), (1, 2.5)), 16: ((4, 8), (2, 4.5), (1, 2.5))}


def at(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in pixels of the test's pane, on the unit square."""
    return shapely.transform(shape, lambda p: (p + np.array([LEFT, TOP])) / WORLD)


def shapes(*features: tuple[str, str | None, shapely.Geometry]) -> Shapes:
    kind, rank, geometry = zip(*features, strict=True)
    return Shapes(np.array(kind, object), np.array(rank, object), np.array([at(g) for g in geometry], object))


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(int)


def pane(width: int = 256, height: int = 256, left: int = 0) -> Pane:
    return Pane(ZOOM, LEFT + left, TOP, width, height)


def test_roads_are_as_wide_at_each_zoom_as_the_table_says():
    for zoom, (main, second, minor) in DESIGN.items():
        assert ROAD_PX[zoom] == (minor, second, main)
    for zoom, limits in BETWEEN.items():
        assert all(low <= w <= high for w, (low, high) in zip(reversed(ROAD_PX[zoom]), limits, strict=True))


@pytest.mark.parametrize("rank", ["main", "second", "minor", None])
def test_a_road_covers_as_many_pixels_as_it_is_wide(rank):
    road = shapes(("road", rank, shapely.LineString([(128, -50), (128, 300)])))
    row = pixels(base_picture(road, pane(), DARK))[128, :, 0]
    ground, colour = rgb(DARK.map.land)[0], rgb(getattr(DARK.map, f"road_{rank or 'minor'}"))[0]
    width = ROAD_PX[ZOOM][{"main": 2, "second": 1}.get(rank, 0)]
    assert ((row - ground) / (colour - ground)).sum() == pytest.approx(width, abs=0.5)


def test_a_road_on_light_ground_has_a_casing_on_both_sides():
    road = shapes(("road", "main", shapely.LineString([(128, -50), (128, 300)])))
    row = pixels(base_picture(road, pane(), LIGHT))[128, :, 0]
    land, casing, white = (rgb(c)[0] for c in (LIGHT.map.land, LIGHT.map.casing, LIGHT.map.road_main))
    assert row[128] == white and row[100] == row[156] == land
    assert all(casing <= row[side].min() < land for side in (slice(118, 128), slice(128, 138)))


def test_nothing_gives_plain_ground_and_an_empty_overlay():
    none = Shapes(*(np.array([], object) for _ in range(3)))
    for theme in THEMES.values():
        assert (pixels(base_picture(none, pane(), theme)) == rgb(theme.map.land)).all()
        assert not pixels(over_picture(none, pane(), theme, at(shapely.box(0, 0, 256, 256)))).any()


def test_the_stack_is_green_buildings_water_roads():
    everywhere = shapely.box(-10, -10, 300, 300)
    stack = [("green", None, everywhere), ("building", None, everywhere), ("water", None, everywhere)]
    wide = ("road", "main", shapely.LineString([(0, 128), (256, 128)]))
    for features, colour in (
        (stack[:1], "green"), (stack[:2], "building"), (stack[::-1], "water"), ([wide, *stack], "road_main"),
    ):  # fmt: skip
        assert tuple(pixels(base_picture(shapes(*features), pane(), DARK))[128, 100]) == rgb(getattr(DARK.map, colour))


def test_buildings_are_above_cells_at_26_percent_and_only_within_the_outline():
    block = shapes(("building", None, shapely.box(20, 20, 200, 200)))
    alpha = pixels(over_picture(block, pane(), DARK, at(shapely.box(0, 0, 100, 256))))[..., 3]
    assert alpha[60, 60] == round(255 * BUILDING_SHARE)
    assert alpha[60, 150] == 0 and alpha[5, 5] == 0


def test_overlapping_buildings_are_no_darker_where_they_overlap():
    two = shapes(("building", None, shapely.box(20, 20, 120, 120)), ("building", None, shapely.box(60, 60, 200, 200)))
    alpha = pixels(over_picture(two, pane(), DARK, at(shapely.box(0, 0, 256, 256))))[..., 3]
    assert set(np.unique(alpha[25:190:10, 25:190:10]).tolist()) <= {0, round(255 * BUILDING_SHARE)}


def test_a_courtyard_shows_the_ground_and_what_stands_in_it():
    ring = shapely.difference(shapely.box(20, 20, 200, 200), shapely.box(60, 60, 160, 160))
    picture = pixels(base_picture(shapes(("building", None, shapely.box(100, 100, 120, 120)), ("building", None, ring)),
                                  pane(), DARK))  # fmt: skip
    assert tuple(picture[40, 40]) == rgb(DARK.map.building)
    assert tuple(picture[80, 80]) == rgb(DARK.map.land)
    assert tuple(picture[110, 110]) == rgb(DARK.map.building)


@pytest.mark.parametrize("scale", [1, 2])
def test_two_neighbouring_tiles_are_the_two_halves_of_one_picture(scale):
    rng = np.random.default_rng(5)
    features: list[tuple[str, str | None, shapely.Geometry]] = [
        ("road", rank, shapely.LineString(rng.uniform(-50, 560, (6, 2)))) for rank in ("main", "second", "minor")
    ]
    features += [("building", None, shapely.Point(rng.uniform(0, 512, 2) * (1, 0.5)).buffer(20)) for _ in range(30)]
    features += [("water", None, shapely.LineString([(-20, 90), (250, 110), (560, 60)]).buffer(30))]
    features += [("water", None, shapely.LineString([(-20, 190), (256, 180), (560, 220)]))]
    world, outline = shapes(*features), at(shapely.Point(256, 128).buffer(200))
    for draw in (
        lambda p: base_picture(world, p, LIGHT, scale), lambda p: over_picture(world, p, DARK, outline, scale),
    ):  # fmt: skip
        whole = pixels(draw(pane(512)))
        halves = np.concatenate([pixels(draw(pane())), pixels(draw(pane(left=256)))], axis=1)
        assert (whole == halves).all()
        assert whole.std() > 1


def test_a_mask_is_full_where_the_centre_of_a_pixel_lies_within():
    polygon = shapely.Polygon([(10.3, 12.1), (50.2, 20.7), (30.9, 55.4)])
    mask = pixels(painted((64, 64), np.array([polygon]))) > 0
    y, x = np.mgrid[0:64, 0:64] + 0.5
    inner, outer = shapely.contains_xy(polygon.buffer(-1), x, y), shapely.contains_xy(polygon.buffer(1.5), x, y)
    assert (mask | ~inner).all() and (outer | ~mask).all()

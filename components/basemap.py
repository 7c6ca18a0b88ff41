"""The base map: land, green, buildings, water and roads, drawn as pictures without any label.

Two layers. `base` is opaque and lies below everything. `over` lies above coloured cells, within the outline of the
site only: buildings show through at 26 %, water and roads cover the cells.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageChops

from components.raster import clear, flat, painted, reduced
from components.theme import BUILDING_SHARE, MapColours, Theme, rgb
from geo.panes import Pane

RANKS = ("minor", "second", "main")
"""Ranks of roads in the order in which they are drawn; a road without a rank is minor."""

ROAD_PX: dict[int, tuple[float, float, float]] = {
    10: (0.0, 0.0, 0.7), 11: (0.0, 0.5, 0.9), 12: (0.0, 0.7, 1.3), 13: (0.5, 1.0, 1.8), 14: (0.9, 1.6, 2.6),
    15: (1.0, 2.0, 4.0), 16: (2.5, 4.5, 8.0), 17: (5.0, 9.0, 16.0), 18: (10.0, 18.0, 32.0), 19: (20.0, 36.0, 64.0),
}  # fmt: skip
"""Width of minor, second and main roads by zoom, in map pixels; 0 = not drawn."""

MIN_ZOOM, MAX_ZOOM = min(ROAD_PX), max(ROAD_PX)
BUILDINGS_FROM, CASING_FROM = 13, 14
CASING_PX, SHORE_PX = 0.8, 1.0
MOST_TILES = 8
"""How many times as wide as the picture a shape may be to be drawn uncut."""

SAMPLES = 4
"""Pixels of the drawing to one map pixel of a plain tile, and to two of a double one."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """Features on the unit square of Web Mercator (geo.panes.to_world); arrays of one length, in order of drawing.

    kind: road | water | building | green · rank: main | second | minor or None
    """

    kind: npt.NDArray[np.object_]
    rank: npt.NDArray[np.object_]
    geometry: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The index by place."""
        return shapely.STRtree(self.geometry)

    def near(self, pane: Pane, margin_px: float) -> "Shapes":
        """What may show in a pane and its margin, in its map pixels."""
        box = pane.box(margin_px)
        found = np.sort(self.tree.query(shapely.box(*box)))
        return Shapes(self.kind[found], self.rank[found], pane.to_pixels(cut(self.geometry[found], box)))

    def of(self, kind: str, rank: str | None = None) -> Any:
        """The shapes of a kind, and of a rank."""
        mask = self.kind == kind
        if rank is not None:
            ranks = np.array([r if r in RANKS else RANKS[0] for r in self.rank], dtype=object)
            mask = mask & (ranks == rank)
        return self.geometry[mask]


def cut(geometries: Any, box: tuple[float, float, float, float]) -> Any:
    """Shapes much larger than the box, cut to it; others are left whole, because cutting moves edges a little."""
    west, south, east, north = shapely.bounds(geometries).T
    large = np.maximum((east - west) / (box[2] - box[0]), (north - south) / (box[3] - box[1])) > MOST_TILES
    return np.where(large, shapely.clip_by_rect(geometries, *box), geometries)


def base_picture(shapes: Shapes, pane: Pane, theme: Theme, scale: int = 1) -> Image.Image:
    """The opaque layer as an RGB picture of pane × scale pixels."""
    picture = flat((pane.width * scale, pane.height * scale), theme.map.land)
    for colour, mask in _coats(shapes, pane, theme.map, scale, over=False):
        picture.paste(rgb(colour), mask=mask)
    return picture


def over_picture(
    shapes: Shapes, pane: Pane, theme: Theme, outline: shapely.Geometry | None, scale: int = 1
) -> Image.Image:
    """The layer above coloured cells as an RGBA picture: nothing outside the outline (on the unit square)."""
    size = (pane.width * scale, pane.height * scale)
    picture = clear(size)
    if outline is None:
        return picture
    for colour, mask in _coats(shapes, pane, theme.map, scale, over=True):
        coat = Image.new("RGBA", size, (*rgb(colour), 0))
        coat.putalpha(mask)
        picture.alpha_composite(coat)
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), inside(outline, pane, scale)))
    return picture


def inside(outline: shapely.Geometry, pane: Pane, scale: int) -> Image.Image:
    """A mask of pane × scale pixels, 255 within an outline on the unit square."""
    samples = max(SAMPLES // scale, 1)
    shape = pane.to_pixels(cut(np.array([outline]), pane.box(8)), scale * samples)
    return reduced(painted((pane.width * scale * samples, pane.height * scale * samples), shape), samples)


def _coats(shapes: Shapes, pane: Pane, colours: MapColours, scale: int, *, over: bool) -> list[tuple[str, Image.Image]]:
    """Colour and mask of each coat, lowest first."""
    widths = ROAD_PX[pane.zoom]
    seen = shapes.near(pane, widths[-1] / 2 + 4)
    samples = max(SAMPLES // scale, 1)
    size = (pane.width * scale * samples, pane.height * scale * samples)

    def mask(polygons: Any, share: float = 1.0) -> Image.Image:
        enlarged = shapely.transform(polygons, lambda points: points * (scale * samples))
        grey = reduced(painted(size, enlarged), samples)
        return grey if share == 1.0 else grey.point(lambda value: round(value * share))

    coats: list[tuple[str, Image.Image]] = []

    def coat(colour: str, polygons: Any, share: float = 1.0) -> None:
        if len(polygons):
            coats.append((colour, mask(polygons, share)))

    if not over:
        coat(colours.green, seen.of("green"))
    if pane.zoom >= BUILDINGS_FROM:
        share = BUILDING_SHARE if over else 1.0
        coat(colours.building_over if over else colours.building, seen.of("building"), share)
    water = seen.of("water")
    coat(colours.shore, _shores(water, widths[1] + 2 * SHORE_PX))
    coat(colours.water, _surfaces(water, widths[1]))
    roads = [(rank, width, seen.of("road", rank)) for rank, width in zip(RANKS, widths, strict=True) if width]
    if pane.zoom >= CASING_FROM and not over:
        coat(colours.casing, np.concatenate([shapely.buffer(r, w / 2 + CASING_PX) for _, w, r in roads]))
    for rank, width, lines in roads:
        coat(getattr(colours, f"road_{rank}"), shapely.buffer(lines, width / 2, quad_segs=4))
    return coats


def _surfaces(water: Any, width_px: float) -> Any:
    """Water as polygons: streams drawn as lines get a width."""
    lines = shapely.get_dimensions(water) == 1
    return np.concatenate([water[shapely.get_dimensions(water) == 2], shapely.buffer(water[lines], width_px / 2)])


def _shores(water: Any, width_px: float) -> Any:
    areas = water[shapely.get_dimensions(water) == 2]
    lines = water[shapely.get_dimensions(water) == 1]
    return np.concatenate([shapely.buffer(areas, SHORE_PX), shapely.buffer(lines, width_px / 2)])

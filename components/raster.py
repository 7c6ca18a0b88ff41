"""Masks: shapes painted into grey pictures, drawn larger and reduced, so that edges are smooth."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image, ImageDraw

from components.theme import rgb

Mask = npt.NDArray[np.uint8]
_POLYGON = 3


def painted(size: tuple[int, int], polygons: Any) -> Image.Image:
    """A grey picture (width, height), 255 within the polygons (in its pixels), 0 in their holes and elsewhere.

    Larger polygons first: what stands in a hole is painted after the hole.
    """
    picture = Image.new("L", size, 0)
    pen = ImageDraw.Draw(picture)
    parts = shapely.get_parts(polygons)
    parts = parts[(shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)]
    for part in parts[np.argsort(-shapely.area(parts), kind="stable")]:
        rings = shapely.get_rings(part)
        for index, ring in enumerate(rings):
            # the pen cuts decimals off towards zero, which would move what lies left of a tile's edge
            corners = np.floor(shapely.get_coordinates(ring))
            pen.polygon(corners.ravel().tolist(), fill=0 if index else 255)
    return picture


def reduced(picture: Image.Image, factor: int) -> Image.Image:
    """A picture `factor` times smaller, each pixel the mean of those it replaces."""
    return picture.reduce(factor) if factor > 1 else picture


def flat(size: tuple[int, int], colour: str) -> Image.Image:
    """A picture of one colour."""
    return Image.new("RGB", size, rgb(colour))


def clear(size: tuple[int, int]) -> Image.Image:
    """A picture of nothing."""
    return Image.new("RGBA", size, (0, 0, 0, 0))


def png(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()

"""Pictures as services send them: known by their first bytes, never by what is said of them."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from datasources.errors import BadDataError
from datasources.visuals.contract import Tile

SIGNS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
ENDS = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9", "image/gif": b";"}
MOST_SIDE = 2_048


def picture(body: bytes, place: str) -> Tile:
    """A tile of what a service sent. Raises BadDataError for anything but PNG, JPEG, GIF or WebP: no text, HTML, XML or SVG."""
    media = next((media for sign, media in SIGNS.items() if body.startswith(sign)), None)
    if media is None and body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        media = "image/webp"
    if media is None:
        raise BadDataError(f"{place} answers with {_named(body)} instead of a picture; check layer, style and format")
    return Tile(body, media)


def is_whole(tile: Tile) -> bool:
    """Whether the end of a picture is there, as far as its last bytes tell."""
    if tile.media_type == "image/webp":
        return len(tile.body) >= 8 + int.from_bytes(tile.body[4:8], "little")
    return tile.body.endswith(ENDS[tile.media_type])


def _named(body: bytes) -> str:
    start = body[:400].lstrip().lower()
    words = {b"<svg": "an SVG drawing", b"<!doctype html": "a web page", b"<html": "a web page", b"<?xml": "XML"}
    return (
        next((word for sign, word in words.items() if start.startswith(sign)), "something else") if body else "nothing"
    )


def pixels(tile: Tile | None, size: int, place: str) -> NDArray[np.uint8]:
    """A tile as RGBA pixels, (size, size, 4); clear where there is none. Raises BadDataError for a broken picture."""
    if tile is None:
        return np.zeros((size, size, 4), np.uint8)
    try:
        with Image.open(io.BytesIO(tile.body)) as opened:
            if max(opened.size) > MOST_SIDE:
                raise BadDataError(
                    f"{place} answers with a picture of {opened.size[0]} × {opened.size[1]} pixels; ask it for 256"
                )
            drawn = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError, SyntaxError) as error:
        raise BadDataError(f"{place} answers with a broken picture; it is asked again later") from error
    return np.asarray(drawn if drawn.size == (size, size) else drawn.resize((size, size), Image.Resampling.BILINEAR))


def png(drawn: NDArray[np.uint8]) -> Tile:
    """RGBA pixels as a tile."""
    file = io.BytesIO()
    Image.fromarray(drawn).save(file, "PNG", compress_level=4)
    return Tile(file.getvalue(), "image/png")

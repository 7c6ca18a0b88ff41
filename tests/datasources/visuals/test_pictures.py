"""What is a picture is known by its first bytes."""

import io

import numpy as np
import pytest
from PIL import Image

from datasources.errors import BadDataError
from datasources.visuals.pictures import MOST_SIDE, is_whole, picture, pixels, png


def drawn(form: str, size=(256, 256)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_four_kinds_are_pictures_whatever_is_said_of_them(form):
    found = picture(drawn(form), "map.test")
    assert found.media_type == f"image/{form.lower()}"
    assert np.abs(pixels(found, 256, "map.test")[128, 128].astype(int) - (200, 30, 30, 255)).max() < 12


@pytest.mark.parametrize(
    "body", [b"<svg xmlns=''/>", b" <!DOCTYPE html>", drawn("BMP"), drawn("TIFF"), b"%PDF-1.7", b""]
)
def test_nothing_else_is(body):
    with pytest.raises(BadDataError, match="instead of a picture"):
        picture(body, "map.test")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_that_is_cut_is_told_from_a_whole_one(form):
    assert is_whole(picture(drawn(form), "map.test"))
    assert not is_whole(picture(drawn(form)[:-4], "map.test"))


def test_larger_tiles_are_drawn_at_this_size_and_huge_ones_are_not():
    assert pixels(picture(drawn("PNG", (512, 512)), "map.test"), 256, "map.test").shape == (256, 256, 4)
    with pytest.raises(BadDataError, match="ask it for 256"):
        pixels(picture(drawn("PNG", (MOST_SIDE + 1, 1)), "map.test"), 256, "map.test")


def test_pixels_come_out_as_they_went_in():
    given = np.random.default_rng(1).integers(0, 256, (256, 256, 4), dtype=np.uint8)
    assert (pixels(png(given), 256, "here") == given).all()

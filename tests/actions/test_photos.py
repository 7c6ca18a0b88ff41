"""A photo is looked at before it is decoded, drawn anew, and knows nothing of its taker."""

import io
import struct
import zlib

import pytest
import sqlalchemy as sa
from PIL import Image
from PIL.Image import Exif
from pillow_heif import from_pillow

from actions.erase_contacts import remove_loose
from actions.photos import attach_in, keep_photo, redrawn
from domain.photos import LONGEST_SIDE, MOST_BYTES
from domain.refusal import Refused
from store.engine import write
from store.schema_public import photos
from store.schema_trust import audit
from store.uploads import path_of
from tests.tiletown import open_town
from tests.worktown import picture, work_in, worker

OFFICER = worker("officer")


@pytest.fixture
def town(tmp_path, tables_url):
    made = open_town(tmp_path, tables_url)
    yield made
    made.close()


@pytest.fixture
def work(town, tmp_path):
    return work_in(town, tmp_path)


def rows(work, table):
    with work.site.engine.connect() as connection:
        return connection.execute(sa.select(table)).all()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than a machine has memory for."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")
    )


def heic() -> bytes:
    out = io.BytesIO()
    from_pillow(Image.new("RGB", (64, 48), "#2D7984")).save(out, quality=80)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_phones_take_becomes_a_jpeg(kind):
    content, width, height = redrawn(picture(kind))
    assert (Image.open(io.BytesIO(content)).format, width, height) == ("JPEG", 64, 48)


def test_heic_is_taken():
    content, width, height = redrawn(heic())
    assert (Image.open(io.BytesIO(content)).format, width, height) == ("JPEG", 64, 48)


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright():
    exif = Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker of phones"  # turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 31.0, 1.0)})
    content, width, height = redrawn(picture(exif=exif.tobytes(), comment=b"my name"))
    again = Image.open(io.BytesIO(content))
    assert (width, height) == (48, 64)
    assert not dict(again.getexif())
    assert b"Maker" not in content
    assert b"my name" not in content


def test_a_large_one_is_made_smaller():
    _content, width, height = redrawn(picture(size=(4_000, 3_000)))
    assert (width, height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0" * (MOST_BYTES + 1), "limit"),
        (bomb(60_000, 60_000), "invalid"),
        (bomb(8_000, 7_000), "invalid"),
        (bomb(0, 10), "invalid"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "invalid"),
        (b"<script>alert(1)</script>", "invalid"),
        (b"GIF89a" + b"\0" * 100, "invalid"),
        (b"%PDF-1.7\n", "invalid"),
        (picture()[:200], "invalid"),
        (b"", "invalid"),
    ],
)
def test_everything_else_is_refused_and_nothing_is_kept(work, data, kind):
    with pytest.raises(Refused) as refused:
        keep_photo(work, OFFICER, data, now=1_000)
    assert refused.value.kind == kind
    assert rows(work, photos) == rows(work, audit) == []
    assert not list(work.uploads.rglob("*.jpg"))


def test_what_hides_behind_a_picture_stays_behind(work):
    number = keep_photo(work, OFFICER, picture() + b"<?php evil(); ?><script>alert(1)</script>", now=1_000)
    (row,) = rows(work, photos)
    kept = path_of(work.uploads, row.digest).read_bytes()
    assert row.id == number
    assert b"script" not in kept
    assert b"php" not in kept


def test_a_photo_belongs_to_who_sent_it_until_a_step_takes_it(work, town):
    number = keep_photo(work, OFFICER, picture(), now=1_000)
    with pytest.raises(Refused), write(work.site.engine) as connection:
        attach_in(connection, [number], case_id=1, step_id=1, kind="after", owner="somebody")
    assert rows(work, photos)[0].case_id is None


def test_what_nothing_took_within_a_day_is_removed_unless_another_row_has_the_same_picture(work):
    keep_photo(work, OFFICER, picture(), now=1_000)
    keep_photo(work, OFFICER, picture(colour="#FF5A4A"), now=1_000)
    keep_photo(work, OFFICER, picture(), now=80_000)
    assert remove_loose(work, now=86_000) == 0
    far = 4_000_000_000  # the files are as old as this test
    with write(work.site.engine) as connection:
        connection.execute(sa.update(photos).where(photos.c.id == 3).values(made_at=far))
    assert remove_loose(work, now=far) == 2
    assert [row.id for row in rows(work, photos)] == [3]
    assert [path.stem for path in work.uploads.rglob("*.jpg")] == [rows(work, photos)[0].digest]

"""Keep a photo: looked at before it is decoded, drawn anew without what it knows of its taker, attached by a step."""

import io
import threading
from collections.abc import Sequence

import sqlalchemy as sa
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from actions.work import Work
from domain.actor import Actor
from domain.measures import N_
from domain.photos import FORMATS, LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, QUALITY
from domain.refusal import Refused
from store import audit, uploads
from store.engine import write
from store.schema_public import photos

register_heif_opener(thumbnails=False)
_TWO_AT_A_TIME = threading.BoundedSemaphore(2)
"""Decoding takes memory: a crowd waits rather than ends the server."""


def redrawn(data: bytes) -> tuple[bytes, int, int]:
    """(JPEG, width, height) of a photo: upright, at most LONGEST_SIDE, without EXIF. Raises Refused for all else."""
    if len(data) > MOST_BYTES:
        raise Refused("limit", N_("The photo is larger than {n} MB; send a smaller one."), n=MOST_BYTES // 1_000_000)
    try:
        with _TWO_AT_A_TIME, Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("invalid", N_("The picture has too many pixels; send a smaller one."))
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            bare = Image.new("RGB", upright.size)
            bare.paste(upright)
            drawn = io.BytesIO()
            bare.save(drawn, "JPEG", quality=QUALITY, optimize=True)
            return drawn.getvalue(), bare.width, bare.height
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        MemoryError,
    ) as error:
        raise Refused(
            "invalid", N_("This is not a photo that can be read; send a JPEG, PNG, WebP or HEIC picture.")
        ) from error


def keep_photo(work: Work, actor: Actor, data: bytes, *, now: int, owner: str | None = None) -> int:
    """Keep an uploaded picture until a step takes it; its id. owner: who may take it, the login without one.

    The file is on the disk before its row. Raises Refused (limit, invalid), nothing kept.
    """
    content, width, height = redrawn(data)
    digest = uploads.keep(work.uploads, content)
    with write(work.site.engine) as connection:
        row = {"digest": digest, "width": width, "height": height, "made_at": now, "made_by": owner or actor.login}
        made = connection.execute(sa.insert(photos).values(row)).inserted_primary_key
        photo_id = int(made[0])  # type: ignore[index]
        audit.append(connection, actor, "photo.keep", f"photo:{photo_id}", now=now)
    return photo_id


def attach_in(
    connection: sa.Connection, ids: Sequence[int], *, case_id: int, step_id: int, kind: str, owner: str
) -> None:
    """Attach loose photos of `owner` to a step in the caller's transaction; kind: before | after | evidence.

    Raises Refused when one of them is not there, is another's, or is attached already.
    """
    if not ids:
        return
    loose = sa.update(photos).where(photos.c.id.in_(ids), photos.c.case_id.is_(None), photos.c.made_by == owner)
    if connection.execute(loose.values(case_id=case_id, step_id=step_id, kind=kind)).rowcount != len(ids):
        raise Refused("invalid", N_("A photo is not there any more; add it again."))

"""A camera's picture as evidence: kept like every photo, attached to the case by a step that says camera, time and hash."""

from collections.abc import Callable

import sqlalchemy as sa

from actions.move import Moved, move
from actions.photos import keep_photo
from actions.work import Work
from domain.actor import Actor
from store.engine import read
from store.schema_public import photos


def keep_snapshot(
    work: Work, actor: Actor, case_id: int, picture: bytes, said: Callable[[str], str], *, now: int
) -> Moved:
    """Attach a picture to a case. said(SHA-256 of the kept file, hexadecimal) gives the text of the step.

    Raises Refused as the step "note" does; a picture that no step took is removed with the other loose photos.
    """
    number = keep_photo(work, actor, picture, now=now)
    with read(work.site.engine) as connection:
        digest = connection.execute(sa.select(photos.c.digest).where(photos.c.id == number)).scalar_one()
    return move(work, actor, case_id, "note", {"text": said(digest), "photos": [number]}, version=None, now=now)

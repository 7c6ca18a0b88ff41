"""Photos as they are sent: by who may see the case, by the uploader, or by a marked address."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from actions.work import Work
from domain.actor import Actor
from domain.scope import Scope
from domain.secrets import mac
from store.engine import read
from store.schema import cases
from store.schema_public import photos
from store.uploads import path_of


@dataclass(frozen=True)
class Stored:
    """A photo's row, with the area of its case (None while nothing took it)."""

    case_id: int | None
    digest: str
    made_by: str
    area_id: int | None


def seen(work: Work, actor: Actor, access: Scope, photo_id: int) -> Path | None:
    """The file of a photo, for who may see its case; a loose one for who uploaded it alone."""

    def may(photo: Stored) -> bool:
        if photo.area_id is None:
            return photo.made_by == actor.login and actor.account_id is not None
        return work.site.areas.sees(access, int(work.site.areas.position_of_id[photo.area_id]))

    return _file(work, photo_id, may)


def marked(work: Work, name: str) -> Path | None:
    """The file of a photo by the name that `mark` gave it: whoever has the name was shown it."""
    number, _dash, _mark = name.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 16 and name == mark(work, int(number))):
        return None
    return _file(work, int(number), lambda _photo: True)


def mark(work: Work, photo_id: int) -> str:
    """A name of a photo that cannot be guessed."""
    return f"{photo_id}-{mac(work.secret, 'address of a photo', str(photo_id))[:32]}"


def _file(work: Work, photo_id: int, may: Callable[[Stored], bool]) -> Path | None:
    query = (
        sa.select(photos.c.case_id, photos.c.digest, photos.c.made_by, cases.c.area_id)
        .join_from(photos, cases, cases.c.id == photos.c.case_id, isouter=True)
        .where(photos.c.id == photo_id)
    )
    with read(work.site.engine) as connection:
        row = connection.execute(query).first()
    if row is None or not may(Stored(*row)):
        return None
    return path_of(work.uploads, row.digest)

"""The small town with work in it: categories in plain words, uploads, and who does what."""

import io
import zlib
from pathlib import Path

from PIL import Image

from actions.work import Work
from config_cases import Cases
from domain.actor import Actor
from domain.catalogue import Catalogue, Category, Condition, Limit
from tests.tiletown import Town

SECRET = b"a secret for tests that is long enough"
USUAL = Condition("", Limit(5, "work_days"))
CATALOGUE = Catalogue(
    (
        Category("manhole", group="road", department="roads", conditions=(Condition("cracked", Limit(4, "work_hours"), "mended"),)),
        Category("puddle", group="road"),
        Category("litter", group="rubbish", published=True),
        Category("quarrel", "public_security"),
    ),
    USUAL,
)  # fmt: skip


def work_in(town: Town, folder: Path) -> Work:
    """What the actions on cases of a town need."""
    return Work(town.site, CATALOGUE, Cases(), folder / "uploads", SECRET)


def worker(role: str, *areas: str, department: str = "") -> Actor:
    """Somebody with a role in some areas, all of them where none is named."""
    return Actor(role, role.title(), role, frozenset(areas or ("",)), department, account_id=zlib.crc32(role.encode()))


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "#2D7984", **more: object) -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **more)
    return out.getvalue()

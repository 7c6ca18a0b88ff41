"""Look at what an installation needs, one finding after another; nothing is changed."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from config import ConfigError, Settings, SourceSettings
from datasources.contract import Sampling
from datasources.errors import SourceError
from datasources.mapping import Mapping
from datasources.registry import completed, create
from datasources.video.hls import PLAYER
from domain.periods import SiteZone
from domain.workcalendar import WorkCalendar
from domain.workclock import unknown_years
from geo.boundaries import read_boundaries
from geo.errors import GeoError
from store.doorbell import RedisHints
from store.engine import StoreError, read, said
from store.migrate import is_newest
from store.schema_workdays import workday_override
from store.workdays import read_calendar

Finding = tuple[bool, str]
"""Whether all is well, and one sentence that says what was found and, if it is not well, what to do."""

OLDEST, TOO_NEW = (3, 11), (3, 14)
ROOM_BYTES = 1 << 30
SOON_SECONDS = 60 * 86_400
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
CHINESE_FONTS = ("*CJK*", "wqy*", "*SimSun*", "*simhei*", "*SourceHan*", "*msyh*", "*DroidSansFallback*")


def findings(settings: Settings, engine: sa.Engine) -> Iterator[Finding]:
    """Every check in turn. Raises nothing that a check is there to find."""
    for check in CHECKS:
        yield from check(settings, engine)


def _python(_settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    running = ".".join(str(part) for part in sys.version_info[:3])
    good = OLDEST <= sys.version_info[:2] < TOO_NEW
    yield good, f"Python {running}" + ("" if good else "; GridHall needs 3.11, 3.12 or 3.13")


def _zones(settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    names = {settings.site.timezone: "the site", **{s.timezone: f"source {s.name}" for s in settings.sources}}
    for name, whose in names.items():
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            yield False, f"time zone {name} of {whose} is unknown here; install the package tzdata"
        else:
            yield True, f"time zone {name} of {whose}"


def _var(settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    folder = settings.var
    there = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        yield False, f"{folder} cannot be written: {error.strerror}; give permission or name another in GRIDHALL_VAR"
        return
    room = f"{folder} can be written; {free / 1e9:,.1f} GB are free"
    yield free >= ROOM_BYTES, room if free >= ROOM_BYTES else f"{room}, which is little; make room"


def _store(_settings: Settings, engine: sa.Engine) -> Iterator[Finding]:
    where = engine.url.render_as_string(hide_password=True)
    if _is_missing(engine):
        yield True, f"store {where} is not there yet; the first start makes it"
        return
    try:
        with read(engine) as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                yield True, f"store {where} can be reached and is empty; the first start makes its tables"
                return
            version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
            up_to_date = is_newest(engine, version)
    except DBAPIError as error:
        yield False, str(said(error, engine.url))
    except StoreError as error:
        yield False, str(error)
    else:
        yield True, f"store {where} can be reached" + ("" if up_to_date else "; the next start brings it up to date")


def _redis(settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    if not settings.bus.url:
        return
    where = settings.bus.url.rpartition("@")[2]
    try:
        error = RedisHints(settings.bus.url).trouble()
    except ValueError as wrong:
        error = str(wrong)
    answer = f"Redis {where} answers" if error is None else f"Redis {where}: {error}; start it or correct bus.url"
    yield error is None, answer


def _boundaries(settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    for area in settings.areas:
        if area.file is None:
            continue
        try:
            found = read_boundaries(area.file, code=area.code, name=area.name, parent=area.parent, crs=area.crs)
        except GeoError as error:
            yield False, str(error)
        else:
            repaired = found.attrs.get("repaired", 0)
            mended = f", {repaired} of them repaired" if repaired else ""
            yield True, f"boundaries of level {area.level}: {len(found)} areas in {area.file.name}{mended}"


def _sources(settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    for source in settings.sources:
        try:
            yield True, f"source {source.name}: {_first_page(source, settings.folder)}"
        except (ConfigError, SourceError) as error:
            yield False, f"source {source.name}: {error}"


def _first_page(source: SourceSettings, folder: Path) -> str:
    """What its first page holds, read and mapped but not kept. Raises ConfigError and SourceError."""
    connector = create(source, folder=folder, clock=lambda: int(time.time()))
    pages = connector.sample() if isinstance(connector, Sampling) else connector.pages(None)
    page = next(pages, None)
    if page is None:
        return "can be read; nothing is there yet"
    batch = Mapping(completed(source)).apply(page, int(time.time()))
    return f"{page.origin} can be read; {len(batch.frame):,} of its first {batch.read:,} rows fit"


def _calendar(settings: Settings, engine: sa.Engine) -> Iterator[Finding]:
    """The holidays of the next 60 days, which deadlines reach."""
    now, calendar = int(time.time()), WorkCalendar(SiteZone(settings.site.timezone))
    if not _is_missing(engine):
        with suppress(DBAPIError, StoreError), read(engine) as connection:  # _store says why it cannot be read
            if sa.inspect(connection).has_table(workday_override.name):
                calendar = read_calendar(connection, calendar.zone)
    years = unknown_years(calendar, now, now + SOON_SECONDS)
    if not years:
        yield True, "the holidays of the next 60 days are known"
    for year in years:
        how = f"enter them at /calendar or with `workdays set`, then `python app.py workdays confirm {year}`"
        yield True, f"warning: the holidays of {year} are not known, and deadlines reach it within 60 days; {how}"


def _is_missing(engine: sa.Engine) -> bool:
    return engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists()


def _fonts(_settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    found = any(True for folder in FONT_FOLDERS for name in CHINESE_FONTS for _ in folder.rglob(name))
    yield (
        True,
        (
            "a Chinese font for pictures is installed"
            if found
            else "no Chinese font for pictures made on this machine (optional: install fonts-noto-cjk)"
        ),
    )


def _player(_settings: Settings, _engine: sa.Engine) -> Iterator[Finding]:
    there = PLAYER.is_file()
    lost = "hls.js is not here: browsers that cannot play HLS by themselves show pictures only (optional: install npm, make setup)"
    yield True, "hls.js is here for browsers that cannot play HLS by themselves" if there else lost


CHECKS: tuple[Callable[[Settings, sa.Engine], Iterator[Finding]], ...] = (
    _python, _zones, _var, _store, _redis, _boundaries, _sources, _calendar, _fonts, _player,
)  # fmt: skip

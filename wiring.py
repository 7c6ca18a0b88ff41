"""The one place that picks concrete parts: database, hints, boundaries, connectors."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import sqlalchemy as sa

from actions.fold_readings import fold_days_again
from actions.import_areas import Levels, import_areas, recounted
from actions.people import People
from actions.place_devices_again import place_devices_again
from actions.receive import Hook
from actions.site import Site
from actions.take import Feed
from actions.work import Work
from components.words import catalogue as texts
from config import DEMO, AreaSettings, ConfigError, Settings, SourceSettings, load
from config_cases import CategorySettings
from config_errors import hint
from datasources.contract import Connector, Receiving
from datasources.mapping import Mapping
from datasources.poller import Job
from datasources.registry import build, completed, create
from datasources.video.contract import VideoConnector
from datasources.video.links.playing import Linked
from datasources.video.relay import Relays
from datasources.visuals.atlas import Atlas, Opened, digest
from domain.catalogue import USUAL, Catalogue, Category, Condition, Limit
from domain.measures import weigh
from domain.periods import SiteZone
from geo.boundaries import features_frame, read_boundaries
from geo.crs import to_wgs84
from geo.errors import CrsError
from geo.locate import Locator
from geo.subdivide import subdivide
from store import schema
from store import sources as feeds
from store.areas import read_areas, read_tree
from store.counts.reader import Counts
from store.counts.verify import rebuild
from store.deliveries import StoredInbox
from store.doorbell import Hints, NoHints, RedisHints
from store.engine import open_engine, read, write
from store.migrate import migrate
from store.secret import read_secret
from store.workdays import CurrentCalendar
from views.reader import Reader
from views.stills import Stills
from views.streams import Streams

SOURCES = frozenset({".py", ".js", ".css", ".po"})
"""What a build is made of."""

CONFIG_VARIABLE = "GRIDHALL_CONFIG"
HERE = Path(__file__).parent
ROOMS = ("pages", "api", "components", "views", "domain", "store", "geo", "assets", "locale")


def now() -> int:
    """The clock of this process: whole epoch seconds, UTC."""
    return int(time.time())


@dataclass(frozen=True, eq=False)
class House:
    """Everything one process works with, opened once."""

    settings: Settings
    engine: sa.Engine
    clock: Callable[[], int] = now

    @cached_property
    def zone(self) -> SiteZone:
        """The site's time zone."""
        return SiteZone(self.settings.site.timezone)

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo town."""
        return self.settings.folder == DEMO.parent

    def is_empty(self) -> bool:
        """Whether nothing was ever fetched into the store."""
        with read(self.engine) as connection:
            return connection.execute(sa.select(schema.runs.c.id).limit(1)).first() is None

    @cached_property
    def build(self) -> str:
        """What runs here: the same for every process of one installation, another after an upgrade or a new setting."""
        rooms = sorted(p for room in ROOMS for p in (HERE / room).rglob("*.*") if p.suffix in SOURCES)
        files = (*rooms, *HERE.glob("*.py"))
        stamps = [(str(p.relative_to(HERE)), p.stat().st_mtime_ns, p.stat().st_size) for p in files]
        return hashlib.blake2b(repr((sorted(stamps), self.settings)).encode(), digest_size=6).hexdigest()

    @property
    def counts_folder(self) -> Path:
        """Where the checkpoints' files are."""
        return self.settings.var / "counts"

    @property
    def uploads(self) -> Path:
        """Where photos are, below no path that a browser can name."""
        return self.settings.var / "uploads"

    @property
    def heads_file(self) -> Path:
        """The heads of the audit record, outside the database."""
        named = self.settings.trust.heads_file
        return self.settings.folder / named if named else self.settings.var / "audit-heads.log"

    @cached_property
    def hints(self) -> Hints:
        """The quicker hint between processes."""
        return RedisHints(self.settings.bus.url) if self.settings.bus.url else NoHints()

    @cached_property
    def site(self) -> Site:
        """The store with its tree of areas, as the actions need it."""
        with read(self.engine) as connection:
            return Site(self.engine, self.zone, read_areas(connection), Locator(read_tree(connection)))

    @cached_property
    def secret(self) -> bytes:
        """What this installation signs and seals with."""
        return read_secret(self.settings.security.secret.get_secret_value(), self.settings.var)

    @cached_property
    def calendar(self) -> CurrentCalendar:
        """Called, the calendar that deadlines run on."""
        return CurrentCalendar(self.engine, self.zone, self.settings.cases.office_seconds)

    @cached_property
    def people(self) -> People:
        """What the actions on accounts work with."""
        return People(self.engine, self.secret, self.settings.security, frozenset(self.site.areas.code))

    @cached_property
    def catalogue(self) -> Catalogue:
        """What may be reported, and in which time it is handled."""
        usual = self.settings.cases.usual
        given = tuple(_category(each) for each in self.settings.categories)
        name = texts(self.settings.site.language)[USUAL]
        return Catalogue(given, Condition(name, Limit(usual.amount, usual.unit)))

    @cached_property
    def work(self) -> Work:
        """What the actions on cases need."""
        return Work(self.site, self.catalogue, self.settings.cases, self.uploads, self.secret, self.hints.ring)

    @cached_property
    def counts(self) -> Counts:
        """The counts."""
        return Counts(self.engine, self.site.areas, self.counts_folder)

    @cached_property
    def reader(self) -> Reader:
        """The way figures are read."""
        return Reader(self.engine, self.counts, self.site.areas, self.zone, self.clock)

    @cached_property
    def atlas(self) -> Atlas:
        """What draws the layers of other services."""
        return Atlas(self._drawing, self.settings.var / "layers", time.time)

    @cached_property
    def stills(self) -> Stills:
        """Fresh pictures of cameras."""
        return Stills(self._cameras, self.relays, self.clock)

    @cached_property
    def streams(self) -> Streams:
        """Cameras as they are played."""
        return Streams(self._cameras, self.relays, self.secret)

    @cached_property
    def relays(self) -> Relays:
        """What plays for browsers that which they cannot play; stopped by close()."""
        return Relays(self.settings.var / "video", most=self.settings.video.most_relays)

    def close(self) -> None:
        """End what runs beside this process."""
        if "relays" in vars(self):
            self.relays.close()

    @cached_property
    def _cameras(self) -> Callable[[str], VideoConnector]:
        return cache(self._video)

    def _video(self, name: str) -> VideoConnector:
        connector = create(self.source(name), folder=self.settings.folder, clock=self.clock)
        if isinstance(connector, VideoConnector):
            return connector
        options = getattr(connector, "options", None)
        url = getattr(options, "url", "")
        return Linked((*([url] if url else []), *getattr(options, "hosts", ())), self.clock)

    def _drawing(self, name: str) -> Opened:
        source = self.source(name)
        connector: Any = create(source, folder=self.settings.folder, clock=self.clock)
        return Opened(connector, connector.options.keep_seconds, digest((source.crs, source.options)))

    @cached_property
    def hooks(self) -> dict[str, Hook]:
        """The sources that others push to, by name."""
        ids, found = self._ids(), {}
        for source in self.settings.sources:
            connector = create(source, folder=self.settings.folder, clock=self.clock)
            if isinstance(connector, Receiving):
                found[source.name] = Hook(ids[source.name], connector.secret, connector.keep_seconds)
        return found

    def _ids(self) -> dict[str, int]:
        """Name → number of every source that the store knows."""
        with read(self.engine) as connection:
            found = connection.execute(sa.select(schema.sources.c.name, schema.sources.c.id))
            return {row.name: row.id for row in found}

    def _opened(self, source: SourceSettings, number: int) -> Connector:
        connector = create(source, folder=self.settings.folder, clock=self.clock)
        if isinstance(connector, Receiving):
            connector.inbox = StoredInbox(self.engine, number, self.clock)
        return connector

    def source(self, name: str) -> SourceSettings:
        """A source by name. Raises ConfigError that names the nearest known one."""
        for source in self.settings.sources:
            if source.name == name:
                return source
        raise ConfigError(f"there is no source '{name}'" + hint(name, [s.name for s in self.settings.sources]))

    def check(self) -> None:
        """Hold the settings against what this program can do, before anything is written. Raises ConfigError."""
        for source in self.settings.sources:
            _known_system(source)
            create(completed(source), folder=self.settings.folder, clock=self.clock)
        try:
            _hints = self.hints
        except ValueError as error:
            raise ConfigError(f"bus.url: {error}; write redis://host:port/number") from error

    def jobs(self, names: Iterable[str] = ()) -> Iterator[tuple[Job, Feed]]:
        """The named sources (none named = all) in the order of the configuration: what to poll, and its feed."""
        ids = self._ids()
        for source in [self.source(name) for name in names] or self.settings.sources:
            feed = Feed(self.site, ids[source.name], self.clock, self.hints.ring)
            connector = self._opened(source, ids[source.name])
            yield Job(source, connector, Mapping(completed(source)), feed, feed.cursor, feed.paused), feed


def _known_system(source: SourceSettings) -> None:
    """Raises ConfigError for a coordinate system that nobody knows."""
    try:
        to_wgs84(0, 0, source.crs)
    except CrsError as error:
        raise ConfigError(f"sources.{source.name}.crs: {error}") from error


def _category(given: CategorySettings) -> Category:
    conditions = tuple(Condition(c.name, Limit(c.limit.amount, c.limit.unit), c.close) for c in given.conditions)
    return Category(**{**given.model_dump(), "conditions": conditions})


def settings_from(environ: dict[str, str] | None = None) -> Settings:
    """The settings of this process: the file that the environment names, or the demo town."""
    environ = dict(os.environ) if environ is None else environ
    path = environ.get(CONFIG_VARIABLE)
    return load(Path(path) if path else None, environ)


@cache
def house() -> House:
    """The house of this process, opened on first use; the tables are brought up to date by `prepare`."""
    settings = settings_from()
    weigh(settings.figures.basically_weight)
    return House(settings, open_engine(settings.store_url))


def prepare(opened: House) -> None:
    """Bring tables, areas and the list of feeds in line with the settings; recount where boundaries or zone changed."""
    opened.check()
    levels = _levels(opened)
    migrate(opened.engine)
    changed = import_areas(
        opened.engine, levels, site_name=opened.settings.site.name, zone=opened.settings.site.timezone
    )
    if changed:
        rebuild(opened.engine, opened.counts_folder, opened.zone, locate=opened.site.place_again, now=opened.clock())
        place_devices_again(opened.site)
        recounted(opened.engine)
    fold_days_again(opened.site)
    with write(opened.engine) as connection:
        feeds.register(
            connection,
            [
                {"name": s.name, "connector": s.connector, "record": s.taken_as, "every_seconds": s.every_seconds}
                for s in opened.settings.sources
            ],
        )


def _levels(opened: House) -> Levels:
    levels: list[tuple[str, gpd.GeoDataFrame]] = []
    for area in opened.settings.areas:
        frame = _boundaries(opened, area)
        levels.append((area.level, frame))
        if area.subdivide is not None:
            levels.append(("grid", subdivide(frame, area.subdivide.metres)))
    return levels


def _boundaries(opened: House, area: AreaSettings) -> gpd.GeoDataFrame:
    if area.file is not None:
        return read_boundaries(area.file, code=area.code, name=area.name, parent=area.parent, crs=area.crs)
    zone = ZoneInfo(opened.settings.site.timezone)
    connector = build(
        str(area.connector), area.options, folder=opened.settings.folder, zone=zone, clock=opened.clock,
        where=f"areas.{area.level}",
    )  # fmt: skip
    found = connector.features(area.level)  # type: ignore[attr-defined]
    return features_frame(found, code=area.code, name=area.name, parent=area.parent, crs=area.crs)

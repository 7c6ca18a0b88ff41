"""The one way figures are read: a snapshot of the counts, the tree of areas, the names, and a cache by version."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy as sa

from domain.cases import KINDS
from domain.filters import Filter
from domain.measures import Kpi
from domain.periods import SiteZone
from domain.scope import Scope
from store.areas import AreaIndex
from store.commits import Commits
from store.counts.reader import Counts, Slice, Snapshot
from store.engine import read
from store.listings import Wanted
from store.schema import categories, sources

T = TypeVar("T")
CACHED = 2_048
NOTHING = -1
"""The id of a name that does not exist: a choice of it selects nothing."""


@dataclass(frozen=True)
class Names:
    """Categories and sources by name and by id; source_record: what each source brings (case, rating, …)."""

    category_id: dict[str, int]
    category: dict[int, str]
    source_id: dict[str, int]
    source_record: dict[str, str]


@dataclass(frozen=True)
class Moment:
    """One consistent state of the figures: everything read through it agrees."""

    snapshot: Snapshot
    names: Names
    areas: AreaIndex
    zone: SiteZone
    now: int

    @property
    def today(self) -> int:
        """The current day of the site."""
        return self.zone.day(self.now)

    def slice(self, scope: Scope, chosen: Filter, kpi: Kpi | None = None, placings: tuple[int, ...] = ()) -> Slice:
        """The part of the counts that a scope may see of a filter, for a key figure."""
        return Slice(
            ranges=self.areas.ranges(scope, chosen.area),
            kinds=self.kinds(chosen, kpi),
            categories=tuple(sorted(self.names.category_id.get(name, NOTHING) for name in chosen.categories)),
            sources=tuple(sorted(self.names.source_id.get(name, NOTHING) for name in chosen.sources)),
            placings=placings,
        )

    def kinds(self, chosen: Filter, kpi: Kpi | None) -> tuple[int, ...]:
        """Indexes of the kinds that count: those chosen, and of a figure of one kind only that one."""
        names = set(chosen.kinds or KINDS) & ({kpi.kind} if kpi and kpi.kind else set(KINDS))
        if names == set(KINDS):
            return ()
        return tuple(sorted(KINDS.index(name) for name in names)) or (NOTHING,)

    def wanted(self, scope: Scope, chosen: Filter, kpi: Kpi) -> Wanted:
        """The list behind a key figure."""
        kinds = self.kinds(chosen, kpi)
        return Wanted(
            listing=kpi.listing,
            start=self.zone.start(chosen.period.first),
            end=self.zone.start(chosen.period.last + 1),
            ranges=self.areas.ranges(scope, chosen.area) if NOTHING not in kinds else (),
            kinds=tuple(KINDS[i] for i in kinds if i >= 0),
            categories=chosen.categories,
            sources=chosen.sources,
        )


@dataclass
class Reader:
    """Reads figures for any number of threads; equal questions at an equal version are answered once."""

    engine: sa.Engine
    counts: Counts
    areas: AreaIndex
    zone: SiteZone
    clock: Callable[[], int]
    _cache: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _newest: dict[str, tuple[Hashable, Any]] = field(default_factory=dict)
    _newest_lock: dict[str, Lock] = field(default_factory=dict)

    def moment(self) -> Moment:
        """The figures as they stand now: one tail read."""
        snapshot = self.counts.snapshot()
        return Moment(snapshot, self._names(snapshot.version), self.areas, self.zone, self.clock())

    def cached(self, key: Hashable, version: str, make: Callable[[], T]) -> T:
        """What `make` gave for this key at this version. The key holds scope and resolved dates, no rolling window."""
        full = (key, version)
        with self._lock:
            if full in self._cache:
                self._cache.move_to_end(full)
                found: T = self._cache[full]
                return found
        made = make()
        with self._lock:
            self._cache[full] = made
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return made

    @cached_property
    def commits(self) -> Commits:
        """Whether anything was committed since."""
        return Commits(self.engine)

    def newest(self, name: str, version: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave at this version. Nobody asks for an older one again, so one is held; one thread makes it."""
        with self._newest_lock.setdefault(name, Lock()):
            if name in self._newest and self._newest[name][0] == version:
                found: T = self._newest[name][1]
                return found
            made = make()
            self._newest[name] = version, made
            return made

    def _names(self, version: str) -> Names:
        return self.cached("names", version, self._read_names)

    def _read_names(self) -> Names:
        with read(self.engine) as connection:
            by_category = {r.name: r.id for r in connection.execute(sa.select(categories))}
            feeds = connection.execute(sa.select(sources.c.id, sources.c.name, sources.c.record)).all()
        by_source, records = {r.name: r.id for r in feeds}, {r.name: r.record for r in feeds}
        return Names(by_category, {i: name for name, i in by_category.items()}, by_source, records)

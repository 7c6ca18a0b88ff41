"""A small store for the tests of the counts: areas, cases written one at a time, and what figures should be."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.contributions import MEASURES, Deltas, contributions
from domain.periods import SiteZone
from store.areas import AreaIndex, read_areas
from store.cases import COUNTED, columns_of, frame
from store.counts.batches import append
from store.counts.reader import Counts, Slice, Snapshot
from store.engine import open_engine, read, write
from store.schema import areas, cases, categories, sources
from tests.oracle import EPOCH, sums
from tests.servers.tables import make_tables

ZONE = "Asia/Shanghai"
DAY = 86_400
FIRST = (date(2026, 3, 1) - EPOCH).days
START = FIRST * DAY - 8 * 3_600
"""Midnight of the first day in Shanghai."""
TREE = (  # id, code, parent's id; in pre-order, with ids out of that order
    (0, "", None), (5, "A", 0), (2, "A1", 5), (9, "A2", 5), (1, "B", 0), (7, "B1", 1), (3, "B2", 1),
)  # fmt: skip
AREA_IDS = tuple(row[0] for row in TREE)
CATEGORIES, SOURCES = (1, 2, 3), (1, 2)
WHOLE = Slice(ranges=((0, len(TREE)),))
KEYS = ("area_id", "placing", "kind", "category_id", "source_id")
STORED = tuple(c.name for c in cases.columns)
EMPTY: dict[str, Any] = dict.fromkeys(STORED) | {
    "kind": 0, "status": "handling", "category_id": 1, "source_id": 1, "area_id": 2, "placing": 0, "overdue": False,
    "reported_at": START, "content_hash": 0,
}  # fmt: skip


class World:
    """One store. `write` is how every writer must write: lock, read the old row, write, append f(new) - f(old)."""

    def __init__(self, url: str, folder: Path, *, fresh: bool = True) -> None:
        self.engine, self.folder, self.zone = open_engine(url), folder, SiteZone(ZONE)
        if fresh:
            make_tables(self.engine)
            with write(self.engine) as connection:
                connection.execute(sa.insert(areas), [_area(*row) for row in TREE])
                connection.execute(sa.insert(categories), [{"id": i, "name": f"c{i}"} for i in CATEGORIES])
                source = {"connector": "feeds.file", "record": "case", "every_seconds": 60, "state": "new"}
                connection.execute(sa.insert(sources), [{"id": i, "name": f"s{i}", **source} for i in SOURCES])

    @property
    def areas(self) -> AreaIndex:
        with read(self.engine) as connection:
            return read_areas(connection)

    def counts(self) -> Counts:
        """As a process that has just started."""
        return Counts(self.engine, self.areas, self.folder)

    def write(self, *changes: tuple[int, Mapping[str, Any] | None]) -> None:
        """Set columns of cases (by id), made when they are not there; None removes. One transaction, one batch."""
        with write(self.engine) as connection:
            old, new = [], []
            for case, change in changes:
                query = sa.select(cases).where(cases.c.id == case).with_for_update()
                before = connection.execute(query).mappings().first()
                old += [dict(before)] if before else []
                if change is None:
                    connection.execute(sa.delete(cases).where(cases.c.id == case))
                    continue
                after = (dict(before) if before else EMPTY | {"id": case, "external_id": str(case)}) | dict(change)
                statement = sa.update(cases).where(cases.c.id == case) if before else sa.insert(cases)
                connection.execute(statement.values(**after))
                new.append(after)
            append(connection, Deltas.joined((self._f(new), -self._f(old))), known_at=START, backfill=False)

    def rows(self, connection: sa.Connection) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(sa.select(cases)).mappings()]

    def _f(self, rows: list[dict[str, Any]]) -> Deltas:
        return contributions(columns_of(frame([tuple(row[name] for name in COUNTED) for row in rows])), self.zone)


def truth(rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    """(measure, day, area id, placing, kind, category, source) → n, by plain loops over the rows."""
    return sums(rows, ZONE, KEYS)


def assert_equal(snapshot: Snapshot, rows: list[dict[str, Any]], parts: tuple[Slice, ...] = (WHOLE,)) -> None:
    """Every answer of a snapshot for these slices, and several periods, is what the rows say."""
    counted = truth(rows)
    days = sorted({day for _, day, *_ in counted}) or [FIRST]
    low, high = days[0], days[-1]
    middle = days[len(days) // 2]
    for measure in MEASURES:
        mine = {key[1:]: n for key, n in counted.items() if key[0] == measure}
        own = sorted({day for (day, *_), n in mine.items() if n})
        assert snapshot.bounds(measure) == ((own[0], own[-1]) if own else None), measure
        for part in parts:
            inside = {key: n for key, n in mine.items() if chosen(part, key)}
            for first, last in ((None, high), (None, middle), (low, middle), (middle, high), (middle, middle)):
                within = {k: n for k, n in inside.items() if (first is None or k[0] >= first) and k[0] <= last}
                asked = (measure, first, last, part)
                assert snapshot.totals([measure], *asked[1:]) == {measure: sum(within.values())}, asked
                by_area = snapshot.by_area(*asked)
                assert dict(enumerate(by_area.tolist())) == _along(within, 1, range(len(TREE)), _position), asked
                assert dict(enumerate(snapshot.by_placing(*asked).tolist())) == _along(within, 2, range(4)), asked
                assert snapshot.by_category(*asked) == {k: n for k, n in _along(within, 4).items() if n}, asked
                if first is not None:
                    found = {first + i: n for i, n in enumerate(snapshot.by_day(measure, first, last, part).tolist())}
                    assert found == _along(within, 0, range(first, last + 1)), asked


def chosen(part: Slice, key: tuple[int, ...]) -> bool:
    """Whether a slice holds (day, area id, placing, kind, category, source)."""
    _, area, placing, kind, category, source = key
    position = _position(area)
    return (
        any(low <= position < high for low, high in part.ranges)
        and placing in (part.placings or range(4))
        and kind in (part.kinds or range(2))
        and category in (part.categories or [category])
        and source in (part.sources or [source])
    )


def _position(area: int) -> int:
    return AREA_IDS.index(area)


def _along(entries: dict[tuple[int, ...], int], axis: int, names: Any = (), renamed: Any = int) -> dict[int, int]:
    found = dict.fromkeys(names, 0)
    for key, n in entries.items():
        name = renamed(key[axis])
        found[name] = found.get(name, 0) + n
    return found


def _area(number: int, code: str, parent: int | None) -> dict[str, Any]:
    position = AREA_IDS.index(number)
    last = max([position] + [AREA_IDS.index(i) for i, c, _ in TREE if c.startswith(code)])
    return {"id": number, "code": code, "name": code, "level": "area", "parent_id": parent, "depth": len(code),
            "position": position, "last": last}  # fmt: skip

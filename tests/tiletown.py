"""A small site for the tests of tiles: two communities of two grids side by side."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa

from actions.import_areas import import_areas
from actions.mark_overdue import mark_overdue
from actions.site import Site
from actions.take_cases import take_cases
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import read_areas, read_tree
from store.counts.reader import Counts
from store.engine import open_engine, read, write
from store.schema import features, sources
from tests.servers.tables import make_tables
from views.reader import Reader

WEST, SOUTH, STEP = 114.0, 30.5, 0.01
BOUNDS = (WEST, SOUTH, WEST + 4 * STEP, SOUTH + STEP)
ZONE = SiteZone("Asia/Shanghai")
TODAY = 20_000
NOW = ZONE.start(TODAY) + 40_000
CATEGORIES = ("litter", "noise", "parking")


def square(column: float, width: float = 1.0) -> shapely.Geometry:
    """A strip of the site, `width` grids wide."""
    west = WEST + column * STEP
    return shapely.box(west, SOUTH, west + width * STEP, SOUTH + STEP)


def _frame(rows: list[tuple[str, str | None, shapely.Geometry]]) -> gpd.GeoDataFrame:
    code, parent, geometry = zip(*rows, strict=True)
    columns = {"code": code, "name": code, "parent": parent}
    return gpd.GeoDataFrame(
        {k: pd.Series(v, dtype=object) for k, v in columns.items()}, geometry=list(geometry), crs=4326
    )


@dataclass
class Town:
    """A store with areas A (A1, A2) and B (B1, B2) from west to east, and two sources."""

    engine: sa.Engine
    site: Site
    reader: Reader
    house: Any
    now: list[int]

    def take(self, rows: pd.DataFrame, source: int = 1) -> None:
        """Store cases as an import does."""
        with write(self.engine) as connection:
            take_cases(connection, self.site, source, rows, now=self.now[0], backfill=False)

    def close(self) -> None:
        """Give back every connection."""
        asking: Any = self.reader.counts._probe
        if asking._connection is not None:
            asking._connection.close()
        self.engine.dispose()

    def mark(self) -> int:
        """Mark what is overdue by now."""
        return mark_overdue(self.site, now=self.now[0])

    def draw(self, kind: str, geometry: shapely.Geometry, rank: str | None = None) -> None:
        """Add a feature of the base map."""
        with write(self.engine) as connection:
            n = connection.execute(sa.select(sa.func.count()).select_from(features)).scalar_one()
            row = {"source_id": 1, "external_id": str(n), "kind": kind, "rank": rank, "name": None}
            shape = shapely.to_wkb(geometry)
            connection.execute(sa.insert(features), row | {"geometry": shape, "content_hash": zlib.crc32(shape)})


def open_town(folder: Path, url: str = "") -> Town:
    """A fresh one, in SQLite unless another store is named."""
    engine = open_engine(url or f"sqlite:///{folder}/store.db")
    make_tables(engine)
    levels = [
        ("community", _frame([("A", None, square(0, 2)), ("B", None, square(2, 2))])),
        ("grid", _frame([(f"{'AB'[i // 2]}{i % 2 + 1}", "AB"[i // 2], square(i)) for i in range(4)])),
    ]
    import_areas(engine, levels, site_name="Town", zone=ZONE.name)
    with write(engine) as connection:
        feed = {"connector": "feeds.file", "record": "case", "every_seconds": 60, "state": "new"}
        connection.execute(sa.insert(sources), [{"id": 1, "name": "one", **feed}, {"id": 2, "name": "two", **feed}])
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('sources', 'id'), 2)"))
    with read(engine) as connection:
        areas, locator = read_areas(connection), Locator(read_tree(connection))
    now = [NOW]
    reader = Reader(engine, Counts(engine, areas, folder / "counts"), areas, ZONE, lambda: now[0])
    settings = SimpleNamespace(var=folder)
    house = SimpleNamespace(engine=engine, reader=reader, settings=settings, clock=lambda: now[0])
    return Town(engine, Site(engine, ZONE, areas, locator), reader, Hashed(house), now)


class Hashed:
    """A stand-in for the house: its parts by name, and hashable as the house is."""

    def __init__(self, parts: SimpleNamespace) -> None:
        self.__dict__.update(vars(parts))


def some_cases(rng: np.random.Generator, n: int, first: int = 0, days: int = 30) -> pd.DataFrame:
    """n made-up cases with ids from `first` on: most on the map, some off it, some ended, void or due."""
    reported = NOW - rng.integers(0, days * 86_400, n).astype(np.float64)
    status = rng.choice(["handling", "closed", "void", "refused", "merged"], n, p=[0.4, 0.4, 0.08, 0.06, 0.06])
    ended = np.isin(status, ["closed", "refused"])
    longitude = rng.uniform(WEST - STEP / 4, WEST + 4.25 * STEP, n)
    placed = rng.random(n) < 0.9
    return case_rows(
        n, external_id=[f"c{first + i}" for i in range(n)], status=status, kind=rng.choice(["problem", "hazard"], n),
        category=rng.choice(CATEGORIES, n), reported_at=reported,
        closed_at=np.where(ended, np.minimum(reported + rng.integers(0, 5 * 86_400, n), NOW), np.nan),
        due_at=np.where(rng.random(n) < 0.5, reported + 86_400, np.nan),
        longitude=np.where(placed, longitude, np.nan),
        latitude=np.where(placed, rng.uniform(SOUTH, SOUTH + STEP, n), np.nan),
        area_code=[None if here else str(rng.choice(["A", "B2"])) for here in placed], pinned=rng.random(n) < 0.05,
    )  # fmt: skip


def case_rows(n: int, **given: Any) -> pd.DataFrame:
    """A case frame of n rows (domain.records); what is not given is empty."""
    texts = ("title", "text", "channel", "department", "order_no", "area_code", "online")
    times = ("first_response_at", "due_at", "closed_at", "updated_at", "longitude", "latitude")
    frame = {name: np.full(n, None, dtype=object) for name in texts} | {name: np.full(n, np.nan) for name in times}
    frame |= {"pinned": np.zeros(n, dtype=bool), "kind": np.full(n, "problem", dtype=object)}
    frame |= {"category": np.full(n, CATEGORIES[0], dtype=object), "status": np.full(n, "handling", dtype=object)}
    frame |= {"reported_at": np.full(n, float(NOW - 3_600))}
    for name, values in given.items():
        frame[name] = np.asarray(values, dtype=np.asarray(frame[name]).dtype if name in frame else object)
    return pd.DataFrame({k: pd.Series(v, dtype=object) if v.dtype == object else v for k, v in frame.items()})

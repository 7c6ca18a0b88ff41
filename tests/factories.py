"""Small worlds for the tests of the store: frames as the mapping makes them, and a town of four grids."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy as sa
from shapely.geometry import box

from actions.import_areas import import_areas
from actions.site import Site
from actions.take import Feed
from datasources.contract import REJECTED_COLUMNS, Batch
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import read_areas, read_tree
from store.engine import open_engine, read, write
from tests.servers.tables import empty_tables, make_tables

ZONE = "Asia/Shanghai"
NOW = int(datetime(2026, 11, 24, 12, tzinfo=ZoneInfo(ZONE)).timestamp())
WEST, EAST, SOUTH, NORTH = 114.00, 114.04, 30.00, 30.01
IN_A1, IN_A2, IN_B1, IN_B2 = (114.005, 30.005), (114.015, 30.005), (114.025, 30.005), (114.035, 30.005)
"""A point in each grid: community A has the grids A1 and A2, community B has B1 and B2."""

CASE = {
    "external_id": "1", "status": "handling", "category": "Litter", "kind": "problem", "title": None, "text": None,
    "channel": None, "department": None, "order_no": None, "area_code": None, "reported_at": NOW - 86_400,
    "first_response_at": None, "due_at": None, "closed_at": None, "updated_at": None, "online": None,
    "longitude": IN_A1[0], "latitude": IN_A1[1], "pinned": False,
}  # fmt: skip
RATING = {
    "external_id": "r1", "level": "satisfied", "case": "1", "area_code": None, "rated_at": NOW, "longitude": None,
    "latitude": None, "pinned": False, "contacted": None, "resolved": None,
}  # fmt: skip
NUMBERS = {
    "reported_at", "first_response_at", "due_at", "closed_at", "updated_at", "rated_at", "longitude", "latitude",
}  # fmt: skip


def frame(example: Mapping[str, Any], rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows that differ from an example as a frame with the record's dtypes."""
    columns = {}
    for name, usual in example.items():
        values = [row.get(name, usual) for row in rows]
        if name in NUMBERS:
            columns[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        elif name == "pinned":
            columns[name] = np.array(values, dtype=bool)
        else:
            columns[name] = pd.Series(values, dtype=object)
    return pd.DataFrame(columns)


def cases(*rows: dict[str, Any]) -> pd.DataFrame:
    """A case frame of rows that differ from CASE."""
    return frame(CASE, list(rows))


def ratings(*rows: dict[str, Any]) -> pd.DataFrame:
    """A rating frame of rows that differ from RATING."""
    return frame(RATING, list(rows))


def rejected(*rows: dict[str, Any]) -> pd.DataFrame:
    """The rows that a mapping refused."""
    usual = {
        "external_id": None,
        "reason": "bad_number",
        "detail": "no number",
        "raw": "{}",
        "origin": "a.csv",
        "row": 1,
    }
    return pd.DataFrame([usual | row for row in rows], columns=list(REJECTED_COLUMNS), dtype=object)


def batch(
    accepted: pd.DataFrame, refused: pd.DataFrame | None = None, *, record: str = "case", empty: int = 0
) -> Batch:
    """A batch as the poller hands it to the sink."""
    refused = rejected() if refused is None else refused
    read = len(accepted) + len(refused) + empty

    def raw(positions: np.ndarray) -> list[str]:
        return [json.dumps(accepted.iloc[at].to_dict(), default=str) for at in positions]

    rows = np.arange(1, len(accepted) + 1)
    return Batch(record, accepted, refused, raw, rows, read, empty, {"row": read}, "a.csv", read, read)


def squares(names: Mapping[str, tuple[float, float]], parent: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Areas as rectangles from west to east, each as high as the town."""
    return gpd.GeoDataFrame(
        {
            "code": np.array(list(names), dtype=object),
            "name": np.array([f"Area {name}" for name in names], dtype=object),
            "parent": np.array([(parent or {}).get(name) for name in names], dtype=object),
        },
        geometry=[box(west, SOUTH, east, NORTH) for west, east in names.values()],
        crs="EPSG:4326",
    )


LEVELS = [
    ("community", squares({"A": (WEST, 114.02), "B": (114.02, EAST)})),
    (
        "grid",
        squares(
            {"A1": (WEST, 114.01), "A2": (114.01, 114.02), "B1": (114.02, 114.03), "B2": (114.03, EAST)},
            {"A1": "A", "A2": "A", "B1": "B", "B2": "B"},
        ),
    ),
]


class Town:
    """A store with four grids, sources on demand, and a clock that stands still until it is moved."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        make_tables(self.engine)
        self.clear()

    def clear(self) -> None:
        """Back to the first day: no rows but the areas, the clock at NOW."""
        empty_tables(self.engine)
        self.now = NOW
        self.import_areas(LEVELS)

    def import_areas(self, levels: list[tuple[str, gpd.GeoDataFrame]]) -> bool:
        """Take boundaries, as every start does; whether the cases are to be recounted."""
        changed = import_areas(self.engine, levels, site_name="Town", zone=ZONE)
        with read(self.engine) as connection:
            self.site = Site(self.engine, SiteZone(ZONE), read_areas(connection), Locator(read_tree(connection)))
        return changed

    def feed(self, name: str = "one", record: str = "case") -> Feed:
        """The feed of a source, made on first use."""
        with write(self.engine) as connection:
            known = dict(connection.execute(sa.text("SELECT name, id FROM sources")).all())
            if name not in known:
                about = {"name": name, "connector": "feeds.file", "record": record, "every_seconds": 60}
                insert = (
                    "INSERT INTO sources (name, connector, record, every_seconds, state) "
                    "VALUES (:name, :connector, :record, :every_seconds, 'new') RETURNING id"
                )
                known[name] = connection.execute(sa.text(insert), about).scalar_one()
        return Feed(self.site, known[name], lambda: self.now, lambda: None)

    def take(self, *rows: dict[str, Any], source: str = "one") -> tuple[int, int, int]:
        """Import case rows as one batch; (kept, unchanged, quarantined)."""
        return self._sunk(self.feed(source)(batch(cases(*rows))))

    def rate(self, *rows: dict[str, Any], source: str = "ratings") -> tuple[int, int, int]:
        """Import rating rows as one batch; (kept, unchanged, quarantined)."""
        return self._sunk(self.feed(source, "rating")(batch(ratings(*rows), record="rating")))

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with read(self.engine) as connection:
            return [tuple(row) for row in connection.execute(sa.text(query), values)]

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @staticmethod
    def _sunk(sunk: Any) -> tuple[int, int, int]:
        return sunk.kept, sunk.unchanged, sunk.quarantined

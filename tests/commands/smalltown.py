"""A town small enough to break: settings, four squares and a file of cases, written anew for each test."""

import csv
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.engine import open_engine, read
from tests.commands.program import Program

COLUMNS = ("id", "reported", "updated", "closed", "due", "status", "category", "lon", "lat", "note")
SETTINGS = """
[site]
name = "Smalltown"
timezone = "Asia/Shanghai"
language = "en"

[store]
url = "{url}"

[[areas]]
level = "community"
file = "areas.geojson"
code = "code"
name = "name"

[[sources]]
name = "cases"
connector = "feeds.file"
record = "case"
every = "1s"
options = {{ path = "{path}", page_rows = {page_rows} }}

[sources.fields]
external_id = "id"
reported_at = {{ column = "reported", format = "iso" }}
updated_at = {{ column = "updated", format = "iso" }}
closed_at = {{ column = "closed", format = "iso" }}
due_at = {{ column = "due", format = "iso" }}
status.column = "status"
status.default = "quarantine"
status.values = {{ open = "handling", done = "closed", none = "void" }}
category = "category"
title = "note"
longitude = "lon"
latitude = "lat"
"""
WEST, SOUTH, SIDE = 114.0, 30.0, 0.01


@dataclass
class SmallTown:
    """The folder, and what is written into it. `write` writes all three files."""

    folder: Path
    url: str = ""
    path: str = "cases.csv"
    page_rows: int = 10_000
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Path:
        return self.folder / "town.toml"

    @property
    def program(self) -> Program:
        return Program(self.folder / "var", self.settings, self.extra)

    def write(self, rows: int = 50, seed: int = 1) -> "SmallTown":
        self.configure()
        self.draw()
        self.fill(self.folder / "cases.csv", rows, seed)
        return self

    def configure(self, *changes: tuple[str, str]) -> None:
        """Write the settings, some texts in them replaced."""
        text = SETTINGS.format(url=self.url, path=self.path, page_rows=self.page_rows)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.settings.write_text(text)

    def draw(self) -> None:
        """Write the boundaries."""
        features = [
            {"type": "Feature", "properties": {"code": f"S{i}", "name": f"Square {i}"},
             "geometry": {"type": "Polygon", "coordinates": [ring(i)]}}
            for i in range(4)
        ]  # fmt: skip
        collection = {"type": "FeatureCollection", "features": features}
        (self.folder / "areas.geojson").write_text(json.dumps(collection))

    def fill(self, path: Path, rows: int, seed: int = 1) -> None:
        """Write cases: most of them good, some bad, some told of again later in the file."""
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(case_rows(rows, seed))

    def sources(self) -> list[dict[str, Any]]:
        """The state of the feeds as the store holds it."""
        return self.rows("SELECT name, state, error, failures FROM sources ORDER BY id")

    def rows(self, query: str) -> list[dict[str, Any]]:
        engine = open_engine(self.url or f"sqlite:///{self.folder}/var/gridhall.db")
        try:
            with read(engine) as connection:
                return [dict(row) for row in connection.execute(sa.text(query)).mappings()]
        finally:
            engine.dispose()


def ring(number: int) -> list[list[float]]:
    """The corners of a square."""
    west, east = WEST + number * SIDE, WEST + (number + 1) * SIDE
    return [[west, SOUTH], [east, SOUTH], [east, SOUTH + SIDE], [west, SOUTH + SIDE], [west, SOUTH]]


def case_rows(rows: int, seed: int) -> Iterator[list[str]]:
    """One row in forty cannot be mapped; one in twenty is an earlier case, changed."""
    draw, start = random.Random(seed), datetime(2024, 1, 1)  # noqa: DTZ001  local, as the file says it
    for number in range(rows):
        again = number > 20 and draw.random() < 0.05
        case = draw.randrange(number) if again else number
        reported = start + timedelta(minutes=7 * case)
        updated = reported + timedelta(days=30 if again else 0, minutes=number)
        status = draw.choice(["open", "done", "done", "none"]) if draw.random() > 0.025 else "???"
        closed = updated.isoformat() if status == "done" else ""
        due = (reported + timedelta(days=draw.randrange(1, 60))).isoformat()
        lon, lat = WEST + draw.uniform(-0.2, 4.2) * SIDE, SOUTH + draw.random() * SIDE
        yield [
            f"C{case}", reported.isoformat(), updated.isoformat(), closed, due, status,
            draw.choice(["litter", "noise", "parking", "lamps"]), f"{lon:.6f}", f"{lat:.6f}", f"note {number}",
        ]  # fmt: skip

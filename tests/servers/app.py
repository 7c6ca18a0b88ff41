"""GridHall itself, as people run it: a small street brought in by the command line and served on a free loopback port."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from tests.accounts import seed
from tests.servers.processes import Account, Server, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
ZONE = ZoneInfo("Asia/Shanghai")
WEST, SOUTH, STEP = 114.0, 30.0, 0.012
PIN = (WEST + STEP, SOUTH + STEP)
CATEGORIES = ("Litter", "Parking", "Noise", "Lamp", "Drain")
STATES = ("registered", "handling", "verifying", "closed", "self_handled", "refused", "void", "merged")

CONFIG = """
[site]
name = "Test street"
language = "{language}"

[[areas]]
level = "street"
file = "street.geojson"
code = "code"
name = "name"

[[areas]]
level = "community"
file = "communities.geojson"
code = "code"
name = "name"
parent = "parent"
[areas.subdivide]
metres = 500
"""
CASES = """
[[sources]]
name = "{name}"
connector = "feeds.file"
record = "case"
every = "1h"
options = {{ path = "{name}.csv" }}
[sources.fields]
external_id = "id"
kind = "kind"
category = "category"
title = "title"
channel = "channel"
status = "status"
reported_at = {{ column = "reported", format = "iso" }}
first_response_at = {{ column = "response", format = "iso" }}
due_at = {{ column = "due", format = "iso" }}
closed_at = {{ column = "closed", format = "iso" }}
area_code = "area"
longitude = "lon"
latitude = "lat"
[sources.pins]
points = [[{pin[0]}, {pin[1]}]]
"""
RATINGS = """
[[sources]]
name = "ratings"
connector = "feeds.file"
record = "rating"
every = "1h"
options = { path = "ratings.csv" }
[sources.fields]
external_id = "id"
case = "case"
level = "level"
rated_at = { column = "at", format = "iso" }
"""


@dataclass
class AppServer:
    """A running application; a test may fetch again, stop, kill and start it. The port stays."""

    folder: Path
    port: int
    language: str = "zh_CN"
    server: Server | None = None

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What tells a process which installation it belongs to."""
        return {"GRIDHALL_VAR": str(self.folder / "var"), "GRIDHALL_CONFIG": str(self.folder / f"{self.language}.toml")}

    def start(self) -> None:
        """Serve, without a worker, so that nothing moves by itself."""
        told = [f"{name}={value}" for name, value in self.environ.items()]
        clean = ["env", "-C", str(ROOT), "-u", "GRIDHALL_STORE_URL", "-u", "GRIDHALL_BUS_URL", *told]
        words = [sys.executable, "app.py", "serve", "--no-worker", "--port", str(self.port)]
        command = [*Account(None).prefix("TERM"), *clean, *words]
        self.server = Server(command, self.folder / f"{self.language}.log", self.folder)
        self.server.start(self.ready)

    def ready(self) -> bool:
        """Whether it answers and its database does."""
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        """End it kindly."""
        if self.server is not None:
            self.server.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.server is not None
        self.server.kill()

    def command(self, *words: str) -> str:
        """What a command says, run from a second terminal."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("GRIDHALL_")}
        done = subprocess.run(
            [sys.executable, "app.py", *words], cwd=ROOT, env=outside | self.environ, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sync(self) -> dict[str, dict[str, Any]]:
        """Fetch every source from its start, from a second terminal; source → what came of it."""
        lines = [json.loads(line) for line in self.command("sync", "--once", "--json").splitlines()]
        return {line["source"]: line for line in lines}

    def cases(self, source: str = "hall") -> pd.DataFrame:
        """The file of a source, all cells text."""
        return pd.read_csv(self.folder / f"{source}.csv", dtype=str, keep_default_na=False)

    def write(self, frame: pd.DataFrame, source: str = "hall") -> None:
        """Another file for a source; a sync takes it."""
        frame.to_csv(self.folder / f"{source}.csv", index=False)

    def report(self, number: int, **cells: str) -> None:
        """Append that many cases reported just now and take them, as a second terminal does."""
        known = self.cases()
        now = datetime.now(ZONE)
        usual = {
            "status": "handling",
            "kind": "problem",
            "category": "Litter",
            "lon": f"{WEST + 0.003:.6f}",
            "lat": f"{SOUTH + 0.003:.6f}",
        }
        rows = [
            dict.fromkeys(known.columns, "") | usual | {"id": f"new-{len(known) + i}", "reported": _iso(now)} | cells
            for i in range(number)
        ]
        self.write(pd.concat([known, pd.DataFrame(rows)], ignore_index=True))
        self.sync()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What plain SQL finds in the store."""
        with contextlib.closing(sqlite3.connect(self.folder / "var" / "gridhall.db")) as store:
            return store.execute(query, values).fetchall()


def _iso(at: datetime) -> str:
    return at.replace(microsecond=0, tzinfo=None).isoformat()


def _feature(code: str, parent: str | None, west: float, south: float, steps: int) -> dict[str, Any]:
    east, north = west + steps * STEP, south + steps * STEP
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    properties = {"code": code, "name": f"Area {code}", "parent": parent}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write_areas(folder: Path) -> None:
    """A street of four communities, two by two."""
    street = [_feature("S", None, WEST, SOUTH, 2)]
    communities = [
        _feature(f"C{2 * y + x + 1}", "S", WEST + x * STEP, SOUTH + y * STEP, 1) for y in (0, 1) for x in (0, 1)
    ]
    for name, features in (("street", street), ("communities", communities)):
        (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def make_cases(rng: np.random.Generator, prefix: str, number: int, now: datetime) -> pd.DataFrame:
    """Cases of the last sixty days: hazards, overdue ones, void and merged ones, pins, some without a place or outside."""
    rows = []
    for i in range(number):
        reported = now - timedelta(seconds=int(rng.integers(60, 60 * 86_400)))
        status = str(rng.choice(STATES, p=[0.08, 0.18, 0.06, 0.44, 0.06, 0.06, 0.07, 0.05]))
        ended = status in {"closed", "self_handled", "refused"}
        closed = min(now, reported + timedelta(seconds=int(rng.integers(600, 6 * 86_400)))) if ended else None
        response = reported + timedelta(seconds=int(rng.integers(60, 2 * 86_400)))
        due = reported + timedelta(hours=int(rng.integers(2, 120)))
        lon, lat = WEST + 2 * STEP * rng.beta(2, 3), SOUTH + 2 * STEP * rng.beta(3, 2)
        placing = rng.choice(["here", "none", "area", "pin", "outside"], p=[0.8, 0.05, 0.05, 0.06, 0.04])
        lon, lat = {"pin": PIN, "outside": (WEST - 0.513, SOUTH - 0.371)}.get(str(placing), (lon, lat))
        placed = placing not in {"none", "area"}
        rows.append({
            "id": f"{prefix}{i}", "kind": "hazard" if rng.random() < 0.25 else "problem",
            "category": str(rng.choice(CATEGORIES, p=[0.4, 0.25, 0.2, 0.1, 0.05])), "title": f"Case {i}",
            "channel": "patrol", "status": status, "reported": _iso(reported),
            "response": _iso(response) if response < now and rng.random() < 0.8 else "",
            "due": _iso(due) if rng.random() < 0.9 else "", "closed": _iso(closed) if closed else "",
            "area": f"C{rng.integers(1, 5)}" if placing == "area" else "",
            "lon": f"{lon:.6f}" if placed else "", "lat": f"{lat:.6f}" if placed else "",
        })  # fmt: skip
    return pd.DataFrame(rows)


def make_ratings(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """A rating for two in three of the closed cases, on the day of closing."""
    closed = cases[cases["status"].isin(["closed", "self_handled"]) & (rng.random(len(cases)) < 0.66)]
    levels = rng.choice(["satisfied", "basically", "dissatisfied"], len(closed), p=[0.6, 0.25, 0.15])
    return pd.DataFrame(
        {"id": [f"r{i}" for i in closed["id"]], "case": closed["id"], "level": levels, "at": closed["closed"]}
    )


def lay_out(folder: Path) -> None:
    """Settings in both languages, boundaries, two files of cases and one of ratings."""
    rng, now = np.random.default_rng(20_261_124), datetime.now(ZONE)
    write_areas(folder)
    sources = "".join(CASES.format(name=name, pin=PIN) for name in ("hall", "hotline")) + RATINGS
    for language in ("zh_CN", "en"):
        (folder / f"{language}.toml").write_text(CONFIG.format(language=language) + sources)
    hall, hotline = make_cases(rng, "h", 1_000, now), make_cases(rng, "t", 500, now)
    hall.to_csv(folder / "hall.csv", index=False)
    hotline.to_csv(folder / "hotline.csv", index=False)
    make_ratings(rng, pd.concat([hall, hotline])).to_csv(folder / "ratings.csv", index=False)


@contextlib.contextmanager
def running_app(folder: Path, language: str = "zh_CN") -> Iterator[AppServer]:
    """The application of a folder that was laid out (and, where its store is not there yet, fetched once)."""
    app = AppServer(folder, free_port(), language)
    if not (folder / "var" / "gridhall.db").exists():
        app.sync()
    seed(f"sqlite:///{folder}/var/gridhall.db")
    try:
        app.start()
        yield app
    finally:
        app.stop()


@pytest.fixture(scope="session")
def app_server() -> Iterator[AppServer]:
    """One running application a session, about 1,500 cases; a test that changes its files leaves what others compare."""
    with Account(None).folder("gridhall-app-") as folder:
        lay_out(folder)
        with running_app(folder) as app:
            yield app

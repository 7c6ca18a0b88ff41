"""Running applications for the tests of lists, a case, outcomes and feeds: the demo town, and a street of two grids."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.accounts import seed
from tests.servers.processes import Server, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(HERE).replace(microsecond=0)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx")

TOWN = """
[site]
name = "Two grids"
[[areas]]
level = "grid"
file = "grids.geojson"
code = "code"
name = "name"
[[sources]]
name = "street"
connector = "feeds.file"
record = "case"
every = "1h"
options = {{ path = "street.csv" }}
[sources.fields]
external_id = "id"
reported_at = {{ column = "at", format = "%Y-%m-%d %H:%M:%S" }}
due_at = {{ column = "due", format = "%Y-%m-%d %H:%M:%S" }}
closed_at = {{ column = "closed", format = "%Y-%m-%d %H:%M:%S" }}
status = {{ column = "state", values = {{ open = "handling", done = "closed"{more} }}, default = "quarantine" }}
category = "what"
title = "title"
longitude = "lon"
latitude = "lat"
[sources.pins]
points = [[114.0, 30.5]]
"""


@dataclass
class App:
    """A running application and its store."""

    url: str
    var: Path
    folder: Path
    errors: list[str] = field(default_factory=list)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What plain SQL finds in the store."""
        with contextlib.closing(sqlite3.connect(self.var / "gridhall.db")) as store:
            return store.execute(query, values).fetchall()

    def store(self) -> sqlite3.Connection:
        """The store, to be written to by plain SQL."""
        return sqlite3.connect(self.var / "gridhall.db", timeout=20)

    def frame(self, query: str) -> pd.DataFrame:
        """The same as a frame."""
        with contextlib.closing(sqlite3.connect(self.var / "gridhall.db")) as store:
            return pd.read_sql_query(query, store)

    def command(self, *words: str) -> list[dict[str, Any]]:
        """Run a command beside the server, as from a second terminal; its JSON lines."""
        done = subprocess.run(
            [sys.executable, "app.py", *words], cwd=ROOT, env=self.environ(), capture_output=True, text=True, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def environ(self) -> dict[str, str]:
        """The environment of this application's processes."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GRIDHALL_")}
        config = self.folder / "town.toml"
        return kept | {"GRIDHALL_VAR": str(self.var)} | ({"GRIDHALL_CONFIG": str(config)} if config.exists() else {})


@contextlib.contextmanager
def running(folder: Path) -> Iterator[App]:
    """Serve the settings of a folder (town.toml, or the demo town) until the end; no worker, so that nothing moves."""
    port = free_port()
    app = App(f"http://127.0.0.1:{port}", folder / "var", folder)
    words = [sys.executable, str(ROOT / "app.py"), "serve", "--port", str(port), "--no-worker"]
    settings = (f"{k}={v}" for k, v in app.environ().items() if k.startswith("GRIDHALL_"))
    server = Server(["env", "-C", str(ROOT), *settings, *words], folder / "server.log", folder)
    try:
        server.start(lambda: answers(app.url))
        seed(f"sqlite:///{app.var}/gridhall.db")
        yield app
    finally:
        server.stop()


def answers(url: str) -> bool:
    """Whether the application is ready."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory) -> Iterator[App]:
    """The demo town, seeded."""
    with running(tmp_path_factory.mktemp("demo")) as app:
        yield app


def street_rows() -> list[dict[str, str]]:
    """Cases of the last days: open, late, closed, off the map, with cells like formulas, and three bad ones."""

    def at(hours: float) -> str:
        return (NOW - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")

    usual = {"due": "", "closed": "", "state": "open", "what": "Litter", "title": "", "lon": "114.005", "lat": "30.005"}
    rows = [{**usual, "id": f"A{n}", "at": at(n), "title": text} for n, text in enumerate(FORMULAS, start=1)]
    rows += [
        {**usual, "id": "LATE", "at": at(20), "due": at(0.4), "title": "Pile at the gate"},
        {**usual, "id": "SOON", "at": at(20), "due": at(-3.94), "lon": "114.0055"},
        {**usual, "id": "DONE", "at": at(30), "due": at(10), "closed": at(12), "state": "done", "what": "Noise"},
        {**usual, "id": "NOPLACE", "at": at(31), "lon": "", "lat": ""},
        {**usual, "id": "PIN", "at": at(32), "lon": "114.0", "lat": "30.5"},
        {**usual, "id": "FAR", "at": at(33), "lon": "20.3", "lat": "40.7"},
        {**usual, "id": "ODD", "at": at(34), "state": "lost"},
        {**usual, "id": "BROKEN", "at": "yesterday"},
        {**usual, "id": "EARLY", "at": at(20), "closed": at(25), "state": "done"},
    ]
    return rows


def square(code: str, west: float) -> dict[str, Any]:
    """A grid of a hundredth of a degree."""
    east, south, north = west + 0.01, 30.0, 30.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "name": f"Grid {code}"}, "geometry": shape}


def write_street(folder: Path, rows: list[dict[str, str]], more: str = "") -> None:
    """The files of the street; more: further states that its mapping knows."""
    squares = [square(code, west) for code, west in (("A1", 114.0), ("A2", 114.01))]
    (folder / "grids.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": squares}))
    (folder / "town.toml").write_text(TOWN.format(more=more))
    pd.DataFrame(rows).to_csv(folder / "street.csv", index=False)


@contextlib.contextmanager
def street(folder: Path) -> Iterator[App]:
    """A street of two grids with a file of cases, fetched once."""
    write_street(folder, street_rows())
    with running(folder) as app:
        app.command("sync", "--once", "--json")
        yield app


@pytest.fixture(scope="session")
def street_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The street, to be looked at."""
    with street(tmp_path_factory.mktemp("street")) as app:
        yield app


@pytest.fixture
def fresh_street(tmp_path: Path) -> Iterator[App]:
    """A street of one's own, to be changed."""
    with street(tmp_path) as app:
        yield app


@pytest.fixture
def quiet_page(page: Page) -> Iterator[Page]:
    """A page whose console must stay without errors."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        of_a_camera = "/video/" in message.location["url"]  # one that is off answers 503, and Chromium says so
        if message.type == "error" and not (of_a_camera and "503" in message.text):
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []

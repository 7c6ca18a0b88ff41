"""The route that colours the map, beside a route of the same server that only sends the same bytes.

A site of 500 grids with 20,000 cases on SQLite, served as always (one process, gate and packing included) over
loopback. One client on one connection asks for each route in turn, a block at a time; what is compared is the CPU time
of the server's process. Every address asked for is known to the server: a reader who looks again, or another reader.
"""

import gzip
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

ROOT = Path(__file__).parent.parent
COLUMNS, ROWS, STEP, WEST, SOUTH = 25, 20, 0.005, 114.0, 30.0
CASES, BLOCK, ROUNDS, WARM = 20_000, 1_500, 12, 200
PATH = "/values?period=90d&category=Litter&category=Noise&measure=reported"
GOAL = 1.2
CONFIG = """
[site]
name = "Five hundred grids"
[[areas]]
level = "grid"
file = "grids.geojson"
code = "code"
name = "code"
[[sources]]
name = "cases"
connector = "feeds.file"
record = "case"
options = { path = "cases.csv" }
[sources.fields]
external_id = "id"
category = "category"
status = "status"
reported_at = { column = "at", format = "iso" }
longitude = "lon"
latitude = "lat"
"""


def lay_out(folder: Path) -> None:
    """Boundaries, cases and settings of the site."""
    squares = [
        {
            "type": "Feature", "properties": {"code": f"G{y * COLUMNS + x:03d}"},
            "geometry": {"type": "Polygon", "coordinates": [[
                [WEST + (x + dx) * STEP, SOUTH + (y + dy) * STEP] for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
            ]]},
        }
        for y in range(ROWS) for x in range(COLUMNS)
    ]  # fmt: skip
    (folder / "grids.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": squares}))
    (folder / "site.toml").write_text(CONFIG)
    rng, now = np.random.default_rng(7), datetime.now(UTC).replace(tzinfo=None)
    ages = rng.integers(60, 180 * 86_400, CASES)
    pd.DataFrame({
        "id": np.arange(CASES), "category": rng.choice(["Litter", "Noise", "Parking", "Drain"], CASES), "status": "handling",
        "at": [(now - timedelta(seconds=int(age))).isoformat(timespec="seconds") for age in ages],
        "lon": WEST + COLUMNS * STEP * rng.random(CASES), "lat": SOUTH + ROWS * STEP * rng.random(CASES),
    }).to_csv(folder / "cases.csv", index=False)  # fmt: skip


def create_app() -> object:
    """The application as always, with one route more: bytes that are there already (uvicorn's import string)."""
    from fastapi import Response  # noqa: PLC0415  only the server needs them

    from api import values  # noqa: PLC0415
    from app import create_app as create  # noqa: PLC0415

    body = gzip.compress(Path(os.environ["GRIDHALL_BARE"]).read_bytes(), mtime=0)
    headers = {"Cache-Control": "no-store", "Content-Encoding": "gzip"}

    @values.router.get("/bare")
    async def bare() -> Response:
        return Response(body, media_type="application/json", headers=headers)

    return create()


@contextmanager
def serving(folder: Path, environ: dict[str, str]) -> Iterator[tuple[psutil.Process, http.client.HTTPConnection]]:
    """The server's process and a connection to it."""
    words = [
        "uvicorn",
        "benchmarks.values:create_app",
        "--factory",
        "--port",
        "0",
        "--log-level",
        "info",
        "--no-access-log",
    ]
    with (folder / "log").open("w") as log:
        child = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environ, stderr=log, stdout=log)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", _port(child, folder / "log"))
        yield psutil.Process(child.pid), connection
    finally:
        child.terminate()
        child.wait(timeout=30)


def _port(child: subprocess.Popen[bytes], log: Path) -> int:
    while child.poll() is None:
        for line in log.read_text().splitlines():
            if "running on http://127.0.0.1:" in line:
                return int(line.split("127.0.0.1:")[1].split()[0])
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.1)
    raise RuntimeError(log.read_text())


def ask(connection: http.client.HTTPConnection, path: str, key: str) -> bytes:
    """The bytes of an answer as they came."""
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


def _cpu_ms(process: psutil.Process, connection: http.client.HTTPConnection, path: str, key: str) -> float:
    """CPU milliseconds of the server for one request, over a block."""
    before = process.cpu_times()
    for _request in range(BLOCK):
        ask(connection, path, key)
    after = process.cpu_times()
    return float(1000 * (after.user + after.system - before.user - before.system) / BLOCK)


def _key(environ: dict[str, str]) -> str:
    """A key of an account that sees the whole site."""
    new = ["add", "bench", "--role", "viewer", "--whole-site", "--password-stdin"]
    for words in (new, ["key", "bench", "--label", "bench"]):
        command = [sys.executable, "app.py", "user", *words]
        told = subprocess.run(
            command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True, input="measured-by-1\n"
        )
    key: str = json.loads(told.stdout)["key"]
    return key


def measure() -> tuple[float, float, int]:
    """(median CPU ms of /values, of the bare route, bytes of an answer)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GRIDHALL_")}
        told = {
            "GRIDHALL_CONFIG": str(folder / "site.toml"),
            "GRIDHALL_VAR": str(folder / "var"),
            "GRIDHALL_BARE": str(folder / "body"),
        }
        subprocess.run(
            [sys.executable, "app.py", "sync", "--once", "--json"],
            cwd=ROOT,
            env=kept | told,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        key = _key(kept | told)
        (folder / "body").write_bytes(b"{}")
        with serving(folder, kept | told) as (_process, connection):
            (folder / "body").write_bytes(gzip.decompress(ask(connection, PATH, key)))
        with serving(folder, kept | told) as (process, connection):
            for _request in range(WARM):
                answers = [ask(connection, path, key) for path in (PATH, "/bare")]
            if gzip.decompress(answers[0]) != gzip.decompress(answers[1]):
                raise RuntimeError("the two routes do not send the same")
            rounds = [[_cpu_ms(process, connection, path, key) for path in (PATH, "/bare")] for _round in range(ROUNDS)]
    values, bare = (statistics.median(times) for times in zip(*rounds, strict=True))
    return values, bare, len(answers[0])


def main(_sizes: Sequence[int] = ()) -> list[tuple[str, float, str]]:
    """Rows of (what, value, goal)."""
    values, bare, size = measure()
    return [
        ("CPU of /values ÷ CPU of a bare route", values / bare, f"≤ {GOAL}"),
        ("CPU of /values, ms", values, "–"),
        ("bytes of an answer, 500 grids", size, "about 1,000"),
    ]


if __name__ == "__main__":
    for what, value, goal in main():
        print(f"{what}: {value:,.3g} (goal {goal})")

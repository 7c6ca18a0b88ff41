"""Pictures of a wall of sixteen cameras, each asked for every two seconds: what they cost the server and its relays.

Once drawn cameras (video.demo), once cameras over RTSP (GStreamer on loopback, H.264, 320 × 180 at ten pictures a second),
beside the same server idle before each of them in the same run. What is compared is the CPU time of the server with all
its processes, in per cent of a core; the cameras themselves are not counted.
"""

import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psutil

from store.engine import open_engine, read
from tests.accounts import HEADERS, seed
from tests.servers.processes import free_port
from tests.servers.rtsp import RtspServer, running_rtsp

ROOT = Path(__file__).parent.parent
CAMERAS, EVERY, SECONDS, ROUNDS, WARM = 16, 2.0, 20.0, 3, 6.0
RELAYS_END = 33.0
"""Relays last half a minute after the last look: so long it takes until the server is idle again."""
GOAL = 15.0
AREA = '[[areas]]\nlevel = "{}"\nconnector = "feeds.demo"\ncode = "code"\nname = "name"\n'
CONFIG = """
[site]
name = "A wall of cameras"
{areas}
[[sources]]
name = "drawn"
connector = "video.demo"
record = "camera"
[[sources]]
name = "rtsp"
connector = "video.rtsp"
record = "camera"
options = {{ cameras = [{cameras}] }}
"""
KINDS = {"drawn": "video.demo", "rtsp": "RTSP"}


def lay_out(folder: Path, server: RtspServer) -> dict[str, str]:
    """Settings, a filled store and its viewer; the environment of the installation."""
    areas = AREA.format("street") + "".join(AREA.format(each) + 'parent = "parent"\n' for each in ("community", "grid"))
    cameras = ", ".join(
        f'{{ id = "{n}", url = "{server.bare(n)}", user = "{server.user}", password = "{server.password}", '
        "longitude = 113.117, latitude = 30.5311 }"
        for n in range(CAMERAS)
    )
    (folder / "site.toml").write_text(CONFIG.format(areas=areas, cameras=cameras))
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GRIDHALL_")}
    told = outside | {"GRIDHALL_CONFIG": str(folder / "site.toml"), "GRIDHALL_VAR": str(folder / "var")}
    subprocess.run(
        [sys.executable, "app.py", "sync", "--once", "--json"],
        cwd=ROOT,
        env=told,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seed(f"sqlite:///{folder}/var/gridhall.db")
    return told


def numbers(folder: Path) -> dict[str, list[int]]:
    """Sixteen cameras of each kind that are on."""
    engine = open_engine(f"sqlite:///{folder}/var/gridhall.db")
    asked = "SELECT c.id FROM cameras c JOIN sources s ON s.id = c.source_id WHERE s.name = '{}' AND c.online ORDER BY c.id LIMIT 16"
    with read(engine) as connection:
        found = {kind: list(connection.exec_driver_sql(asked.format(kind)).scalars()) for kind in KINDS}
    engine.dispose()
    if any(len(each) < CAMERAS for each in found.values()):
        raise RuntimeError(f"not sixteen cameras of each kind: {found}")
    return found


@contextmanager
def serving(environ: dict[str, str]) -> Iterator[tuple[psutil.Process, int]]:
    """The server as always, without the worker."""
    port = free_port()
    words = [sys.executable, "app.py", "serve", "--no-worker", "--port", str(port)]
    child = subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while child.poll() is None:
            with suppress(OSError):
                if asked(port, "/readyz")[0] == 200:
                    break
            time.sleep(0.2)
        yield psutil.Process(child.pid), port
    finally:
        child.terminate()
        child.wait(timeout=30)


def asked(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Wall:
    """Asks for the cameras in turn, evenly over EVERY seconds, each from a thread of its own, until it is left."""

    def __init__(self, port: int, cameras: list[int]) -> None:
        self._port, self._over = port, threading.Event()
        self._at = [json.loads(asked(port, f"/video/sign/{each}")[1])["at"] for each in cameras]
        self.statuses: list[int] = []
        self._threads = [threading.Thread(target=self._tile, args=each) for each in enumerate(self._at)]

    def _tile(self, number: int, at: str) -> None:
        self._over.wait(number * EVERY / CAMERAS)
        for turn in itertools.count(1):
            began = time.monotonic()
            self.statuses.append(asked(self._port, f"{at}/picture.jpg?n={turn}")[0])
            if self._over.wait(max(0.0, EVERY - (time.monotonic() - began))):
                return

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


def spent(server: psutil.Process) -> float:
    """Seconds of CPU of the server, its children, and those of them that have ended."""
    total = 0.0
    for process in (server, *server.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


def load(server: psutil.Process) -> float:
    """Per cent of a core over SECONDS."""
    began, before = time.monotonic(), spent(server)
    time.sleep(SECONDS)
    return (spent(server) - before) / (time.monotonic() - began) * 100


def main(_sizes: Sequence[int] = ()) -> list[tuple[str, float, str]]:
    """Measure in interleaved rounds; prints each."""
    loads: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory(prefix="gridhall-pictures-") as made, running_rtsp() as cameras:
        folder = Path(made)
        environ = lay_out(folder, cameras)
        wanted = numbers(folder)
        with serving(environ) as (server, port):
            for _round, kind in itertools.product(range(ROUNDS), KINDS):
                idle = load(server)
                with Wall(port, wanted[kind]) as wall:
                    time.sleep(WARM)
                    wall.statuses.clear()
                    busy = load(server)
                    got = list(wall.statuses)
                loads[kind].append(busy - idle)
                good = got.count(200)
                sys.stdout.write(
                    f"{KINDS[kind]}: {busy:.1f} % of a core, idle {idle:.1f} %; {good} pictures of {len(got)}\n"
                )
                sys.stdout.flush()
                if kind == "rtsp":
                    time.sleep(RELAYS_END)
    return [
        (f"16 pictures every 2 s, {KINDS[kind]}, % of a core above idle", statistics.median(each), f"< {GOAL:g}")
        for kind, each in loads.items()
    ]

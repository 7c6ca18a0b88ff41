"""What a browser loads for `/`, in bytes over the wire: until map and cards are there, in all, and for each later click.

The demo town in real Chromium with an empty cache. The chart's library is the one thing that comes after map and cards;
map tiles are told apart, because they belong to the ground that is looked at. The files are in their tightest form
(the first reader after an installation gets quicker ones, a tenth larger).
"""

import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from demo.people import PASSWORD

ROOT = Path(__file__).parent.parent
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LATER = "plotly"
FIRST_MB, ALL_MB, CLICK_KB, CALM_MS, MEGA, KILO = 0.9, 2.2, 10.0, 1_500, 1e6, 1e3
CARDS, CELLS, CHART = ".kpi-card .kpi-value", "path.cell", "#overview-trend-graph .barlayer path"


class Traffic:
    """Bytes received by address, headers included."""

    def __init__(self, page: Page) -> None:
        self.rows: list[tuple[str, float]] = []
        self.packed: set[str] = set()
        self._open: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._ended)
        session.on("Network.loadingFailed", lambda event: self._open.pop(event["requestId"], None))

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come (the doorbell's stream never ends)."""
        return any("/live" not in url for url in self._open.values())

    def _asked(self, event: dict[str, Any]) -> None:
        self._open[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"]["headers"].get("content-encoding") == "br":
            self.packed.add(event["response"]["url"])

    def _ended(self, event: dict[str, Any]) -> None:
        self.rows.append((self._open.pop(event["requestId"], ""), event["encodedDataLength"]))

    def bytes(self, wanted: Callable[[str], bool]) -> float:
        return sum(size for url, size in self.rows if wanted(url))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The demo town of a fresh folder, seeded, without the worker that would ring while we count."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("GRIDHALL_")} | {"GRIDHALL_VAR": str(folder)}
    words = [sys.executable, "app.py", "serve", "--no-worker", "--port", str(port)]
    child = subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while child.poll() is None and not _answers(url):
            with suppress(subprocess.TimeoutExpired):
                child.wait(0.2)
        yield url
    finally:
        child.terminate()
        child.wait(timeout=30)


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310  our own server
        return bool(answer.status == 200)
    return False


def opened(browser: Browser, url: str) -> tuple[Page, Traffic]:
    """`/` complete, in a browser that has seen nothing yet."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    signed_in = page.request.post(
        f"{url}/login", form={"login": "viewer", "password": PASSWORD}, headers={"Origin": url}, max_redirects=0
    )
    if signed_in.status != 303:
        raise RuntimeError(f"sign-in: {signed_in.status}")
    traffic = Traffic(page)
    page.goto(url)
    for part in (CARDS, CELLS, CHART):
        page.wait_for_selector(part, state="attached", timeout=60_000)
    _calm(page, traffic)
    return page, traffic


def _calm(page: Page, traffic: Traffic) -> None:
    """Wait until nothing has been asked for or come for a while."""
    known = -1
    while traffic.waiting or known != len(traffic.rows):
        known = len(traffic.rows)
        page.wait_for_timeout(CALM_MS)


def packed(folder: Path, browser: Browser, url: str) -> None:
    """Look once, and wait until every script that was asked for lies in its tightest form."""
    page, traffic = opened(browser, url)
    while len(list((folder / "static").glob("*.br"))) < len(traffic.packed):
        page.wait_for_timeout(CALM_MS)
    page.context.close()


CLICKS = (
    ("satisfaction", "[data-kpi=satisfaction] .kpi-choose"),
    ("problems reported", "[data-kpi=reported] .kpi-choose"),
    ("communities", "#overview-layer label:has-text('社区')"),
    ("grids again", "#overview-layer label:has-text('网格')"),
)
ROUNDS = 3
"""The figures of the open page are read anew every minute; the least of three rounds has none of that."""


def main(_sizes: Sequence[int] = ()) -> list[tuple[str, float, str]]:
    """Rows of (what, value, goal)."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with serving(Path(name)) as url:
            packed(Path(name), browser, url)
            page, traffic = opened(browser, url)
            here = [row for row in traffic.rows if "/live" not in row[0]]
            tiles = sum(size for address, size in here if "/tiles/" in address)
            whole = sum(size for _address, size in here) - tiles
            later = sum(size for address, size in here if LATER in address)
            rows = [
                ("MB until map and cards are there", (whole - later) / MEGA, f"≤ {FIRST_MB}"),
                ("MB of the complete page", whole / MEGA, f"< {ALL_MB}"),
                ("MB of map tiles", tiles / MEGA, "–"),
            ]
            sizes: dict[str, list[float]] = {what: [] for what, _part in CLICKS}
            for what, part in CLICKS * ROUNDS:
                traffic.rows.clear()
                page.click(part)
                _calm(page, traffic)
                sizes[what].append(traffic.bytes(lambda address: "/tiles/" not in address and "/live" not in address))
            rows += [(f"KB of a click: {what}", min(found) / KILO, f"< {CLICK_KB:g}") for what, found in sizes.items()]
        browser.close()
    return rows


if __name__ == "__main__":
    for what, value, goal in main():
        print(f"{what}: {value:,.3g} (goal {goal})")

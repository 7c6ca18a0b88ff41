"""REST to stored case beside its floor, and one large answer in bounded memory, each in one run.

Floor: httpx asks for the same answers, parses their JSON, and one prepared executemany writes the rows, mapped
beforehand, into the same indexed table. The server is a process of its own that hands out files. Runs are interleaved,
medians; trust the ratios. The large answer is read in a process of its own, so that its memory is its own.
"""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.ingest import (
    ROUNDS,
    TIME,
    Store,
    counted,
    frames,
    inserted,
    stored_rows,
    whole,
    with_categories,
    write_town,
)

ROOT = Path(__file__).parent.parent
ROWS, PAGE, MEGABYTES = 100_000, 5_000, 200
SOURCE = """
[[sources]]
name = "rows"
connector = "feeds.rest"
record = "case"
[sources.options]
url = "{url}/page0.json"
items = "requests"
paging = {{ by = "link", next = "next" }}
most_megabytes = 4096
total_seconds = 3600
[sources.fields]
external_id = "id"
reported_at = "opened"
due_at = "due"
closed_at = "closed"
status = {{ column = "status", values = {{ Open = "handling", Closed = "closed" }} }}
category = "type"
title = "title"
department = "department"
channel = "channel"
longitude = "place.lon"
latitude = "place.lat"
"""
KEPT = ("id", "status", "type", "title", "department", "channel", *(f"other_{number}" for number in range(5)))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's files over HTTP, by a process of its own: its address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            told = server.stdout.readline() if server.stdout else ""
            yield told.split("(")[1].split(")")[0].rstrip("/")
        finally:
            server.terminate()


def requests(folder: Path) -> list[dict[str, Any]]:
    """The town's rows as an API gives them: times with their zone, the place an object of its own."""
    with (folder / "rows.csv").open(newline="") as file:
        return [_request(row) for row in csv.DictReader(file)]


def _request(row: dict[str, str]) -> dict[str, Any]:
    times = {name: _iso(row[name]) for name in ("opened", "due", "closed")}
    place = {"lon": float(row["lon"]), "lat": float(row["lat"])}
    return {**{name: row[name] for name in KEPT}, **times, "place": place}


def _iso(text: str) -> str | None:
    return datetime.strptime(text, TIME).strftime("%Y-%m-%dT%H:%M:%SZ") if text else None  # noqa: DTZ007 (Z says it)


def lay_out(folder: Path, url: str, rows: list[dict[str, Any]]) -> None:
    """The answers, each naming the next, and settings that read them."""
    pages = [rows[at : at + PAGE] for at in range(0, len(rows), PAGE)]
    for number, page in enumerate(pages):
        following = f"page{number + 1}.json" if number + 1 < len(pages) else None
        (folder / f"page{number}.json").write_text(json.dumps({"requests": page, "next": following}))
    settings = (folder / "settings.toml").read_text()
    (folder / "settings.toml").write_text(settings.partition("[[sources]]")[0] + SOURCE.format(url=url))


def floor(store: Store, url: str, rows: list[Any]) -> float:
    """Ask for every answer, parse it, then one executemany: seconds."""
    started = time.perf_counter()
    name: str | None = "page0.json"
    with httpx.Client() as client:
        while name:
            name = client.get(f"{url}/{name}").json()["next"]
    inserted(store, rows)
    return time.perf_counter() - started


def measure(folder: Path, url: str) -> Iterator[tuple[str, float, str]]:
    """(what, ratio, goal) of REST to stored case."""
    numbers = iter(range(1_000))

    def fresh() -> Store:
        return Store(folder, f"sqlite:///{folder}/store{next(numbers)}.db")

    first = fresh()
    counted(first, list(frames(first)))
    rows = stored_rows(first)
    spent: dict[str, list[float]] = {"whole": [], "floor": []}

    def least(store: Store) -> float:
        with_categories(first, store)
        return floor(store, url, rows)

    ways: dict[str, Callable[[Store], float]] = {"whole": whole, "floor": least}
    for _round in range(ROUNDS):
        for name, way in ways.items():
            spent[name].append(way(fresh()))
    ours, bare = (statistics.median(spent[name]) for name in ("whole", "floor"))
    yield "REST to stored case ÷ (httpx + JSON + one executemany) (time)", ours / bare, "≤ 3"
    yield "REST to stored case, rows a second", len(rows) / ours, "(an amount)"


def write_large(folder: Path, rows: list[dict[str, Any]], megabytes: int) -> int:
    """One answer that long, of the rows again and again under new numbers: how many."""
    count, size = 0, megabytes << 20
    with (folder / "large.json").open("w") as file:
        file.write('{"requests": [')
        while file.tell() < size:
            for row in rows[:PAGE]:
                file.write(f"{',' if count else ''}{json.dumps({**row, 'id': count})}")
                count += 1
        file.write('], "next": null}')
    return count


def large(folder: Path, url: str, rows: list[dict[str, Any]], megabytes: int) -> Iterator[tuple[str, float, str]]:
    """(what, amount, goal) of one large answer, beside httpx and JSON that hold it whole."""
    count = write_large(folder, rows, megabytes)
    settings = (folder / "settings.toml").read_text().replace("page0.json", "large.json")
    (folder / "large.toml").write_text(settings)

    def told(*words: str) -> dict[str, float]:
        command = [sys.executable, "-m", "benchmarks.rest_large", *words]
        found: dict[str, float] = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
        if found["rows"] != count:
            raise ValueError(f"{count} rows were served, {found['rows']} read")
        return found

    ours, theirs = told("mapped", str(folder / "large.toml")), told("whole", f"{url}/large.json")
    yield f"answer of {megabytes} MB: memory grew by MB", ours["grown"], "≤ 150, whatever its size"
    yield (
        f"answer of {megabytes} MB: memory ÷ httpx and JSON that hold it whole",
        ours["grown"] / theirs["grown"],
        "≤ 0.2",
    )
    yield f"answer of {megabytes} MB: MB read and mapped a second", megabytes / ours["seconds"], "(an amount)"


def main(sizes: tuple[int, ...] = (ROWS, MEGABYTES)) -> list[tuple[str, float, str]]:
    """Measure on SQLite with sizes[0] rows, and an answer of sizes[1] MB."""
    count, megabytes = (*sizes, MEGABYTES)[:2]
    with tempfile.TemporaryDirectory(prefix="gridhall-bench-") as text:
        folder = Path(text)
        write_town(folder, "", count)
        with served(folder) as url:
            rows = requests(folder)
            lay_out(folder, url, rows)
            return [*measure(folder, url), *large(folder, url, rows, megabytes)]


if __name__ == "__main__":
    for what, ratio, goal in main(tuple(map(int, sys.argv[1:])) or (ROWS, MEGABYTES)):
        sys.stdout.write(f"{what}: {ratio:,.3g} (goal {goal})\n")

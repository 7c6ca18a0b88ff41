"""Drains what a broker holds into a store; run by itself, it says in JSON: seconds, kept, and by how many MB it grew."""

import json
import sys
import time
from pathlib import Path

from benchmarks.rest_large import peak
from config import load
from datasources.contract import Batch, Sunk
from datasources.poller import run_once
from store.engine import open_engine
from wiring import House, prepare

SETTINGS = """
[site]
name = "Benchmark"
[[areas]]
level = "community"
file = "areas.geojson"
code = "code"
name = "name"
[[sources]]
name = "broker"
connector = "feeds.mqtt"
record = "reading"
[sources.options]
url = "mqtt://127.0.0.1:{port}"
client = "{name}"
topics = ["town/{{sensor}}/level"]
[sources.fields]
sensor = "sensor"
measure = {{ value = "level" }}
value = "value"
unit = "unit"
observed_at = {{ column = "at", format = "iso" }}
"""
SQUARE = [[114.0, 30.0], [114.1, 30.0], [114.1, 30.1], [114.0, 30.1], [114.0, 30.0]]


def lay_out(folder: Path, port: int, name: str) -> Path:
    """Settings of a town that hears the broker under a name, with a store of its own."""
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    square = {"type": "Feature", "properties": {"code": "C1", "name": "Square"}, "geometry": shape}
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [square]}))
    settings = folder / f"{name}.toml"
    settings.write_text(SETTINGS.format(port=port, name=name))
    return settings


def drained(settings: Path) -> dict[str, float]:
    """Store all that the broker holds: kept, and the seconds until the last of it was committed."""
    loaded = load(settings, {"GRIDHALL_VAR": str(settings.with_suffix(""))})
    house = House(loaded, open_engine(loaded.store_url))
    prepare(house)
    ((job, feed),) = house.jobs()
    started = time.perf_counter()
    last = started

    def sink(batch: Batch) -> Sunk:
        nonlocal last
        sunk = feed(batch)
        last = time.perf_counter()
        return sunk

    tally = run_once(job.source, job.connector, job.mapping, sink, cursor=feed.cursor(), clock=house.clock)
    feed.succeeded()
    house.engine.dispose()
    return {"kept": tally.kept, "seconds": last - started}


if __name__ == "__main__":
    before = peak()
    found = drained(Path(sys.argv[1]))
    sys.stdout.write(json.dumps({**found, "grown": peak() - before}))

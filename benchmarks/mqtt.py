"""MQTT to stored reading beside its floor, and a long queue drained in bounded memory, each in one run.

Floor: a bare loop of paho that receives the same messages of the same broker at QoS 1 and only counts them. Both have a
session that the broker kept the messages in. Runs are interleaved, medians; trust the ratio. The long queue is drained in
a process of its own, so that its memory is its own.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.mqtt_broker import broker, client, connect, messages, pour, subscribe
from benchmarks.mqtt_drain import drained, lay_out

ROOT = Path(__file__).parent.parent
MESSAGES, QUEUED, ROUNDS = 50_000, 1_000_000, 3


def received(port: int, name: str, count: int) -> float:
    """Receive that many and count them: seconds."""
    found, seen = client(name), 0

    def came(*_words: object) -> None:
        nonlocal seen
        seen += 1

    found.on_message = came
    started = time.perf_counter()
    connect(found, port)
    while seen < count:
        found.loop(0.1)
    seconds = time.perf_counter() - started
    found.disconnect()
    return seconds


def measure(folder: Path, port: int, count: int) -> Iterator[tuple[str, float, str]]:
    """(what, ratio or amount, goal) of MQTT to stored reading on SQLite."""
    settings, bare, ours = lay_out(folder, port, "ours"), list[float](), list[float]()
    for name in ("bare", "ours"):
        subscribe(port, name)
    for turn in range(ROUNDS):
        pour(port, messages(turn * count, count))
        bare.append(received(port, "bare", count))
        found = drained(settings)
        if found["kept"] != count:
            raise ValueError(f"{count} messages were sent, {found['kept']} stored")
        ours.append(found["seconds"])
    mine, floor = statistics.median(ours), statistics.median(bare)
    yield "MQTT to stored reading ÷ a bare QoS 1 receive loop (time)", mine / floor, "≤ 3"
    yield "MQTT to stored reading, messages a second", count / mine, "(an amount)"
    yield "a bare QoS 1 receive loop, messages a second", count / floor, "(an amount)"


def long_queue(folder: Path, port: int, count: int) -> Iterator[tuple[str, float, str]]:
    """(what, amount, goal) of a long queue, in a process of its own."""
    settings = lay_out(folder, port, "long")
    subscribe(port, "long")
    pour(port, messages(0, count))
    command = [sys.executable, "-m", "benchmarks.mqtt_drain", str(settings)]
    found = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    if found["kept"] != count:
        raise ValueError(f"{count} messages were queued, {found['kept']} stored")
    yield f"{count:,} queued messages: stored a second", count / found["seconds"], "(an amount)"
    yield f"{count:,} queued messages: memory grew by MB", found["grown"], "≤ 150, however many"


def main(sizes: tuple[int, ...] = (MESSAGES, QUEUED)) -> list[tuple[str, float, str]]:
    """Measure with sizes[0] messages a round, and a queue of sizes[1]."""
    count, queued = (*sizes, QUEUED)[:2]
    with tempfile.TemporaryDirectory(prefix="gridhall-bench-") as text:
        folder = Path(text)
        with broker(folder) as port:
            return [*measure(folder, port, count), *(long_queue(folder, port, queued) if queued else ())]


if __name__ == "__main__":
    for what, value, goal in main(tuple(map(int, sys.argv[1:])) or (MESSAGES, QUEUED)):
        sys.stdout.write(f"{what}: {value:,.3g} (goal {goal})\n")

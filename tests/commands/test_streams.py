"""What is pushed to us, and the power goes, here or there: nothing that was still held is lost, and nothing is doubled."""

import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import redis

from tests.commands.smalltown import SmallTown
from tests.commands.test_worker import comes_true
from tests.conftest import LOOPBACK
from tests.datasources.feeds.mqtt.talk import pour
from tests.servers.mosquitto import Mosquitto, running_mosquitto
from tests.servers.redis import Redis, running_redis
from wiring import prepare

SOURCES = """
[[sources]]
name = "broker"
connector = "feeds.mqtt"
record = "reading"
every = "1s"
options = {{ url = "{broker[url]}", user = "{broker[user]}", password = "{broker[password]}", client = "town", topics = ["town/{{sensor}}/level"], page_rows = 100 }}
fields = {{ sensor = "sensor", measure.value = "level", value = "value", observed_at.column = "at", observed_at.format = "iso" }}

[[sources]]
name = "stream"
connector = "feeds.redis_stream"
record = "reading"
every = "1s"
options = {{ url = "{stream}", stream = "readings", page_rows = 100 }}
fields = {{ sensor = "sensor", measure.value = "flow", value = "value", observed_at.column = "at", observed_at.format = "iso" }}
"""
BEGIN, SENSORS, BURST, POISON = 1_780_000_000, 40, 3_000, 1_000
pytestmark = [pytest.mark.allow_hosts(LOOPBACK), pytest.mark.mosquitto, pytest.mark.redis]


@dataclass
class Line:
    """A small town that hears a broker and a stream and watches a file; its worker may be killed and started again."""

    town: SmallTown
    broker: Mosquitto
    stream: Redis
    worker: subprocess.Popen[str] | None = None
    said: list[dict] = field(default_factory=list)

    def work(self) -> None:
        """Start the worker, and wait until it hears both."""
        self.worker = self.town.program.start("worker")
        assert comes_true(lambda: self.states() == {"cases": "ok", "broker": "ok", "stream": "ok"})

    def end(self, sent: int = signal.SIGKILL) -> None:
        """End the worker, as a power cut would or as told."""
        if self.worker is not None:
            self.worker.send_signal(sent)
            self.said += [json.loads(line) for line in self.worker.communicate(timeout=30)[1].splitlines()]
            self.worker = None

    def states(self) -> dict[str, str]:
        """Source → its state."""
        return {row["name"]: row["state"] for row in self.town.sources()}

    def total(self, what: str) -> int:
        """What a query counts."""
        return int(self.town.rows(f"SELECT count(*) AS n FROM {what}")[0]["n"])

    def gaps(self) -> list[tuple[str, str]]:
        """(source, why) of what was lost."""
        found = self.town.rows("SELECT name, why FROM source_gaps g JOIN sources s ON s.id = g.source_id ORDER BY g.id")
        return [(row["name"], row["why"]) for row in found]

    def ledger(self) -> dict[str, tuple[int, int, int]]:
        """Source → (kept, bad rows, read − (kept + unchanged + quarantined + empty))."""
        sums = "sum(kept) AS kept, sum(read - kept - unchanged - quarantined - empty) AS off"
        bad = "(SELECT count(*) FROM quarantine q WHERE q.source_id = s.id) AS bad"
        rows = self.town.rows(
            f"SELECT name, {bad}, {sums} FROM runs r JOIN sources s ON s.id = r.source_id GROUP BY s.id, name"
        )
        return {row["name"]: (int(row["kept"]), int(row["bad"]), int(row["off"])) for row in rows}

    def send(self, first: int, count: int) -> None:
        """Readings first, first + 1, … to both, one in a thousand of them poisoned."""
        told = [said(number) for number in range(first, first + count)]
        pour(self.broker, [(f"town/s{number % SENSORS}/level", text) for number, text in enumerate(told, first)])
        with redis.from_url(self.stream.url) as client, client.pipeline(transaction=False) as many:
            for number, text in enumerate(told, first):
                entry = {
                    "sensor": f"s{number % SENSORS}",
                    **(json.loads(text) if text != "?" else {"value": f"?{number}"}),
                }
                many.xadd("readings", entry)
            many.execute()


def said(number: int) -> str:
    """A reading as JSON; its time is its number, so that each is another one."""
    if number % POISON == 0:
        return "?"
    return json.dumps({"value": number, "at": datetime.fromtimestamp(BEGIN + number, UTC).isoformat()})


def good(numbers: range) -> int:
    return sum(number % POISON != 0 for number in numbers)


@pytest.fixture
def line(tmp_path) -> Iterator[Line]:
    with running_mosquitto() as broker, running_redis(durable=True) as stream:
        town = SmallTown(tmp_path).write()
        access = {"user": "", "password": "", **broker.access}
        town.settings.write_text(town.settings.read_text() + SOURCES.format(broker=access, stream=stream.url))
        house = town.program.house()
        prepare(house)
        house.engine.dispose()
        made = Line(town, broker, stream)
        yield made
        made.end()


def test_a_worker_that_loses_power_in_the_midst_of_a_burst_goes_on_where_it_was(line):
    line.work()
    line.send(1, BURST)
    assert comes_true(lambda: line.total("readings") > 500)
    line.end()
    before = line.total("readings")
    line.work()
    sent = good(range(1, BURST + 1))
    assert comes_true(lambda: line.total("readings") == 2 * sent), line.total("readings")
    line.end(signal.SIGTERM)
    assert 500 < before < 2 * sent, "the power went in the midst of it"
    assert line.total("reading_changes") == 0 and line.gaps() == []
    ledger = line.ledger()
    assert {name: ledger[name][0::2] for name in ("broker", "stream")} == {"broker": (sent, 0), "stream": (sent, 0)}
    assert ledger["broker"][1] == 1 and ledger["stream"][1] == BURST // POISON
    with redis.from_url(line.stream.url) as client:
        assert client.xpending("readings", "gridhall")["pending"] == 0


def test_servers_that_lose_power_come_back_with_all_they_held_or_with_a_gap_and_disturb_nobody(line):
    line.work()
    line.send(1, 50)
    assert comes_true(lambda: line.total("readings") == 100)
    line.stream.kill()
    line.broker.kill()
    assert comes_true(lambda: {line.states()[name] for name in ("broker", "stream")} == {"down"})
    line.town.fill(line.town.folder / "cases.csv", 80, seed=2)
    assert comes_true(lambda: line.total("cases") > 60) and line.states()["cases"] == "ok"
    line.stream.start()
    line.broker.start()
    assert comes_true(lambda: line.states() == {"cases": "ok", "broker": "ok", "stream": "ok"})
    line.send(51, 50)
    assert comes_true(lambda: line.total("readings") == 200)
    line.end(signal.SIGTERM)
    assert line.total("reading_changes") == 0
    ((name, why),) = line.gaps()
    assert name == "broker" and "lost our session" in why
    told = [(each["event"], each["source"]) for each in line.said if each.get("source")]
    assert sorted(told) == [(event, name) for event in ("source_down", "source_up") for name in ("broker", "stream")]

"""A Mosquitto of the benchmark's own, and the messages that it holds for whoever subscribed."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

TOPICS, SENSORS, BEGIN = "town/+/level", 1_000, 1_700_000_000
AT_ONCE = 20_000
SETTINGS = """\
persistence false
max_queued_messages 0
max_inflight_messages 0
allow_anonymous true
user {user}
listener {port} 127.0.0.1
"""


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """A broker that keeps every message in memory: its port."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise FileNotFoundError("the program mosquitto is not installed; install it to measure with it")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = folder / "mosquitto.conf"
    settings.write_text(SETTINGS.format(user="root" if os.geteuid() == 0 else "nobody", port=port))
    with subprocess.Popen(
        [program, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _attempt in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("the broker did not start")


def client(name: str) -> Client:
    """A client of MQTT 5 under a name."""
    return Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)


def connect(found: Client, port: int) -> None:
    """Connect under a session that the broker keeps for an hour."""
    kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    kept.SessionExpiryInterval = 3_600
    found.connect("127.0.0.1", port, clean_start=False, properties=kept)


def subscribe(port: int, name: str) -> None:
    """Make the broker keep messages for a name from now on."""
    found, granted = client(name), list[object]()
    found.on_subscribe = lambda *_words: granted.append(True)
    connect(found, port)
    while not found.is_connected():
        found.loop(0.1)
    found.subscribe(TOPICS, qos=1)
    while not granted:
        found.loop(0.1)
    found.disconnect()


def messages(first: int, count: int) -> Iterator[tuple[str, str]]:
    """Readings of a thousand sensors, each at a time of its own."""
    for number in range(first, first + count):
        at = datetime.fromtimestamp(BEGIN + number, UTC).isoformat()
        yield f"town/s{number % SENSORS}/level", json.dumps({"value": number / 8, "at": at, "unit": "m"})


def pour(port: int, told: Iterable[tuple[str, str]]) -> None:
    """Publish at QoS 1, thousands in flight; returns once the broker has confirmed every one."""
    found = client("")
    found.max_queued_messages_set(0)
    found.max_inflight_messages_set(1_000)
    found.connect("127.0.0.1", port)
    found.loop_start()
    waiting = []
    for topic, body in told:
        waiting.append(found.publish(topic, body, qos=1))
        if len(waiting) >= AT_ONCE:
            _confirmed(waiting)
    _confirmed(waiting)
    found.disconnect()
    found.loop_stop()


def _confirmed(waiting: list) -> None:  # type: ignore[type-arg]
    for sent in waiting:
        sent.wait_for_publish(120)
    waiting.clear()

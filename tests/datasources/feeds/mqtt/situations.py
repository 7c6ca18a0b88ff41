"""A broker as it comes: its recorded messages handed to the client library's callbacks, packet by packet."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from datasources.errors import AuthenticationError, TemporaryError
from datasources.feeds.mqtt import session
from tests.datasources.sources import Situation

RECORDED = Path(__file__).parent / "recorded" / "messages.jsonl"
OPTIONS = {
    "url": "mqtt://127.0.0.1:1883", "client": "gridhall", "topics": ["site/{building}/{sensor}/{measure}"], "page_rows": 4,
}  # fmt: skip


def recorded() -> list[MQTTMessage]:
    return [message(**json.loads(line)) for line in RECORDED.read_text().splitlines()]


def message(
    topic: str, payload: str, mid: int, qos: int = 1, *, retain: bool = False, dup: bool = False
) -> MQTTMessage:
    made = MQTTMessage(mid, topic.encode())
    made.payload, made.qos, made.retain, made.dup = payload.encode(), qos, retain, dup
    return made


class Broker:
    """What it keeps for us, and a client class that is handed one packet a turn. cut: breaks after so many messages."""

    def __init__(self, messages: list[MQTTMessage], code: str = "Success", cut: int | None = None) -> None:
        self.kept, self.code, self.cut = messages, code, cut

    def client(self, *_words: Any, **_settings: Any) -> Any:
        """A connection: answers, then what is kept and not acknowledged."""
        packets: list[Callable[[], MQTTErrorCode]] = []
        made = SimpleNamespace(username_pw_set=lambda *_: None, disconnect=lambda: None)

        def deliver(each: MQTTMessage) -> MQTTErrorCode:
            made.on_message(made, None, each)
            return MQTTErrorCode.MQTT_ERR_SUCCESS

        def answer() -> MQTTErrorCode:
            code = ReasonCode(PacketTypes.CONNACK, self.code)
            made.on_connect(made, None, SimpleNamespace(session_present=True), code, None)
            return MQTTErrorCode.MQTT_ERR_CONN_REFUSED if code.is_failure else MQTTErrorCode.MQTT_ERR_SUCCESS

        def connect(*_where: Any, **_how: Any) -> None:
            packets.append(answer)
            packets.extend(lambda each=each: deliver(each) for each in self.kept[: self.cut])
            if self.cut is not None:
                packets.append(lambda: MQTTErrorCode.MQTT_ERR_CONN_LOST)

        def acknowledged(mid: int, _qos: int) -> MQTTErrorCode:
            self.kept = [each for each in self.kept if each.mid != mid]
            return MQTTErrorCode.MQTT_ERR_SUCCESS

        made.connect, made.ack, made.subscribe = connect, acknowledged, lambda _wanted: None
        made.loop = lambda _seconds: packets.pop(0)() if packets else MQTTErrorCode.MQTT_ERR_SUCCESS
        return made


def told(folder: Path, broker: Broker, raises: type[Exception] | None = None) -> Situation:
    return Situation(
        OPTIONS, folder, raises=raises, arrange=lambda patch: patch.setattr(session, "BrokerClient", broker.client)
    )


def normal(folder: Path) -> Situation:
    return told(folder, Broker(recorded()))


def empty(folder: Path) -> Situation:
    return told(folder, Broker([]))


def partial(folder: Path) -> Situation:
    """The connection breaks in the middle (constructed: recorded messages, cut after nine)."""
    return told(folder, Broker(recorded(), cut=9), TemporaryError)


def malformed(folder: Path) -> Situation:
    """Among good ones (constructed): text that is no JSON, an empty payload, a topic that is not UTF-8."""
    bad = [message("site/b1/s1/temperature", "21,5 °C", 201), message("site/b1/s1/temperature", "", 202)]
    odd = message("", "{}", 203)
    odd._topic = b"site/b1/\xff/temperature"
    return told(folder, Broker([*recorded()[:3], *bad, odd, *recorded()[3:5]]))


def refused(folder: Path) -> Situation:
    """CONNACK 0x87 (MQTT 5, 3.2.2.2), as Mosquitto answers a wrong password."""
    return told(folder, Broker([], "Not authorized"), AuthenticationError)


SITUATIONS = {"normal": normal, "empty": empty, "partial": partial, "malformed": malformed, "refused": refused}

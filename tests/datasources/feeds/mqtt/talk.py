"""What senders do to a broker: publish, and be sure that it has it."""

from collections.abc import Iterable

from paho.mqtt import publish as paho_publish
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.servers.mosquitto import PASSWORD, USER, Mosquitto

AT_ONCE = 20_000


def publish(broker: Mosquitto, messages: Iterable[tuple[str, str | bytes]], *, retain: bool = False) -> None:
    """Publish (topic, payload) at QoS 1; returns once the broker has confirmed every one."""
    told = [{"topic": topic, "payload": body, "qos": 1, "retain": retain} for topic, body in messages]
    paho_publish.multiple(told, hostname="127.0.0.1", port=broker.port, auth={"username": USER, "password": PASSWORD})


def pour(broker: Mosquitto, messages: list[tuple[str, str]]) -> None:
    """Publish many at QoS 1, thousands in flight at a time; returns once every one is confirmed."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(USER, PASSWORD)
    client.max_queued_messages_set(0)
    client.max_inflight_messages_set(1_000)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    for start in range(0, len(messages), AT_ONCE):
        for sent in [client.publish(topic, body, qos=1) for topic, body in messages[start : start + AT_ONCE]]:
            sent.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()

"""What is kept of a message until it is stored."""

from typing import NamedTuple

from paho.mqtt.client import MQTTMessage


class Message(NamedTuple):
    """A message without the library's tables of properties: those cost more than all else, a thousandfold in a burst.

    topic: None where it is not UTF-8. mid, qos: what the broker is told to forget it by. retain: kept from before.
    """

    topic: str | None
    payload: bytes
    mid: int
    qos: int
    retain: bool

    @classmethod
    def of(cls, message: MQTTMessage) -> "Message":
        """The message as it came."""
        try:
            topic: str | None = message.topic
        except UnicodeDecodeError:
            topic = None
        return cls(topic, bytes(message.payload), message.mid, message.qos, message.retain)

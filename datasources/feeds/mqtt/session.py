"""One stay at a broker: connected, subscribed, and each message acknowledged only when we are told to."""

import ssl
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from datasources.errors import AuthenticationError, SourceError
from datasources.feeds.mqtt.link import CONNECT_SECONDS, BrokerClient, trust
from datasources.feeds.mqtt.mark import Mark
from datasources.feeds.mqtt.message import Message
from datasources.feeds.mqtt.options import MqttOptions
from datasources.feeds.mqtt.words import away, broken, plain, refusal

ANSWER_SECONDS, KEEPALIVE_SECONDS = 20.0, 20
"""A broker that is silent for twice the second is away: it was asked in between whether it is there."""

TURN_SECONDS = 0.1
PAGES_AHEAD = 4
"""How many pages may be on their way unacknowledged: one being stored, one waiting, one being gathered, one to spare."""


class Session:
    """A connection under options.client, or (look) one that leaves no trace at the broker.

    present: whether the broker had kept our session. mark: what it keeps of ours. received: messages in order until they
    are taken, held: their bytes.
    """

    def __init__(self, options: MqttOptions, folder: Path, *, look: bool = False) -> None:
        self.options, self.look = options, look
        self.present, self.mark = False, Mark()
        self.received: deque[Message] = deque()
        self.held = 0
        self._turn, self._settled = threading.Lock(), deque[tuple[int, int]]()
        self._answer: ReasonCode | None = None
        self._granted: list[ReasonCode] | None = None
        self._ended: ReasonCode | None = None
        self._client = self._made(folder)

    @property
    def place(self) -> str:
        """The broker in words."""
        return "{}:{}".format(*self.options.broker)

    def open(self, filters: Iterable[str]) -> None:
        """Connect and subscribe. Raises the three errors."""
        clean: dict[str, Any] = {"clean_start": self.look, "properties": self._stay()} if self._is_5 else {}
        try:
            self._client.connect(*self.options.broker, keepalive=KEEPALIVE_SECONDS, **clean)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise away(self.place, plain(error)) from error
        except ssl.SSLError as error:
            raise AuthenticationError(
                f"{self.place} and we do not trust each other ({plain(error)}); check options.ca, certificate and key"
            ) from error
        except (OSError, ValueError) as error:
            raise away(self.place, plain(error)) from error
        self._until("_answer")
        if self._answer is not None and self._answer.is_failure:
            raise refusal(self.place, str(self._answer))
        self._subscribe(list(filters))

    def wait(self) -> bool:
        """Let one packet or a tenth of a second pass; whether a message came. Raises the three errors once it broke."""
        before = len(self.received)
        with self._turn:
            state = self._client.loop(TURN_SECONDS)
            self._settle()
        if self._settled:
            self._settle_if_free()
        if state != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise self._broken(state)
        self._require_granted()
        return len(self.received) > before

    def take(self) -> list[Message]:
        """The messages that came; from now on they are the caller's."""
        messages, self.held = list(self.received), 0
        self.received.clear()
        return messages

    def leave_mark(self, now: int, known: int) -> None:
        """Leave a new mark now and then, greater than the one that is known."""
        number = self.mark.due(now, known) if self.options.mark else None
        if number is not None:
            with self._turn:
                self._client.publish(str(self.options.mark), str(number), qos=0, retain=True)

    def acknowledge(self, messages: Iterable[tuple[int, int]]) -> None:
        """The broker may forget messages (packet id, QoS). From any thread."""
        self._settled.extend(messages)
        self._settle_if_free()

    def close(self) -> None:
        """Say goodbye; the session stays at the broker."""
        with self._turn:
            self._settle()
            self._client.disconnect()

    def _settle_if_free(self) -> None:
        """Whoever holds the turn looks again when it is over: nothing is left lying."""
        while self._settled and self._turn.acquire(blocking=False):
            try:
                self._settle()
            finally:
                self._turn.release()

    def _settle(self) -> None:
        while self._settled:
            if self._client.ack(*self._settled.popleft()) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._settled.clear()  # the connection is gone: what it had not heard, the broker sends again

    def _subscribe(self, filters: list[str]) -> None:
        quality = 0 if self.look else 1
        again = SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE if self.look else SubscribeOptions.RETAIN_SEND_IF_NEW_SUB
        asked = [(each, quality, again) for each in filters]
        if self.options.mark and not self.look:
            asked.append((self.options.mark, 0, SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE))
        wanted: Any = [
            (each, SubscribeOptions(qos=qos, retainHandling=kept) if self._is_5 else qos) for each, qos, kept in asked
        ]
        self._client.subscribe(wanted)
        if not self.present:  # else what was kept for us comes before the answer, however much it is
            self._until("_granted")
            self._require_granted()

    def _require_granted(self) -> None:
        if refused := [str(each) for each in self._granted or () if each.is_failure]:
            raise refusal(self.place, refused[0])

    def _until(self, name: str) -> None:
        """Let packets pass until an answer is there."""
        for _turn in range(round(ANSWER_SECONDS / TURN_SECONDS)):
            if getattr(self, name) is not None:
                return
            state = self._client.loop(TURN_SECONDS)
            if state != MQTTErrorCode.MQTT_ERR_SUCCESS and getattr(self, name) is None:
                raise self._broken(state)
        if getattr(self, name) is None:
            raise away(self.place, "it does not answer")

    def _made(self, folder: Path) -> Client:
        options = self.options
        client = BrokerClient(
            CallbackAPIVersion.VERSION2, client_id="" if self.look else options.client,
            clean_session=None if self._is_5 else self.look, protocol=MQTTv5 if self._is_5 else MQTTv311,
            manual_ack=not self.look, reconnect_on_failure=False,
        )  # fmt: skip
        client.connect_timeout = CONNECT_SECONDS
        if options.user is not None:
            client.username_pw_set(options.user, options.password)
        if options.is_secure:
            client.tls_set_context(trust(options, folder))
        client.on_connect, client.on_subscribe = self._connected, self._subscribed
        client.on_disconnect, client.on_message = self._disconnected, self._came
        return client

    @property
    def _is_5(self) -> bool:
        return self.options.version == "5"

    def _stay(self) -> Properties:
        asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        asked.SessionExpiryInterval = 0 if self.look else self.options.session_seconds
        asked.ReceiveMaximum = min(self.options.page_rows * PAGES_AHEAD, 65_535)
        return asked

    def _connected(self, _client: Client, _data: Any, flags: ConnectFlags, code: ReasonCode, _more: Any) -> None:
        self._answer, self.present = code, flags.session_present

    def _subscribed(self, _client: Client, _data: Any, _mid: int, codes: list[ReasonCode], _more: Any) -> None:
        self._granted = codes

    def _disconnected(self, _client: Client, _data: Any, _flags: DisconnectFlags, code: ReasonCode, _more: Any) -> None:
        self._ended = self._ended or code

    def _came(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        found = Message.of(message)
        if found.topic is None or found.topic != self.options.mark:
            self.received.append(found)
            self.held += len(found.payload)
            return
        self.mark.heard(found.payload, retained=found.retain)
        if found.qos:  # a filter of ours takes in the mark too
            self._settled.append((found.mid, found.qos))

    def _broken(self, state: MQTTErrorCode) -> SourceError:
        if self._answer is not None and self._answer.is_failure:
            return refusal(self.place, str(self._answer))
        return broken(self.place, self.options.client, state, "" if self._ended is None else str(self._ended))

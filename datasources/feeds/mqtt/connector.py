"""feeds.mqtt: messages of a broker that keeps what we have not acknowledged."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config_errors import read_model
from datasources.bodies import Gathered, UnreadableBodyError, row_of_text, rows_of_json
from datasources.contract import Clock, Cursor, Gap, Page
from datasources.feeds.mqtt.losses import lost_session, older_state
from datasources.feeds.mqtt.message import Message
from datasources.feeds.mqtt.options import MqttOptions
from datasources.feeds.mqtt.session import Session
from datasources.feeds.mqtt.topics import Template, columns_of

RETAINED, RECEIVED_AT, TOPIC = "@retained", "@received_at", "@topic"
GATHER_TURNS, QUIET_TURNS, SILENT_TURNS, SETTLE_TURNS = 1, 10, 30, 100
"""Turns of a tenth of a second without a message: a page is full enough · pages() ends · an empty page of follow() ·
how long pages() waits for its last pages to be acknowledged."""
LOOKED_AT, MOST_BYTES = 5, 16_000_000
"""Messages of a look; bytes of messages with which a page is full."""


class MqttConnector:
    """Follows topics under a session that the broker keeps.

    Cursor: {"row": rows so far, "seen": when the last page came, epoch seconds}, and with options.mark {"mark": the last
    one that the broker had}. A cursor says that there was a session.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: MqttOptions. Raises config.ConfigError."""
        self.options = read_model(MqttOptions, options, "options")
        self.folder, self.zone, self.clock = folder, zone, clock
        self.templates = tuple(Template.of(each) for each in self.options.topics)
        self._session: Session | None = None
        self._seen = self._owed = self._left = 0

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """What the broker holds for us, until it has been quiet for a second."""
        quiet = 0
        with closing(self._read(cursor)) as pages:
            for page in pages:
                if page.is_empty:
                    quiet += 1
                    if quiet >= (SETTLE_TURNS if self._owed else QUIET_TURNS):
                        return
                    continue
                quiet = 0
                yield page

    def follow(self, cursor: Cursor | None) -> Iterator[Page]:
        """What comes, for as long as somebody wants to hear it."""
        quiet = 0
        with closing(self._read(cursor)) as pages:
            for page in pages:
                quiet = quiet + 1 if page.is_empty else 0
                if quiet % SILENT_TURNS == 0 or quiet == 1:
                    yield page

    def sample(self) -> Iterator[Page]:
        """Up to five messages as they come within some seconds, under another name and without a trace."""
        session, messages, quiet = Session(self.options, self.folder, look=True), list[Message](), 0
        session.open(each.filter for each in self.templates)
        with closing(session):
            while len(messages) < LOOKED_AT and quiet < SILENT_TURNS:
                quiet += not session.wait()
                messages += session.take()
        yield self._page(messages[:LOOKED_AT], 0, None)

    def acknowledge(self, receipt: Any) -> None:
        """The broker may forget the messages of a page; a receipt of an earlier connection is void."""
        session, messages = receipt or (None, ())
        if self._session is not None and session is self._session:
            self._owed -= 1
            self._session.acknowledge(messages)

    def _read(self, cursor: Cursor | None) -> Generator[Page, None, None]:
        """Pages as they come; an empty one for each turn in which nothing does."""
        if self._session is not None:
            self._session.close()
        session = self._session = Session(self.options, self.folder)
        self._owed = 0
        row = (cursor or {}).get("row", 0)
        try:
            session.open(each.filter for each in self.templates)
            gap = lost_session(session, cursor, self._seen, self.clock())
            known = self._left = max(self._left, int((cursor or {}).get("mark", 0)))
            is_sure = gap is not None or not known
            while True:
                session.leave_mark(self.clock(), known)
                messages = self._gather(session)
                self._seen, self._left = self.clock(), max(self._left, session.mark.left)
                if not is_sure and session.mark.left:
                    gap, is_sure = older_state(session, known, self._seen), True
                page = self._page(messages, row, gap, session)
                row, gap = page.cursor["row"] if page.cursor else row, None
                self._owed += not page.is_empty
                yield page
        finally:
            session.close()

    def _gather(self, session: Session) -> list[Message]:
        """A page full of messages, or what came until a turn of silence or for a second."""
        began, silent = self.clock(), 0
        while (
            len(session.received) < self.options.page_rows
            and session.held < MOST_BYTES
            and silent < GATHER_TURNS
            and began <= self.clock() <= began + 1
        ):
            silent = 0 if session.wait() else silent + 1
        return session.take()

    def _page(self, messages: list[Message], row: int, gap: Gap | None, session: Session | None = None) -> Page:
        now, gathered = self.clock(), Gathered(row + 1)
        at = datetime.fromtimestamp(now, UTC).isoformat()
        for message in messages:
            self._add(gathered, message, at)
        owed = [(each.mid, each.qos) for each in messages if each.qos]
        receipt = (session, owed) if messages or gap else None
        cursor = {"row": row + len(gathered), "seen": now, **({"mark": self._left} if self.options.mark else {})}
        place = "{}:{}".format(*self.options.broker)
        return Page(
            gathered.frame(), place, row + 1, cursor, rows=gathered.row_numbers(),
            unreadable=tuple(gathered.unreadable), gap=gap, receipt=receipt, sparse=True,
        )  # fmt: skip

    def _add(self, gathered: Gathered, message: Message, now: str) -> None:
        topic = message.topic
        if topic is None:
            gathered.refuse(message.payload, "the topic of the message is not UTF-8; mend what sends it")
            return
        try:
            rows = row_of_text(message.payload) if self.options.payload == "text" else self._objects(message.payload)
        except UnreadableBodyError as error:
            gathered.refuse(message.payload, f"the message on '{topic}' cannot be read: {error}")
            return
        ours = {**columns_of(topic, self.templates), TOPIC: topic, RECEIVED_AT: now, RETAINED: message.retain}
        gathered.add(message.payload, ({**row, **ours} for row in rows))

    def _objects(self, payload: bytes) -> list[Any]:
        return rows_of_json(payload, self.options.items)

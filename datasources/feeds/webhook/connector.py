"""feeds.webhook: what others push to /hooks/<source>."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config_errors import read_model
from datasources.bodies import Gathered, UnreadableBodyError, row_of_text, rows_of_json
from datasources.contract import Clock, Cursor, Inbox, Page
from datasources.feeds.webhook.options import WebhookOptions

RECEIVED_AT, ORIGIN = "@received_at", "/hooks"
LOOKED_AT = 5

Delivery = tuple[int, int, bytes]


class Nothing:
    """The inbox of a connector that nobody opened."""

    def waiting(self, after_id: int, limit: int) -> list[Delivery]:  # noqa: ARG002 (as datasources.contract.Inbox)
        """None."""
        return []

    def latest(self, limit: int) -> list[Delivery]:  # noqa: ARG002
        """None."""
        return []

    def taken(self, ids: Sequence[int]) -> None:
        """Nothing to note."""


class WebhookConnector:
    """Reads what lies in the inbox, oldest first. Cursor: {"row": rows so far}; the inbox knows what was taken."""

    inbox: Inbox = Nothing()

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: WebhookOptions. Raises config.ConfigError."""
        self.options = read_model(WebhookOptions, options, "options")
        self.folder, self.zone, self.clock = folder, zone, clock
        self.secret = self.options.secret.get_secret_value().encode()
        self.keep_seconds = self.options.keep_seconds

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """What nobody has taken yet."""
        row, after = int((cursor or {}).get("row", 0)), 0
        while found := self.inbox.waiting(after, self.options.page_rows):
            page = self._page(found, row)
            yield page
            row, after = page.first_row - 1 + len(page.frame) + len(page.unreadable), found[-1][0]

    def sample(self) -> Iterator[Page]:
        """The last deliveries, taken or not."""
        if found := self.inbox.latest(LOOKED_AT):
            yield self._page(found, 0)

    def acknowledge(self, receipt: Any) -> None:
        """Records were made of a page's deliveries."""
        self.inbox.taken(receipt)

    def _page(self, deliveries: list[Delivery], row: int) -> Page:
        gathered = Gathered(row + 1)
        for number, at, body in deliveries:
            self._add(gathered, number, at, body)
        return Page(
            gathered.frame(), ORIGIN, row + 1, {"row": row + len(gathered)}, rows=gathered.row_numbers(),
            unreadable=tuple(gathered.unreadable), receipt=[number for number, _, _ in deliveries], sparse=True,
        )  # fmt: skip

    def _add(self, gathered: Gathered, number: int, at: int, body: bytes) -> None:
        try:
            rows = row_of_text(body) if self.options.payload == "text" else rows_of_json(body, self.options.items)
        except UnreadableBodyError as error:
            gathered.refuse(body, f"the delivery {number} cannot be read: {error}")
            return
        ours = {RECEIVED_AT: datetime.fromtimestamp(at, UTC).isoformat()}
        gathered.add(body, ({**row, **ours} for row in rows))

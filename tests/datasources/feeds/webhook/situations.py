"""An inbox as senders fill it. All constructed, after datasources/feeds/webhook/README.md: we say what a delivery is."""

import json
from pathlib import Path
from typing import Any

from datasources.feeds.webhook.connector import Delivery, WebhookConnector
from tests.datasources.sources import NOW, Situation

OPTIONS = {"secret": "only-for-the-tests", "items": "readings", "page_rows": 2}


class Inbox:
    """Deliveries in memory."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.held: list[Delivery] = [(number, NOW, body) for number, body in enumerate(bodies, 1)]
        self.gone: set[int] = set()

    def waiting(self, after_id: int, limit: int) -> list[Delivery]:
        return [each for each in self.held if each[0] > after_id and each[0] not in self.gone][:limit]

    def latest(self, limit: int) -> list[Delivery]:
        return self.held[-limit:]

    def taken(self, ids: Any) -> None:
        self.gone.update(ids)


def body(*numbers: int) -> bytes:
    rows = [
        {"sensor": f"s{n}", "measure": "level", "value": n / 10, "at": f"2026-11-24T08:00:{n:02d}Z"} for n in numbers
    ]
    return json.dumps({"readings": rows}).encode()


def holding(folder: Path, *bodies: bytes) -> Situation:
    inbox = Inbox(list(bodies))
    return Situation(OPTIONS, folder, arrange=lambda patch: patch.setattr(WebhookConnector, "inbox", inbox))


def normal(folder: Path) -> Situation:
    return holding(folder, body(1, 2), body(3), body(4, 5, 6), body(), body(7))


def empty(folder: Path) -> Situation:
    return holding(folder)


def partial(folder: Path) -> Situation:
    """A body that ends in the middle: a row by itself, with the others around it."""
    return holding(folder, body(1), body(2, 3)[:-20], body(4))


def malformed(folder: Path) -> Situation:
    return holding(folder, body(1), b"\xff\xfe", b'{"rows": []}', b"", body(2))


SITUATIONS = {
    "normal": normal, "empty": empty, "partial": partial, "malformed": malformed,
    "refused": "asks nobody: it refuses others (tests/api/test_hooks.py)",
}  # fmt: skip

"""Recorded answers of the British Geological Survey's FROST server (../shared/data/payloads), served again by `Frost`.

The recording stays where it is: its owner's terms are not ours to pass on. Without it, entities are constructed by the
examples of OGC 18-088, clause 8. Things and Locations are constructed in both cases: the recording has none.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from datasources.errors import AuthenticationError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import Answering, answering

ROOT = "http://frost.test/v1.1"
OPTIONS = {"url": ROOT, "what": "reading", "page_size": 20}
SHARED = Path(os.environ.get("GRIDHALL_SHARED_DATA") or Path(__file__).resolve().parents[5] / "shared" / "data")
PAYLOADS = SHARED / "payloads"
THING = {
    "@iot.id": 7,
    "name": "GGA01",
    "description": "a borehole",
    "properties": {},
    "@iot.selfLink": f"{ROOT}/Things(7)",
}
PLACE = {"type": "Point", "coordinates": [-4.2001633, 55.8394151]}
MADE = {
    "@iot.id": 92, "name": "Water Level", "phenomenonTime": "2023-03-28T00:00:00Z/2023-03-28T13:00:00Z",
    "unitOfMeasurement": {"name": "metre", "symbol": "m", "definition": "ucum:m"},
}  # fmt: skip

Rows = list[dict[str, Any]]


def _payload(name: str) -> Any:
    path = PAYLOADS / f"sensorthings_bgs_{name}.json"
    return json.loads(path.read_text()) if path.is_file() else None


def datastreams(count: int = 2) -> Rows:
    """The first datastreams, each with its Thing."""
    found = _payload("datastreams")
    rows = [each for some in found.values() for each in some] if found else [MADE, {**MADE, "@iot.id": 48}]
    return [{**each, "Thing": THING} for each in rows[:count]]


def observations() -> Rows:
    """What one of them observed."""
    made = [
        {"@iot.id": n, "phenomenonTime": f"2023-03-28T{n // 4:02}:{n % 4 * 15:02}:00.000Z", "result": n / 8}
        for n in range(50)
    ]
    return _payload("observations_full") or made


def begun(row: Any) -> float:
    if not isinstance(row, dict):
        return float("inf")
    return datetime.fromisoformat(row["phenomenonTime"].partition("/")[0]).timestamp()


@dataclass
class Frost:
    """A server with Datastreams and their Observations: filters, sorts and pages as FROST does, by whole links.

    root: what its links begin with, as its own configuration says. broken_at: the answer that fails.
    """

    streams: Rows
    observed: dict[str, list[Any]]
    root: str = ROOT
    broken_at: int | None = None
    asked: int = 0

    def __call__(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """Status and body."""
        self.asked += 1
        if self.asked == self.broken_at:
            return 503, {}
        _, _, wanted = path.partition("/v1.1")
        if wanted == "/Datastreams":
            return 200, self._page(self.streams, wanted, query)
        if wanted == "/Things":
            located = {**THING, "Locations": [{"location": PLACE}], "Datastreams": self.streams}
            return 200, self._page([located], wanted, query)
        since = query.get("$filter", "").removeprefix("phenomenonTime ge ")
        rows = self.observed.get(wanted, [])
        found = sorted(
            (each for each in rows if not since or begun(each) >= begun({"phenomenonTime": since})), key=begun
        )
        return 200, self._page(found, wanted, query)

    def _page(self, rows: list[Any], path: str, query: dict[str, str]) -> dict[str, Any]:
        size, skip = int(query["$top"]), int(query.get("$skip", 0))
        more = {"@iot.nextLink": f"{self.root}{path}?{urlencode({**query, '$skip': skip + size})}"}
        return {**(more if len(rows) > skip + size else {}), "value": rows[skip : skip + size]}


def over(frost: Callable[[str, dict[str, str]], tuple[int, Any]]) -> Answering:
    """The server without a network."""

    def answer(request: httpx.Request) -> httpx.Response:
        status, body = frost(request.url.path, dict(request.url.params))
        return httpx.Response(status, json=body)

    return answer


def frost(rows: list[Any] | None = None, **said: Any) -> Frost:
    """A server of two Datastreams, the second with a few observations."""
    streams = datastreams()
    paths = [f"/Datastreams({each['@iot.id']})/Observations" for each in streams]
    rows = observations() if rows is None else rows
    return Frost(streams, {paths[0]: rows, paths[1]: rows[:5]}, **said)


def made(folder: Path, answer: Answering, **said: Any) -> Situation:
    return Situation(OPTIONS, folder, arrange=answering(answer), **said)


def malformed(folder: Path) -> Situation:
    """Among good ones (constructed): entries that are no objects."""
    rows = observations()
    one = datastreams(1)
    path = f"/Datastreams({one[0]['@iot.id']})/Observations"
    return made(folder, over(Frost(one, {path: [*rows[:4], "no row", None, *rows[4:9], 7]})))


SITUATIONS = {
    "normal": lambda folder: made(folder, over(frost())),
    "empty": lambda folder: made(folder, over(frost([]))),
    "partial": lambda folder: made(folder, over(frost(broken_at=4)), raises=TemporaryError),
    "malformed": malformed,
    "refused": lambda folder: made(folder, lambda _: httpx.Response(401), raises=AuthenticationError),
}

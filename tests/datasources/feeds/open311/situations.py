"""Recorded requests of Chicago (../shared/data/payloads), cut to what the situations need; served page by page.

The recording stays where it is: its owner's terms are not ours to pass on. Without it, requests are constructed by the
specification's own example (wiki.open311.org/GeoReport_v2, "GET Service Requests").
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import Answering, answering

URL = "http://311.test/open311/v2"
OPTIONS = {"url": URL, "start": "2014-01-01", "window_days": 90, "page_size": 7, "again": "1d"}
SHARED = Path(os.environ.get("GRIDHALL_SHARED_DATA") or Path(__file__).resolve().parents[5] / "shared" / "data")
RECORDING = SHARED / "payloads" / "open311_chicago_requests.json"
EXAMPLE = {
    "status": "closed", "status_notes": "Duplicate request.", "service_name": "Sidewalk and Curb Issues",
    "service_code": "006", "description": None, "agency_responsible": None, "service_notice": None,
    "requested_datetime": "2014-04-14T06:37:38-08:00", "updated_datetime": "2014-04-14T06:37:38-08:00",
    "expected_datetime": "2014-04-15T06:37:38-08:00", "address": "8TH AVE and JUDAH ST", "address_id": 545483,
    "zipcode": 94122, "lat": 37.762221815, "long": -122.4651145, "media_url": None,
}  # fmt: skip


def requests() -> list[dict[str, Any]]:
    if RECORDING.is_file():
        found: list[dict[str, Any]] = json.loads(RECORDING.read_text())
        return found
    return [{**EXAMPLE, "service_request_id": str(638344 + n)} for n in range(50)]


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def server(rows: list[Any], broken_at: int | None = None) -> Answering:
    """Requests made within start_date and end_date, page by page; broken_at: the answer that fails."""
    count = [0]

    def answer(request: httpx.Request) -> httpx.Response:
        asked, count[0] = request.url.params, count[0] + 1
        if count[0] == broken_at:
            return httpx.Response(500)
        start, end = seconds(asked["start_date"]), seconds(asked["end_date"])
        within = [
            row for row in rows if not isinstance(row, dict) or start <= seconds(row["requested_datetime"]) <= end
        ]
        at, size = int(asked["page"]) - 1, int(asked["page_size"])
        return httpx.Response(200, json=within[at * size : (at + 1) * size])

    return answer


def made(folder: Path, answer: Answering, **said: Any) -> Situation:
    return Situation(OPTIONS, folder, arrange=answering(answer), **said)


def malformed(folder: Path) -> Situation:
    return made(folder, lambda _: httpx.Response(200, json={"error": "no list"}), raises=BadDataError)


def refused(folder: Path) -> Situation:
    said = [{"code": 403, "description": "Missing or invalid api_key"}]
    return made(folder, lambda _: httpx.Response(403, json=said), raises=AuthenticationError)


SITUATIONS = {
    "normal": lambda folder: made(folder, server(requests())),
    "empty": lambda folder: made(folder, server([])),
    "partial": lambda folder: made(folder, server(requests(), broken_at=4), raises=TemporaryError),
    "malformed": malformed,
    "refused": refused,
}

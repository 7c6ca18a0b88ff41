"""feeds.frigate: detections of things (smoke, fire, a blocked exit) as hazards that wait for a person to confirm them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pandas as pd

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError
from datasources.feeds.frigate.options import FrigateOptions
from datasources.outgoing import Answer, Outgoing
from domain.cases import DETECTED

TICK = 1e-6
"""Frigate gives times to the microsecond and answers with what began strictly after `after`."""
Event = dict[str, Any]


class FrigateConnector:
    """Columns: COLUMNS; `began` is ISO 8601 in UTC. Nothing else of an event is read: no names, plates, faces, pictures.

    Cursor: {"newest": epoch seconds, "seen": {id: when it began}, "rows": how many were read}; seen: of the last `overlap`, in
    which a detection that began earlier may still appear.
    """

    COLUMNS = ("id", "label", "camera", "began", "zones", "longitude", "latitude")
    FIELDS: ClassVar[dict[str, Any]] = {
        "external_id": "id", "status": {"value": DETECTED}, "kind": {"value": "hazard"}, "channel": {"value": "视频"},
        "category": "label", "title": {"columns": ["label", "camera"], "join": " · "}, "text": "zones",
        "reported_at": "began", "longitude": "longitude", "latitude": "latitude",
    }  # fmt: skip
    FIXED = ("status", "kind")
    """No configuration makes a detection a case that counts: a person does."""

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: FrigateOptions. Raises config.ConfigError."""
        del folder, zone  # nothing is read from disk, and times are epoch seconds
        self.options = read_model(FrigateOptions, options, "options")
        self.clock = clock

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Detections that were not seen before, oldest first. One that Frigate changes (it ends) does not come again.

        Raises the three errors.
        """
        newest, seen, rows = _position(cursor)
        since = self.clock() - self.options.first_seconds if newest is None else newest - self.options.overlap_seconds
        place = urlsplit(self.options.url).netloc
        with Outgoing((self.options.url, *self.options.hosts), clock=self.clock) as client:
            for events in self._events(client, self._way_in(client), float(since)):
                fresh = [event for event in events if event["id"] not in seen and self._is_thing(event)]
                if not fresh:
                    continue
                newest = max(newest or 0.0, *(event["start_time"] for event in fresh))
                oldest = newest - self.options.overlap_seconds
                seen |= {event["id"]: event["start_time"] for event in fresh}
                seen = {name: began for name, began in seen.items() if began > oldest}
                frame = pd.DataFrame([self._row(event) for event in fresh], columns=list(self.COLUMNS), dtype=object)
                first, rows = rows + 1, rows + len(frame)
                yield Page(frame, place, first, {"newest": newest, "seen": dict(seen), "rows": rows})

    def _events(self, client: Outgoing, way_in: dict[str, str], since: float) -> Iterator[list[Event]]:
        while True:
            asked = {
                "labels": ",".join(self.options.labels), "after": f"{since:.6f}", "limit": self.options.page_rows,
                "sort": "date_asc", "include_thumbnails": 0, "cameras": ",".join(self.options.cameras) or "all",
            }  # fmt: skip
            answer = client.get(f"{self.options.url}/api/events", params=asked, headers=way_in)
            found = _checked(answer)
            yield found
            if len(found) < self.options.page_rows:
                return
            last = max(event["start_time"] for event in found) - TICK
            if last <= since:
                raise BadDataError(f"{answer.place} has too many detections of one moment; raise options.page_rows")
            since = last

    def _is_thing(self, event: Event) -> bool:
        """Asked again here: a version that does not know the filter answers with everything, people among it."""
        score = (event.get("data") or {}).get("top_score") or event.get("top_score") or 1.0
        named = not self.options.cameras or event["camera"] in self.options.cameras
        sure = not event.get("false_positive") and score >= self.options.least_score
        return event["label"] in self.options.labels and named and sure

    def _row(self, event: Event) -> list[Any]:
        began = datetime.fromtimestamp(int(event["start_time"]), UTC).isoformat()
        longitude, latitude = self.options.places.get(event["camera"], (None, None))
        zones = ", ".join(map(str, event.get("zones") or ())) or None
        return [event["id"], event["label"], event["camera"], began, zones, longitude, latitude]

    def _way_in(self, client: Outgoing) -> dict[str, str]:
        """The header that lets us in: where an account is given, the cookie that Frigate answers the sign-in with."""
        if not self.options.user:
            return {}
        words = {"user": self.options.user, "password": self.options.password.get_secret_value()}
        answer = client.post(f"{self.options.url}/api/login", json=words)
        cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
        return {"Cookie": "; ".join(f"{name}={found.value}" for name, found in cookies.items())}


def _position(cursor: Cursor | None) -> tuple[float | None, dict[str, float], int]:
    if cursor is None:
        return None, {}, 0
    try:
        return float(cursor["newest"]), dict(cursor["seen"]), int(cursor["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadDataError("feeds.frigate: the cursor is not its own; read the source afresh (sync --once)") from error


def _checked(answer: Answer) -> list[Event]:
    """The events of an answer. Raises BadDataError where one lacks what an event has."""
    found = answer.json()
    if isinstance(found, list) and all(isinstance(each, dict) and _is_event(each) for each in found):
        return found
    raise BadDataError(
        f"{answer.place} does not answer with events; is options.url Frigate, and its version 0.14 or later?"
    )


def _is_event(event: Event) -> bool:
    texts = all(isinstance(event.get(name), str) for name in ("id", "label", "camera"))
    return texts and isinstance(event.get("start_time"), int | float) and isinstance(event.get("data") or {}, dict)

"""Constructed: events as Frigate's document of /api/events gives them, one of them after its document of frigate/events."""

from pathlib import Path

import httpx

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import NOW, Situation
from tests.datasources.video.answers import answering, by_path

URL = "http://frigate.test:5000"
OPTIONS = {"url": URL, "labels": ["smoke", "blocked_exit"], "page_rows": 3, "places": {"lobby": [114.3055, 30.5928]}}
BEGAN = NOW - 3_600
PERSON = {
    "id": "1607123955.475377-mxklsc", "camera": "front_door", "label": "person", "start_time": BEGAN + 2.475377, "end_time": None,
    "top_score": 0.958984375, "false_positive": False, "zones": ["yard", "driveway"], "thumbnail": None, "has_snapshot": False,
    "has_clip": False, "sub_label": "Zhang San", "data": {"recognized_license_plate": "鄂A12345"},
}  # fmt: skip
"""The event of Frigate's MQTT document as its HTTP interface gives it, with a name and a plate added."""


def event(number: int, label: str = "smoke", **said) -> dict:
    return {
        "id": f"{BEGAN + number}.5-abc{number}", "label": label, "sub_label": "Zhang San", "camera": "lobby",
        "start_time": BEGAN + number + 0.5, "end_time": None, "false_positive": None, "zones": ["exit_2"],
        "thumbnail": "/9j/4AAQ", "has_clip": True, "has_snapshot": True, "retain_indefinitely": False, "plus_id": None,
        "model_hash": None, "detector_type": "cpu", "model_type": "ssd",
        "data": {"box": [0.1, 0.1, 0.2, 0.2], "score": 0.8, "top_score": 0.9, "type": "object",
                 "description": "A man with a red coat", "attributes": []}, **said,
    }  # fmt: skip


EVENTS = [
    event(0),
    event(1, "blocked_exit", camera="garage", zones=[]),
    event(3),
    event(4),
    event(5, "blocked_exit"),
    event(6),
    event(7),
]


def listed(events: list[dict], *, filters: bool = True, cut_after: int | None = None):
    """An answer as Frigate gives it; filters: whether it knows the filter of labels."""
    asked = [0]

    def answer(request: httpx.Request) -> httpx.Response:
        said = request.url.params
        asked[0] += 1
        if cut_after is not None and asked[0] > cut_after:
            return httpx.Response(500)
        labels = said["labels"].split(",") if filters else [each["label"] for each in events]
        found = [each for each in events if each["start_time"] > float(said["after"]) and each["label"] in labels]
        assert (said["sort"], said["include_thumbnails"]) == ("date_asc", "0")
        return httpx.Response(200, json=sorted(found, key=lambda each: each["start_time"])[: int(said["limit"])])

    return by_path({"/api/events": answer})


def made(folder: Path, answer, **said) -> Situation:
    return Situation(OPTIONS, folder, arrange=answering(answer), **said)


SITUATIONS = {
    "normal": lambda folder: made(folder, listed([*EVENTS, PERSON])),
    "empty": lambda folder: made(folder, listed([])),
    "partial": lambda folder: made(folder, listed(EVENTS, cut_after=1), raises=TemporaryError),
    "malformed": lambda folder: made(folder, by_path({"/api/events": [{"label": "smoke"}]}), raises=BadDataError),
    "refused": lambda folder: made(folder, by_path({"/api/events": httpx.Response(401)}), raises=AuthenticationError),
}

"""Constructed: a JSON API as GitHub's REST document describes paging by Link header (RFC 8288), and by page number."""

from pathlib import Path
from typing import Any

import httpx

from datasources.errors import AuthenticationError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import Answering, answering

URL = "http://api.test/requests"
ROWS = [
    {"id": f"{n:03}", "at": f"2024-05-01T08:00:{n:02}Z", "type": "noise", "place": {"lat": "30.6", "lon": "114.3"}}
    for n in range(23)
]
OPTIONS = {
    "url": URL, "items": "data", "page_rows": 3,
    "paging": {"by": "link", "size_param": "per_page", "size": 5},
    "since": {"param": "since", "field": "at", "overlap": "10s"},
}  # fmt: skip


def api(rows: list[Any], broken_at: int | None = None) -> Answering:
    """Rows at or after `since`, so many an answer, each naming the next; broken_at: the page that fails."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = dict(request.url.params)
        page, size = int(asked.get("page", 1)), int(asked.get("per_page", 5))
        if page == broken_at:
            return httpx.Response(503)
        wanted = [row for row in rows if not isinstance(row, dict) or row["at"] >= asked.get("since", "")]
        part = wanted[(page - 1) * size : page * size]
        more = {"Link": f'<{URL}?{httpx.QueryParams({**asked, "page": str(page + 1)})}>; rel="next"'}
        return httpx.Response(200, json={"data": part}, headers=more if page * size < len(wanted) else {})

    return answer


def made(folder: Path, answer: Answering, **said) -> Situation:
    return Situation(OPTIONS, folder, arrange=answering(answer), **said)


def refused(folder: Path) -> Situation:
    return made(folder, lambda _: httpx.Response(401), raises=AuthenticationError)


SITUATIONS = {
    "normal": lambda folder: made(folder, api(ROWS)),
    "empty": lambda folder: made(folder, api([])),
    "partial": lambda folder: made(folder, api(ROWS, broken_at=3), raises=TemporaryError),
    "malformed": lambda folder: made(folder, api([*ROWS[:4], "no row", None, *ROWS[4:9], 7])),
    "refused": refused,
}

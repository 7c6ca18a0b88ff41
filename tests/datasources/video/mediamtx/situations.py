"""Constructed: paths as the OpenAPI document of MediaMTX (api/openapi.yaml, PathList) gives them."""

from pathlib import Path

import httpx

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import answering, by_path

URL = "http://mtx.test:9997"
OPTIONS = {"url": URL, "page_rows": 2}
LIST = "/v3/paths/list"


def path(name: str, **said) -> dict:
    """A path of a newer version."""
    return {
        "name": name, "confName": "all_others", "source": {"type": "rtspSource", "id": "7d2d"}, "available": True,
        "availableTime": "2026-11-01T08:00:00Z", "online": True, "onlineTime": "2026-11-01T08:00:00Z", "tracks2": [
            {"codec": "H264", "codecProps": {"width": 1280, "height": 720, "profile": "High", "level": "4"}}
        ], "inboundBytes": 123456, "outboundBytes": 0, "readers": [], **said,
    }  # fmt: skip


def older(name: str, **said) -> dict:
    """A path as versions before `online` gave it."""
    return {
        "name": name, "confName": "~^cam", "source": None, "ready": True, "readyTime": "2024-05-01T08:00:00Z",
        "tracks": ["H264"], "bytesReceived": 1, "bytesSent": 1, "readers": [], **said,
    }  # fmt: skip


PATHS = [path("street/gate"), path("square", online=False), older("cam1"), older("cam2", ready=False), path("路口/东")]


def paged(paths: list[dict], cut_after: int | None = None):
    def answer(request: httpx.Request) -> httpx.Response:
        page, rows = int(request.url.params["page"]), int(request.url.params["itemsPerPage"])
        if page == cut_after:
            return httpx.Response(503)
        pages = -(-len(paths) // rows)
        found = paths[page * rows : (page + 1) * rows]
        return httpx.Response(200, json={"itemCount": len(paths), "pageCount": pages, "items": found})

    return answer


def made(folder: Path, answer, **said) -> Situation:
    return Situation(OPTIONS, folder, arrange=answering(by_path({LIST: answer})), **said)


SITUATIONS = {
    "normal": lambda folder: made(folder, paged(PATHS)),
    "empty": lambda folder: made(folder, paged([])),
    "partial": lambda folder: made(folder, paged(PATHS, cut_after=1), raises=TemporaryError),
    "malformed": lambda folder: made(folder, {"paths": {}}, raises=BadDataError),
    "refused": lambda folder: made(
        folder, lambda _: httpx.Response(401, json={"error": "authentication error"}), raises=AuthenticationError
    ),
}

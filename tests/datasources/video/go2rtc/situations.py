"""Constructed: streams as the OpenAPI document of go2rtc (api/openapi.yaml) gives them."""

from pathlib import Path

import httpx

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import answering, by_path

URL = "http://go2rtc.test:1984"
OPTIONS = {"url": URL}
STREAMS = {
    "gate": {"producers": [{"url": "rtsp://admin:pw@10.0.0.9/1"}], "consumers": []},
    "square": {
        "producers": [{"id": 2, "format_name": "rtsp", "protocol": "rtsp+tcp", "remote_addr": "10.0.0.9:554",
                       "url": "rtsp://admin:pw@10.0.0.9/2", "medias": ["video, recvonly, H264"], "bytes_recv": 1}],
        "consumers": [{"id": 3, "format_name": "mp4", "protocol": "ws"}],
    },
    "rtsp://admin:pw@10.0.0.9/3": {"producers": [], "consumers": []},
    "路口": {"producers": None, "consumers": None},
}  # fmt: skip
JPEG = b"\xff\xd8\xff\xe0 not a whole one"
CUT = "asks for its whole list at once: there is nothing before a cut"


def made(folder: Path, answer, **said) -> Situation:
    return Situation(OPTIONS, folder, arrange=answering(by_path({"/api/streams": answer})), **said)


SITUATIONS = {
    "normal": lambda folder: made(folder, STREAMS),
    "empty": lambda folder: made(folder, {}),
    "partial": CUT,
    "malformed": lambda folder: made(folder, b'{"gate": {"producers"', raises=BadDataError),
    "refused": lambda folder: made(folder, httpx.Response(401), raises=AuthenticationError),
}

"""Constructed: streams as the RESTful API page of ZLMediaKit's wiki (MediaServer 支持的 HTTP API) gives them."""

from pathlib import Path
from urllib.parse import parse_qs

import httpx

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import answering, by_path

URL = "http://zlm.test"
SECRET = "035c73f7-bb6b-4889-a715-d9eb2d1925cc"
OPTIONS = {"url": URL, "secret": SECRET}
LIST, SNAP = "/index/api/getMediaList", "/index/api/getSnap"
JPEG = b"\xff\xd8\xff\xe0 not a whole one"


def stream(app: str, name: str, schema: str, vhost: str = "__defaultVhost__") -> dict:
    return {
        "app": app, "readerCount": 0, "totalReaderCount": 0, "schema": schema, "stream": name, "vhost": vhost, "originType": 4,
        "originTypeStr": "pull", "originUrl": "rtsp://admin:pw@10.0.0.9:554/live", "createStamp": 1602205811, "aliveSecond": 100,
        "bytesSpeed": 12345, "originSock": {"identifier": "140241931428384", "local_ip": "127.0.0.1", "peer_ip": "10.0.0.9"},
        "tracks": [{"codec_id": 0, "codec_id_name": "H264", "codec_type": 0, "ready": True, "fps": 25, "height": 720, "width": 1280}],
    }  # fmt: skip


STREAMS = [
    stream("live", "square", "rtmp"), stream("live", "square", "hls"), stream("rtp", "34020000001320000101", "rtsp"),
    stream("live", "gate", "ts", "town.test"),
]  # fmt: skip


def with_secret(found) -> object:
    """An answer for those who give the secret in the body, the server's refusal for others."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = parse_qs(request.content.decode())
        if said.get("secret") != [SECRET]:
            return httpx.Response(200, json={"code": -100, "msg": "Incorrect secret"})
        return found(said) if callable(found) else httpx.Response(200, json=found)

    return answer


def listed(streams: list[dict]) -> object:
    def answer(said: dict) -> httpx.Response:
        found = [each for each in streams if each["app"] == said.get("app", [each["app"]])[0]]
        return httpx.Response(200, json={"code": 0, "data": found} if found else {"code": 0})

    return by_path({LIST: with_secret(answer)})


def made(folder: Path, answer, options=OPTIONS, **said) -> Situation:
    return Situation(options, folder, arrange=answering(answer), **said)


SITUATIONS = {
    "normal": lambda folder: made(folder, listed(STREAMS)),
    "empty": lambda folder: made(folder, listed([])),
    "partial": "asks for its whole list at once: there is nothing before a cut",
    "malformed": lambda folder: made(
        folder, by_path({LIST: {"code": 0, "data": [{"app": "live"}]}}), raises=BadDataError
    ),
    "refused": lambda folder: made(folder, listed(STREAMS), OPTIONS | {"secret": "wrong"}, raises=AuthenticationError),
}

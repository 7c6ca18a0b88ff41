"""Constructed: devices and channels as WVP-GB28181-pro gives them (DeviceQuery, PlayController, UserController; 2.6 and 2.7)."""

from pathlib import Path

import httpx

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.video.answers import answering, by_path

URL = "http://wvp.test:18080"
KEY = "eyJhbGciOiJSUzI1NiJ9.key"
OPTIONS = {"url": URL, "api_key": KEY, "page_rows": 2}
LOGIN = {"url": URL, "user": "admin", "password": "adm1n-s3cret", "page_rows": 2}
NVR, CAMERA = "34020000001180000001", "42010600081320000007"
DEVICES = [
    {"id": 1, "deviceId": NVR, "name": "NVR", "manufacturer": "Any", "onLine": True, "channelCount": 4, "charset": "GB2312"},
    {"id": 2, "deviceId": CAMERA, "name": "IPC", "onLine": False, "channelCount": 1},
]  # fmt: skip


def channel(code: str, name: str, **said) -> dict:
    """A channel as 2.7 gives it."""
    return {
        "id": 7, "deviceId": code, "name": name, "manufacturer": "Any", "civilCode": "420106", "parentId": NVR, "parental": 0,
        "address": "Main Street 1", "status": "ON", "longitude": 114.3055, "latitude": 30.5928, "ptzType": 1,
        "ptzTypeText": "球机", "hasAudio": False, "ipAddress": "10.0.0.9", "password": "pw", **said,
    }  # fmt: skip


def older(code: str, name: str, **said) -> dict:
    """A channel as 2.6 gave it."""
    return {
        "channelId": code,
        "deviceId": CAMERA,
        "name": name,
        "status": True,
        "longitude": 0.0,
        "latitude": 0.0,
        "PTZType": 3,
        **said,
    }


CHANNELS = {
    NVR: [
        channel("42010600081310000001", "路口-东-球机"),
        channel("42010600082150000001", "一个分组"),
        channel("42010600081310000002", "广场", status="OFF", ptzType=5, longitude=None, latitude=None),
        channel("42010600081340000001", "烟感"),
        channel("camera-3", "后门", ptzType=None),
    ],
    CAMERA: [older("42010600081310000001", "门口")],
}  # fmt: skip
DOWN = httpx.Response(502)


def wrapped(data) -> httpx.Response:
    return httpx.Response(200, json={"code": 0, "msg": "成功", "data": data})


def paged(rows: list[dict], token: dict[str, str] | None = None):
    def answer(request: httpx.Request) -> httpx.Response:
        way_in = {"api-key": KEY} if token is None else token
        if any(request.headers.get(name) != value for name, value in way_in.items()):
            return httpx.Response(401, json={"code": 401, "msg": "请登录后重新请求"})
        page, count = int(request.url.params["page"]), int(request.url.params["count"])
        return wrapped(
            {"total": len(rows), "list": rows[(page - 1) * count : page * count], "pageNum": page, "pages": 9}
        )

    return answer


def platform(devices: list[dict] = DEVICES, channels: dict[str, list[dict]] = CHANNELS, token=None) -> dict:
    return {
        "/api/device/query/devices": paged(devices, token),
        **{f"/api/device/query/devices/{code}/channels": paged(rows, token) for code, rows in channels.items()},
    }


def made(folder: Path, table: dict, options=OPTIONS, **said) -> Situation:
    return Situation(options, folder, arrange=answering(by_path(table)), **said)


SITUATIONS = {
    "normal": lambda folder: made(folder, platform()),
    "empty": lambda folder: made(folder, platform([])),
    "partial": lambda folder: made(
        folder, platform() | {f"/api/device/query/devices/{CAMERA}/channels": DOWN}, raises=TemporaryError
    ),
    "malformed": lambda folder: made(folder, {"/api/device/query/devices": wrapped([1, 2])}, raises=BadDataError),
    "refused": lambda folder: made(folder, platform(), OPTIONS | {"api_key": "other"}, raises=AuthenticationError),
}

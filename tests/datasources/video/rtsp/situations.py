"""Recorded: what ffmpeg 9.0 said of GStreamer's RTSP server on loopback, and of a port where nothing listens."""

import subprocess
from pathlib import Path
from typing import Any

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation

END = b"[in#0 @ 0x55c4] Error opening input: %s\nError opening input file pipe:0.\nError opening input files: %s\n"
REFUSED = b"[rtsp @ 0x55c5] method DESCRIBE failed: 401 (Unauthorized)\n" + END.replace(
    b"%s", b"Server returned 401 Unauthorized (authorization failed)"
)
NO_STREAM = b"[rtsp @ 0x55c5] method DESCRIBE failed: 404 (Not Found)\n" + END.replace(
    b"%s", b"Server returned 404 Not Found"
)
DOWN = b"[tcp @ 0x55c5] Connection to tcp://192.0.2.17:554?timeout=5000000 failed: Connection refused\n" + END.replace(
    b"%s", b"Connection refused"
)

H265 = (
    b"Input #0, concat, from 'pipe:0':\n  Duration: N/A, start: 0.000000, bitrate: N/A\n  Stream #0:0: Video: hevc (Rext) "
    b"(HEVC / 0x43564548), gbrp(pc, gbr/unknown/unknown), 320x180 [SAR 1:1 DAR 16:9], 5 fps, 5 tbr, 90k tbn\n"
)
"""The same ffmpeg of a file that it had made with libx265."""


def camera(name: str, /, **said: Any) -> dict[str, Any]:
    return {"id": name, "url": f"rtsp://192.0.2.17:554/{name}", "user": "gridhall", "password": "s3cret", **said}


def options(*names: str) -> dict[str, Any]:
    return {"cameras": [camera(name) for name in names]}


NORTH = camera("north", name="North gate", longitude=114.3, latitude=30.6, direction=90, ptz_type="fixed")
OPTIONS = {"cameras": [NORTH, camera("south")]}


def saying(**said: bytes):
    """ffmpeg as it ends for cameras by name; for every other it gets a picture."""

    def run(relay: Any) -> subprocess.CompletedProcess[bytes]:
        words = said.get(relay.arguments[-1].rpartition("/")[2], b"")
        return subprocess.CompletedProcess([], 8 if b"Error" in words else 0, stderr=words)

    def arrange(monkeypatch: Any) -> None:
        monkeypatch.setattr("datasources.video.relay.trial.vetted", lambda relay: relay)
        monkeypatch.setattr("datasources.video.relay.trial.trouble_at", lambda relay: None)
        monkeypatch.setattr("datasources.video.relay.trial._run", run)

    return arrange


def told(name: str, status: str, /, **said: Any) -> dict[str, Any]:
    """A row of the cursor."""
    blank = dict.fromkeys(("longitude", "latitude", "area_code", "direction", "ptz_type"))
    return {"id": name, "name": name, "status": status, **blank, **said}


NORTH_ON = told("north", "ON", name="North gate", longitude=114.3, latitude=30.6, direction=90, ptz_type="fixed")
KNOWN = {"rows": [NORTH_ON, told("south", "ON")]}


def made(folder: Path, given: dict[str, Any], arrange: Any, **more: Any) -> Situation:
    return Situation(given, folder, arrange=arrange, **more)


SITUATIONS = {
    "normal": lambda folder: made(folder, OPTIONS, saying()),
    "empty": lambda folder: made(folder, OPTIONS, saying(), cursor=KNOWN),
    "partial": lambda folder: made(folder, OPTIONS, saying(south=NO_STREAM), raises=BadDataError),
    "malformed": lambda folder: made(folder, options("a"), saying(a=NO_STREAM), raises=BadDataError),
    "refused": lambda folder: made(folder, options("a"), saying(a=REFUSED), raises=AuthenticationError),
}

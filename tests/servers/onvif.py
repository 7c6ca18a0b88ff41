"""An ONVIF camera on loopback: the device, media and snapshot services of ipycam, without its RTSP and its discovery."""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.servers.processes import Server, answers, free_port, not_here

USER, PASSWORD = "gridhall", "s3cret&<word>"
PROGRAM = """
import sys
import numpy as np
from ipycam.camera import IPCamera, IPCameraHTTPHandler, ReusableThreadingTCPServer
from ipycam.config import CameraConfig

port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
camera = IPCamera(CameraConfig(local_ip="127.0.0.1", onvif_port=port, username=user, password=password, name="Gate"))
camera._last_frame = np.full((90, 160, 3), 120, np.uint8)
IPCameraHTTPHandler.camera = camera
ReusableThreadingTCPServer(("127.0.0.1", port), IPCameraHTTPHandler).serve_forever()
"""
"""ipycam's own start() would listen on every address and on UDP 3702 for the whole network."""


@dataclass(frozen=True)
class OnvifCamera:
    """Where its device service is, and who may ask."""

    url: str
    user: str = USER
    password: str = PASSWORD


@pytest.fixture(scope="session")
def onvif_camera() -> Iterator[OnvifCamera]:
    """A camera with a user and a password."""
    if find_spec("ipycam") is None:
        not_here("ipycam is missing: pip install -r requirements-dev.txt")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="gridhall-onvif-") as made:
        folder = Path(made)
        server = Server([sys.executable, "-c", PROGRAM, str(port), USER, PASSWORD], folder / "log", folder)
        server.start(lambda: answers(port))
        try:
            yield OnvifCamera(f"http://127.0.0.1:{port}/onvif/device_service")
        finally:
            server.stop()

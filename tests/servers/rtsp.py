"""RTSP cameras on loopback: GStreamer's own server with H.264 pictures that move, a user and a password, gone at the end."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.servers.processes import Account, Server, answers, free_port, not_here

USER, PASSWORD = "gridhall", "s3cret&<word>"
PYTHON = "/usr/bin/python3"
"""Debian's own: the bindings to GStreamer are a package of it."""
CAMERAS = 16
PARTS = 'import gi; gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")\n'
NEEDED = """
from gi.repository import Gst
Gst.init(None)
assert all(Gst.ElementFactory.find(name) for name in ("videotestsrc", "x264enc", "rtph264pay"))
"""
PROGRAM = """
import sys
from gi.repository import Gio, GLib, Gst, GstRtspServer

Gst.init(None)
port, user, password, cameras = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "viewer")
auth = GstRtspServer.RTSPAuth()
if sys.argv[5]:
    auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(sys.argv[5]))
auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
server.set_auth(auth)
may, _ = Gst.Structure.from_string("viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true")
for number in range(cameras):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=180,framerate=10/1 ! x264enc tune=zerolatency "
        "speed-preset=ultrafast key-int-max=10 bitrate=200 threads=1 ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
    )
    factory.set_shared(True)
    factory.add_role_from_structure(may)
    server.get_mount_points().add_factory(f"/cam{number}", factory)
server.attach(None)
GLib.MainLoop().run()
"""


@dataclass
class RtspServer:
    """Cameras /cam0, /cam1, …; it may be ended and started again at its port."""

    server: Server
    port: int
    user: str = USER
    password: str = PASSWORD

    def bare(self, number: int = 0) -> str:
        """The address of a camera as one names it in the settings."""
        return f"rtsp://127.0.0.1:{self.port}/cam{number}"

    def url(self, number: int = 0, password: str = PASSWORD) -> str:
        """The address with user and password."""
        return self.bare(number).replace("//", f"//{USER}:{quote(password, safe='')}@")

    def start(self) -> None:
        """Start it, at first or again."""
        self.server.start(lambda: answers(self.port))

    def kill(self) -> None:
        """End it as a power cut would."""
        self.server.kill()


@contextmanager
def running_rtsp(certificate: Path | None = None) -> Iterator[RtspServer]:
    """A server of its own. certificate: with its key, in one file; the server speaks rtsps with it."""
    found = subprocess.run([PYTHON, "-c", PARTS + NEEDED], check=False, capture_output=True)
    if found.returncode:
        not_here("GStreamer's RTSP server is missing: bash scripts/debian.sh tests")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="gridhall-rtsp-") as made:
        words = [PYTHON, "-c", PARTS + PROGRAM, str(port), USER, PASSWORD, str(CAMERAS), str(certificate or "")]
        server = Server([*Account(None).prefix("KILL"), *words], Path(made) / "log", Path(made))
        running = RtspServer(server, port)
        running.start()
        try:
            yield running
        finally:
            server.kill()


@pytest.fixture(scope="session")
def rtsp_server() -> Iterator[RtspServer]:
    """Sixteen cameras for all tests."""
    with running_rtsp() as server:
        yield server

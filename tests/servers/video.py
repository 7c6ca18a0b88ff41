"""The video service as the browser sees it, answered in the browser's own routes: signed addresses, pictures, a stream.

constructed: the answers follow what api/video.py promises (410 for an expired or foreign address, 503 with Retry-After for a
camera that does not answer); the stream is made by ffmpeg.
"""

import io
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image
from playwright.sync_api import BrowserContext, Route

VALID_SECONDS = 600
ADDRESS = re.compile(r"/video/(sign|[^/]+-t)/(\d+)(?:/([^?]+))?")
SECONDS = 20


def make_stream(folder: Path) -> Path:
    """A stream of SECONDS as HLS: index.m3u8 and its segments."""
    command = [
        get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10", "-t", str(SECONDS),
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-f", "hls", "-hls_time", "1",
        "-hls_list_size", "0", str(folder / "index.m3u8"),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return folder


def picture(tone: int) -> bytes:
    """A still of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (640, 360), (tone % 256, 110, 120)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Cameras:
    """What the cameras do: `dead` ones refuse, `mute` ones give no stream; what was asked of them is counted."""

    stream: Path
    dead: set[int] = field(default_factory=set)
    mute: set[int] = field(default_factory=set)
    signed: Counter[int] = field(default_factory=Counter)
    pictures: Counter[int] = field(default_factory=Counter)
    played: Counter[int] = field(default_factory=Counter)
    token: str = "first-t"

    def attach(self, context: BrowserContext) -> None:
        """Answer for this context."""
        context.route(ADDRESS, self.answer)

    def expire(self) -> None:
        """From now on addresses signed before are refused."""
        self.token = f"later{len(self.token)}-t"

    def answer(self, route: Route) -> None:
        """One request."""
        asked = ADDRESS.search(route.request.url)
        assert asked is not None
        token, camera, rest = asked[1], int(asked[2]), asked[3] or ""
        headers = {"Date": formatdate(usegmt=True), "Cache-Control": "no-store"}
        if token == "sign":
            self.signed[camera] += 1
            at = {"at": f"/video/{self.token}/{camera}", "until": time.time() + VALID_SECONDS}
            return route.fulfill(json=at, headers=headers)
        if token != self.token:
            return route.fulfill(status=410, headers=headers)
        if camera in self.dead:
            return route.fulfill(status=503, headers=headers | {"Retry-After": "1"})
        if rest == "picture.jpg":
            self.pictures[camera] += 1
            body = picture(camera * 20 + self.pictures[camera])
            return route.fulfill(
                body=body, headers=headers | {"Content-Type": "image/jpeg", "Last-Modified": headers["Date"]}
            )
        if rest == "index.m3u8" and camera in self.mute:
            return route.fulfill(status=404, headers=headers, json={"detail": "本相机只有快照"})
        if rest == "index.m3u8":
            self.played[camera] += 1
        kind = "application/vnd.apple.mpegurl" if rest.endswith("m3u8") else "video/mp2t"
        return route.fulfill(body=(self.stream / rest).read_bytes(), headers=headers | {"Content-Type": kind})

"""Whether a camera gives a picture now: called once, for a list of cameras that says which are on."""

import re
import subprocess

from imageio_ffmpeg import get_ffmpeg_exe

from datasources.video.contract import Relay
from datasources.video.relay.command import listing, trying, vetted
from datasources.video.relay.direct import MUTE, trouble_at
from datasources.video.relay.process import ERRORS, dying, trouble_in

SECONDS = 12.0
CODEC = re.compile(rb"Stream #0:0[^\n]*: Video: (\w+)")


def codec_of(name: str, relay: Relay) -> str:
    """What a first picture came in, as ffmpeg calls it ("h264", "hevc"); raises the three errors where none comes.

    name: the camera's, for the message.
    """
    relay = vetted(relay)
    trouble, said = trouble_at(relay), b""
    if trouble is None:
        trouble, said = _tried(relay)
    if trouble is not None:
        raise ERRORS[trouble[0]](f"{name} {trouble[1]}")
    found = CODEC.search(said)
    return found[1].decode() if found else ""


def _tried(relay: Relay) -> tuple[tuple[str, str] | None, bytes]:
    try:
        done = _run(relay)
    except subprocess.TimeoutExpired:
        return MUTE, b""
    return trouble_in(done.stderr) if done.returncode else None, done.stderr


def _run(relay: Relay) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  a fixed list, no shell
        [*dying(), get_ffmpeg_exe(), *trying(relay)],
        input=listing(relay), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SECONDS, check=False,
    )  # fmt: skip

"""Whether a camera gives a picture now: called once, for a list of cameras that says which are on."""

import subprocess

from imageio_ffmpeg import get_ffmpeg_exe

from datasources.video.contract import Relay
from datasources.video.relay.command import listing, trying, vetted
from datasources.video.relay.direct import MUTE, trouble_at
from datasources.video.relay.process import ERRORS, dying, trouble_in

SECONDS = 12.0


def require_picture(name: str, relay: Relay) -> None:
    """Return once a first picture came. Raises the three errors; name: the camera's, for the message."""
    relay = vetted(relay)
    trouble = trouble_at(relay) or _trouble(relay)
    if trouble is not None:
        raise ERRORS[trouble[0]](f"{name} {trouble[1]}")


def _trouble(relay: Relay) -> tuple[str, str] | None:
    try:
        done = _run(relay)
    except subprocess.TimeoutExpired:
        return MUTE
    return trouble_in(done.stderr) if done.returncode else None


def _run(relay: Relay) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  a fixed list, no shell
        [*dying(), get_ffmpeg_exe(), *trying(relay)],
        input=listing(relay), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SECONDS, check=False,
    )  # fmt: skip

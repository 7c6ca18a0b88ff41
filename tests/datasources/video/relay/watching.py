"""Waiting for relays, and what they have left in the machine."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from datasources.errors import TemporaryError
from datasources.video.contract import Relay
from datasources.video.relay import Relays

LIMIT_SECONDS = 90.0
POLL_SECONDS = 0.05
T = TypeVar("T")


def rtsp(url: str) -> Relay:
    """How connectors say it."""
    return Relay(("-rtsp_transport", "tcp", "-i", url), ("rtsp", "rtp", "tcp"))


def until(found: Callable[[], T]) -> T:
    """What `found` gives once it is something; AssertionError after LIMIT_SECONDS."""
    end = time.monotonic() + LIMIT_SECONDS
    while not (value := found()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(POLL_SECONDS)
    return value


def playlist(relays: Relays, key: str, relay: Relay) -> str:
    """The playlist, once there is one."""
    return until(lambda: _unless_temporary(relays.playlist, key, relay)).decode()


def still(relays: Relays, key: str, relay: Relay) -> bytes:
    """The picture, once there is one: that a relay runs is seen by it sooner than by a playlist."""
    return until(lambda: _unless_temporary(lambda *told: relays.still(*told).body, key, relay))


def _unless_temporary(asked: Callable[..., bytes], *told: object) -> bytes:
    try:
        return asked(*told)
    except TemporaryError:
        return b""


def ours(folder: Path) -> list[int]:
    """The processes that write below a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if (each / "cwd").readlink().is_relative_to(folder) and b"ffmpeg" in (each / "cmdline").read_bytes():
                found.append(int(each.name))
        except OSError:  # it has ended meanwhile
            continue
    return found


def kill(pid: int) -> None:
    """As the machine does where memory is short."""
    os.kill(pid, signal.SIGKILL)

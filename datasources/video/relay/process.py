"""One ffmpeg: started in its own group, gone with who started it, its complaints in plain words."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.video.contract import Relay
from datasources.video.relay.command import arguments, listing

END_SECONDS = 2.0
MOST_SAID = 8_192
DOWN, FULL, REFUSED, BAD = "down", "full", "refused", "bad"
"""Kinds of trouble."""
ASTRAY = "leads to another address; name that one in the source's options if it is meant"
COMPLAINTS = (
    ("Redirecting to", BAD, ASTRAY),
    ("401 Unauthorized", REFUSED, "refuses user or password; correct them in the source's options"),
    ("403 Forbidden", REFUSED, "does not let this user see its stream; change it in the camera"),
    ("404 Not Found", BAD, "has no stream at this address; correct it in the source's options"),
    (
        "certificate verify failed",
        BAD,
        "shows a certificate that its authority does not vouch for; correct it, or `authority`",
    ),
    ("not on whitelist", BAD, "leads to a protocol that is not allowed; correct its address"),
    ("Connection refused", DOWN, "takes no connection at its address; it is tried again"),
    ("No route to host", DOWN, "cannot be reached; it is tried again"),
    ("timed out", DOWN, "does not answer; it is tried again"),
)
"""What ffmpeg says → kind of trouble, and what is said of the camera. What ffmpeg says itself may hold the password."""
UNKNOWN = (DOWN, "ended its stream; it is tried again")
DYING = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"


class FullError(TemporaryError):
    """As many cameras are relayed as may be at a time: nothing is wrong with this one."""


ERRORS: dict[str, type[SourceError]] = {
    DOWN: TemporaryError,
    FULL: FullError,
    REFUSED: AuthenticationError,
    BAD: BadDataError,
}


class Process:
    """A running ffmpeg that writes into `folder`. It must be started by a thread that lives as long: the kernel ends it with that thread."""

    def __init__(self, relay: Relay, folder: Path, now: float) -> None:
        self.started = now
        self._said = b""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = listing(relay)
        self._running = subprocess.Popen(  # noqa: S603  a fixed list, no shell
            [*dying(), get_ffmpeg_exe(), *arguments(relay)],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, process_group=0,
        )  # fmt: skip
        assert self._running.stdin is not None  # noqa: S101  for the type checker: asked for above
        assert self._running.stderr is not None  # noqa: S101
        os.set_blocking(self._running.stderr.fileno(), False)
        with contextlib.suppress(BrokenPipeError):  # it ended at once; ended() says so
            self._running.stdin.write(told)
            self._running.stdin.close()

    def ended(self) -> bool:
        """Whether it is over, or has to be; what it says is read meanwhile, so that it never waits for a reader."""
        over = self._running.poll() is not None
        while self._running.stderr and (said := self._running.stderr.read(MOST_SAID)):
            self._said = (self._said + said)[-MOST_SAID:]
        return over or b"Redirecting to" in self._said

    def trouble(self) -> tuple[str, str]:
        """Why it ended: (kind, plain words)."""
        return trouble_in(self._said)

    def tell(self) -> None:
        """Ask it to end: it takes leave of the camera."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGTERM)

    def end(self) -> None:
        """End it, kindly if it goes."""
        self.tell()
        try:
            self._running.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
        if self._running.stderr:
            self._running.stderr.close()


def trouble_in(said: bytes) -> tuple[str, str]:
    """What ffmpeg's words mean: (kind, plain words)."""
    text = said.decode(errors="replace")
    return next(((kind, plain) for word, kind, plain in COMPLAINTS if word in text), UNKNOWN)


def dying() -> list[str]:
    """Words before the program: the kernel kills it when the thread that started it is gone, kill -9 included."""
    if found := shutil.which("setpriv"):
        return [found, "--pdeathsig", "KILL", "--"]
    return [sys.executable, "-I", "-c", DYING] if sys.platform == "linux" else []

"""Starting the real servers the tests need, so that none outlives the test process."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

START_SECONDS = 180.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05


def not_here(what: str) -> None:
    """Skip, or fail under CI=true: there a missing server must not pass for a green run."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} (with CI=true this is a failure)", pytrace=False)
    pytest.skip(what)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something accepts connections on this loopback port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def sweep(prefix: str) -> None:
    """Remove the temporary folders of runs that were killed: the process in their name lives no more."""
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        pid = path.name.removeprefix(prefix).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(path, ignore_errors=True)


@dataclass(frozen=True)
class Account:
    """Who a server runs as: us, or someone else when we are root and the server will not run as root."""

    name: str | None

    @classmethod
    def unprivileged(cls) -> "Account":
        """Us, unless we are root: then postgres, or nobody where that account is missing."""
        if os.geteuid() != 0:
            return cls(None)
        names = {entry.pw_name for entry in pwd.getpwall()}
        return cls("postgres" if "postgres" in names else "nobody")

    def prefix(self, dying: str) -> list[str]:
        """Command words: the kernel sends signal `dying` to the server when the test process dies, however it dies."""
        if not shutil.which("setpriv"):
            return [] if self.name is None else ["runuser", "-u", self.name, "--"]
        entry = pwd.getpwnam(self.name) if self.name else None
        change = [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"] if entry else []
        return ["setpriv", *change, "--pdeathsig", dying, "--"]

    @contextlib.contextmanager
    def folder(self, prefix: str) -> Iterator[Path]:
        """A temporary folder that belongs to the account, removed at the end; those of killed runs go first."""
        sweep(prefix)
        path = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))
        try:
            if self.name:
                shutil.chown(path, self.name)
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


@dataclass
class Server:
    """A server process in its own process group, writing to `log`."""

    command: list[str]
    log: Path
    folder: Path
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    def start(self, ready: Callable[[], bool]) -> None:
        """Start and wait until `ready()`; RuntimeError with the end of the log when it dies or takes minutes."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0
            )
        for _ in range(round(START_SECONDS / POLL_SECONDS)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(POLL_SECONDS)
                raise RuntimeError(f"{self.command} ended at once:\n{self.tail()}")
            if ready():
                return
        self.stop()
        raise RuntimeError(f"{self.command} was not ready after {START_SECONDS:g} s:\n{self.tail()}")

    def stop(self) -> None:
        """Stop it kindly, then not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

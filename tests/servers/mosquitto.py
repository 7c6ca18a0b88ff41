"""A real Mosquitto of our own: a persistent store, users with passwords, on a free loopback port, gone at the end."""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.processes import Account, Server, answers, free_port, not_here

USER, PASSWORD = "gridhall", "a-long-password"
SETTINGS = """\
per_listener_settings false
persistence true
persistence_location {folder}/
autosave_interval 3600
max_queued_messages 0
max_inflight_messages 0
allow_anonymous false
password_file {folder}/passwords
log_type warning
log_type error
listener {port} 127.0.0.1
"""
"""Kept to disk at a kind end only (and once an hour): a kill -9 loses the sessions, as a power cut does."""


@dataclass
class Mosquitto:
    """A running broker that a test may stop, kill and start again; port and users stay."""

    server: Server
    folder: Path
    port: int
    tls: bool = False

    @property
    def url(self) -> str:
        """mqtt://127.0.0.1:PORT, or mqtts://localhost:PORT."""
        return f"mqtts://localhost:{self.port}" if self.tls else f"mqtt://127.0.0.1:{self.port}"

    @property
    def access(self) -> dict[str, str]:
        """The options by which a connector gets in."""
        return {"url": self.url, "user": USER, "password": PASSWORD}

    def start(self) -> None:
        """Start it, at first or again."""
        self.server.start(lambda: answers(self.port))

    def stop(self) -> None:
        """End it kindly: it writes down what it holds."""
        self.server.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.server.kill()

    def save(self) -> None:
        """Let it write down what it holds now, as it does every autosave_interval; returns once that is done."""
        stored = self.folder / "mosquitto.db"
        before = stored.stat().st_mtime_ns if stored.exists() else 0
        assert self.server.process is not None
        self.server.process.send_signal(signal.SIGUSR1)
        for _attempt in range(400):
            if stored.exists() and stored.stat().st_mtime_ns > before:
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.process.wait(0.05)
        raise TimeoutError("Mosquitto did not write its store")

    def password(self, word: str) -> None:
        """Give the user another password; it counts from the next start on."""
        subprocess.run(
            ["mosquitto_passwd", "-b", *([] if self.file.exists() else ["-c"]), str(self.file), USER, word],
            check=True, capture_output=True,
        )  # fmt: skip
        self.file.chmod(0o644)

    @property
    def file(self) -> Path:
        """Where the passwords are."""
        return self.folder / "passwords"


@contextlib.contextmanager
def running_mosquitto(certificates: Path | None = None) -> Iterator[Mosquitto]:
    """A broker of its own. certificates: a folder with ca.pem, server.pem, server.key (client certificates asked for)."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        not_here("no Mosquitto: the program mosquitto is not installed")
        return
    account, port = Account.unprivileged(), free_port()
    with account.folder("gridhall-mosquitto-") as folder:
        command = [*account.prefix("TERM"), program, "-c", str(folder / "mosquitto.conf")]
        broker = Mosquitto(Server(command, folder / "server.log", folder), folder, port, tls=certificates is not None)
        (folder / "mosquitto.conf").write_text(SETTINGS.format(folder=folder, port=port) + _tls(folder, certificates))
        broker.password(PASSWORD)
        try:
            broker.start()
            yield broker
        finally:
            broker.stop()


def _tls(folder: Path, certificates: Path | None) -> str:
    if certificates is None:
        return ""
    for name in ("ca.pem", "server.pem", "server.key"):
        (folder / name).write_bytes((certificates / name).read_bytes())
        (folder / name).chmod(0o644)
    return (
        f"cafile {folder}/ca.pem\ncertfile {folder}/server.pem\nkeyfile {folder}/server.key\nrequire_certificate true\n"
    )


@pytest.fixture
def mosquitto_server() -> Iterator[Mosquitto]:
    """A Mosquitto that a test may do anything to; skips (fails under CI=true) where the program is missing."""
    with running_mosquitto() as broker:
        yield broker

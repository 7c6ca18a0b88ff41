"""A real Redis of our own: empty, on a free loopback port, gone at the end; nothing is written to disk unless asked for."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.processes import Account, Server, answers, free_port, not_here


@dataclass
class Redis:
    """A running Redis that a test may stop and start again."""

    server: Server
    port: int
    tls: bool = False

    @property
    def url(self) -> str:
        """redis://127.0.0.1:PORT/0, or rediss://localhost:PORT/0."""
        return f"rediss://localhost:{self.port}/0" if self.tls else f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, at first or again: the port stays; the data only where it is durable."""
        self.server.start(lambda: answers(self.port))

    def stop(self) -> None:
        """Stop it."""
        self.server.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.server.kill()


@contextlib.contextmanager
def running_redis(password: str = "", *, durable: bool = False, certificates: Path | None = None) -> Iterator[Redis]:
    """A server of its own, for a test that stops it; most tests share `redis_server`.

    durable: each write is on disk. certificates: a folder with ca.pem, server.pem, server.key (TLS only, and ours asked for).
    """
    program = shutil.which("redis-server")
    if program is None:
        not_here("no Redis: redis-server is not installed")
        return
    account, port = Account.unprivileged(), free_port()
    with account.folder("gridhall-redis-") as folder:
        kept = ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
        options = ["--bind", "127.0.0.1", "--save", "", *kept, "--dir", str(folder)]
        options += ["--requirepass", password] if password else []
        listen = ["--port", str(port)] if certificates is None else _tls(folder, certificates, port)
        command = [*account.prefix("TERM"), program, *listen, *options]
        redis = Redis(Server(command, folder / "server.log", folder), port, tls=certificates is not None)
        try:
            redis.start()
            yield redis
        finally:
            redis.stop()


def _tls(folder: Path, certificates: Path, port: int) -> list[str]:
    for name in ("ca.pem", "server.pem", "server.key"):
        (folder / name).write_bytes((certificates / name).read_bytes())
        (folder / name).chmod(0o644)
    files = (("ca-cert", "ca.pem"), ("cert", "server.pem"), ("key", "server.key"))
    return [
        "--port",
        "0",
        "--tls-port",
        str(port),
        *(w for n, f in files for w in (f"--tls-{n}-file", f"{folder}/{f}")),
    ]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL redis://127.0.0.1:PORT/0 of one Redis a run; skips (fails under CI=true) without redis-server."""
    with running_redis() as redis:
        yield redis.url

"""A real Redis of our own: empty, on a free loopback port, gone at the end; nothing is written to disk unless asked for."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.servers.processes import Account, Server, answers, free_port, not_here


@dataclass
class Redis:
    """A running Redis that a test may stop and start again."""

    server: Server
    port: int

    @property
    def url(self) -> str:
        """redis://127.0.0.1:PORT/0."""
        return f"redis://127.0.0.1:{self.port}/0"

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
def running_redis(password: str = "", *, durable: bool = False) -> Iterator[Redis]:
    """A server of its own, for a test that stops it; most tests share `redis_server`. durable: each write is on disk."""
    program = shutil.which("redis-server")
    if program is None:
        not_here("no Redis: redis-server is not installed")
        return
    account, port = Account.unprivileged(), free_port()
    with account.folder("gridhall-redis-") as folder:
        kept = ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
        options = ["--bind", "127.0.0.1", "--save", "", *kept, "--dir", str(folder)]
        options += ["--requirepass", password] if password else []
        command = [*account.prefix("TERM"), program, "--port", str(port), *options]
        redis = Redis(Server(command, folder / "server.log", folder), port)
        try:
            redis.start()
            yield redis
        finally:
            redis.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL redis://127.0.0.1:PORT/0 of one Redis a run; skips (fails under CI=true) without redis-server."""
    with running_redis() as redis:
        yield redis.url

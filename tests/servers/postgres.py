"""A real PostgreSQL of our own: a new cluster in a temporary folder, on a free loopback port, gone at the end."""

import contextlib
import itertools
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.servers.processes import Account, Server, free_port, not_here

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "fsync": "off",  # the folder is thrown away: speed is worth more than surviving a power cut
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


def programs() -> Path | None:
    """The folder with initdb and postgres: the newest Debian has, or what is on the PATH."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))]).parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass
class Postgres:
    """A running cluster. Calling it makes a fresh empty database and gives its URL."""

    server: Server
    port: int
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self) -> str:
        """URL of a fresh empty database: postgresql+psycopg://postgres@127.0.0.1:PORT/test_N."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """Remove a database made here, connected or not."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run one statement in the maintenance database."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(statement)

    def address(self) -> str:
        """Connection words of the maintenance database."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5"

    def start(self) -> None:
        """Start it, at first or after `stop` or `kill`: the port and the databases stay."""
        self.server.start(self.ready)

    def ready(self) -> bool:
        """Whether it answers queries (it accepts connections a little earlier)."""
        with contextlib.suppress(psycopg.OperationalError):
            self.execute("SELECT 1")
            return True
        return False

    def stop(self) -> None:
        """Stop it at once, cutting its connections."""
        self.server.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.server.kill()


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A cluster of its own, for a test that stops or kills it; most tests share `postgres_server`."""
    folder_of_programs = programs()
    if folder_of_programs is None:
        not_here("no PostgreSQL: initdb is not installed")
        return
    account, port = Account.unprivileged(), free_port()
    with account.folder("gridhall-postgres-") as folder:
        data = folder / "data"
        make = [f"{folder_of_programs}/initdb", "-D", f"{data}", "-U", "postgres", "-A", "trust", "--no-sync"]
        made = subprocess.run(
            [*account.prefix("KILL"), *make, "-E", "UTF8", "--locale=C"],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        settings = SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*account.prefix("QUIT"), f"{folder_of_programs}/postgres", "-D", f"{data}", *options]
        postgres = Postgres(Server(command, folder / "server.log", folder, stop_signal=signal.SIGINT), port)
        try:
            postgres.start()
            yield postgres
        finally:
            postgres.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Call it for the URL of a fresh empty database; skips (fails under CI=true) where PostgreSQL is missing."""
    with running_postgres() as postgres:
        yield postgres

"""A second process for the tests of bell and locks: `commit URL`, or `hold URL FOLDER` (the worker's lock)."""

import sys
import threading
from pathlib import Path

import sqlalchemy as sa

from store.doorbell import ring
from store.engine import open_engine, write
from store.locks import worker_lock


def commit(url: str) -> None:
    """Commit something and ring."""
    engine = open_engine(url)
    with write(engine) as connection:
        connection.execute(sa.text("INSERT INTO bell_test (n) VALUES (1)"))
        ring(connection)
    engine.dispose()


def hold(url: str, folder: str) -> None:
    """Wait for the worker's lock, say so, and hold it until stdin ends."""
    engine = open_engine(url)
    with worker_lock(engine, Path(folder), threading.Event()) as ours:
        sys.stdout.write(f"{ours}\n")
        sys.stdout.flush()
        sys.stdin.read()
    engine.dispose()


if __name__ == "__main__":
    if sys.argv[1] == "commit":
        commit(sys.argv[2])
    else:
        hold(sys.argv[2], sys.argv[3])

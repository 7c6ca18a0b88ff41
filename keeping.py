"""The commands that keep a store safe: backup and restore."""

import argparse
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from actions.backup import backup
from actions.restore import restore
from domain.actor import TERMINAL
from store.engine import StoreError
from store.locks import worker_lock
from wiring import House

Command = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add_commands(command: Command, ready: Callable[[], House]) -> None:
    """Add backup and restore to the commands of the program; ready: opens the house with its tables up to date."""

    def back_up(arguments: argparse.Namespace) -> int:
        """Write the whole store and the uploads into one file, while people go on working."""
        house = ready()
        told = backup(house.engine, house.uploads, arguments.out, TERMINAL, now=house.clock())
        sys.stdout.write(f"backup: {sum(told.rows.values())} rows, {_uploads(told.digests)} uploads: {arguments.out}\n")
        return 0

    def bring_back(arguments: argparse.Namespace) -> int:
        """Put a backup into the store; stop the server and the worker first."""
        house, stop = ready(), threading.Event()
        stop.set()  # do not wait for a turn
        with worker_lock(house.engine, house.settings.var, stop) as ours:
            if not ours:
                raise StoreError("a worker has this store open; stop the server and the worker, then restore")
            told = restore(
                house.engine, house.counts_folder, house.uploads, arguments.file, TERMINAL, zone=house.zone,
                now=house.clock(), replace=arguments.replace,
            )  # fmt: skip
        made = datetime.fromtimestamp(told.made_at, UTC).isoformat()
        sys.stdout.write(f"restore: {sum(told.rows.values())} rows, {_uploads(told.digests)} uploads of {made}\n")
        return 0

    writing = command("backup", back_up)
    writing.add_argument("--out", type=Path, required=True, help="the file to write")
    reading = command("restore", bring_back)
    reading.add_argument("file", type=Path, help="a file that backup wrote")
    reading.add_argument("--replace", action="store_true", help="lose what the store holds now")


def _uploads(digests: dict[str, str]) -> int:
    return sum(name.startswith("uploads/") for name in digests)

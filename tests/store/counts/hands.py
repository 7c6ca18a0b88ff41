"""The processes of test_together: one that writes, and one whose seals are killed at random moments."""

import os
import random
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from store.counts.seal import seal
from tests.store.counts.world import AREA_IDS, CATEGORIES, DAY, START, World

CASES = 40
LONGEST_SECONDS, LONGER, MOST_SECONDS = 0.4, 1.15, 4.0
"""How long the first one may live (a seal of so little takes a tenth of it, connecting another tenth), and how that
grows: on a busy machine some must live long enough to finish a seal."""


def change(draw: random.Random) -> dict[str, Any]:
    """One of the things that happen to a case."""
    at = START + draw.randrange(8 * DAY)
    return draw.choice(
        (
            {"reported_at": at, "due_at": at + DAY, "first_response_at": at + draw.randrange(DAY)},
            {"area_id": draw.choice(AREA_IDS), "placing": draw.randrange(4)},
            {"category_id": draw.choice(CATEGORIES)},
            {"status": draw.choice(["void", "merged"])},
            {"status": "handling", "ended_at": None},
            {"status": "closed", "closed_at": at, "ended_at": at, "level": draw.choice([None, 0, 1, 2])},
            {"overdue": draw.choice([True, False]), "due_at": at},
        )
    )


def write_many(world: World, seed: int, writes: int) -> None:
    """Transactions of one to three cases each; those that met another's new case are given up."""
    draw = random.Random(seed)
    for _ in range(writes):
        chosen = sorted(draw.sample(range(1, CASES), draw.randint(1, 3)))
        try:
            world.write(*((case, change(draw)) for case in chosen))
        except IntegrityError:
            continue


def seal_and_die(url: str, folder: Path) -> None:
    """Start seals for ever, each in a process of its own, and kill most of them somewhere on the way."""
    draw, never, me, longest = random.Random(5), threading.Event(), os.getpid(), LONGEST_SECONDS
    while True:
        child = os.fork()
        if not child:
            world = World(url, folder, fresh=False)
            while os.getppid() == me:
                seal(world.engine, folder, now=START)
            os._exit(0)
        never.wait(draw.random() * longest)
        longest = min(longest * LONGER, MOST_SECONDS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    task, url, folder, *rest = sys.argv[1:]
    if task == "write":
        write_many(World(url, Path(folder), fresh=False), int(rest[0]), int(rest[1]))
    else:
        seal_and_die(url, Path(folder))

"""The commands of the audit record: verify and adopt."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from actions.seal_audit import adopt
from actions.verify_audit import verify_audit
from domain.actor import TERMINAL
from wiring import House

Command = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add_commands(command: Command, ready: Callable[[], House]) -> None:
    """Add `audit` to the commands of the program; ready: opens the house with its tables up to date."""

    def audit(arguments: argparse.Namespace) -> int:
        """Hold the audit record against its seals and the file of heads, or go on from a backup that was put back."""
        return {"verify": _verify, "adopt": _adopt}[arguments.what](ready())

    command("audit", audit).add_argument("what", choices=("verify", "adopt"))


def _verify(house: House) -> int:
    verdict = verify_audit(house.engine, house.secret, house.heads_file)
    for difference in verdict.differences:
        sys.stderr.write(difference + "\n")
    at = verdict.sealed_at
    since = datetime.fromtimestamp(at, ZoneInfo(house.zone.name)).isoformat() if at is not None else "never"
    sys.stdout.write(
        f"audit: {'verified' if not verdict.differences else f'{len(verdict.differences)} differences'}; "
        f"{verdict.rows} rows in {verdict.seals} seals, last sealed {since}; {verdict.tail} rows not sealed yet\n"
    )
    return 1 if verdict.differences else 0


def _adopt(house: House) -> int:
    number = adopt(house.engine, house.heads_file, TERMINAL, now=house.clock())
    sys.stdout.write(f"audit: the chain goes on after seal {number}\n")
    return 0

"""The command of the calendar that deadlines run on: list, set, unset, confirm."""

import argparse
import json
import sys
from collections.abc import Callable

import sqlalchemy as sa

from actions.change_workdays import change_workdays, confirm_year
from config_errors import ConfigError
from domain.actor import TERMINAL
from domain.daywords import days_of
from domain.periods import date_of
from domain.refusal import Refused
from store.engine import read
from store.schema_workdays import workday_override
from wiring import House

STATES = {"work": True, "off": False}

Command = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add_commands(command: Command, common: argparse.ArgumentParser, ready: Callable[[], House]) -> None:
    """Add `workdays` to the commands of the program; common: the options of every command; ready: opens
    the house with its tables up to date.
    """

    def workdays(arguments: argparse.Namespace) -> int:
        """List and change the days of work that deadlines run on; one JSON line a day."""
        try:
            return _DO[arguments.what](ready(), arguments)
        except Refused as refused:
            raise ConfigError(f"workdays {arguments.what}: {refused}") from refused

    adding = command("workdays", workdays).add_subparsers(dest="what", required=True)
    adding.add_parser("list", parents=[common], help="the days that people changed")
    setting = adding.add_parser("set", parents=[common], help="make days work or off")
    setting.add_argument("days", help="2027-02-05, or 2027-02-05..2027-02-11")
    setting.add_argument("state", choices=tuple(STATES))
    setting.add_argument("--note", default="", help="why, by which notice")
    unsetting = adding.add_parser("unset", parents=[common], help="give days back to the holiday notice")
    unsetting.add_argument("days", help="2027-02-05, or 2027-02-05..2027-02-11")
    unsetting.add_argument("--note", default="", help="why")
    adding.add_parser("confirm", parents=[common], help="a year's holidays are entered in full").add_argument(
        "year", type=int
    )


def _list(house: House, _arguments: argparse.Namespace) -> int:
    with read(house.engine) as connection:
        for row in connection.execute(sa.select(workday_override).order_by(workday_override.c.day)):
            _say(date_of(row.day), is_workday=row.is_workday, note=row.note, by=row.by)
    return 0


def _set(house: House, arguments: argparse.Namespace) -> int:
    wanted, days = STATES.get(getattr(arguments, "state", "")), days_of(arguments.days)
    changed = change_workdays(house.site, TERMINAL, days, arguments.note, is_workday=wanted, now=house.clock())
    house.hints.ring()
    calendar = house.calendar()
    for day in changed:
        _say(date_of(day), is_workday=calendar.is_workday(day))
    return 0


def _confirm(house: House, arguments: argparse.Namespace) -> int:
    done = confirm_year(house.site, TERMINAL, arguments.year, now=house.clock())
    house.hints.ring()
    sys.stdout.write(json.dumps({"year": arguments.year, "confirmed": done}) + "\n")
    return 0


def _say(day: object, *, is_workday: bool, **more: str) -> None:
    line = {"day": str(day), "state": "work" if is_workday else "off", **more}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


_DO = {"list": _list, "set": _set, "unset": _set, "confirm": _confirm}

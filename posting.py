"""The command of the places with a QR code: list, make, revoke, sheet."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from actions.places import NewPlace, make_places, revoke_place
from components.code_sheet import code_sheet
from components.typesetting import TypesettingError
from components.words import set_language
from config_errors import ConfigError, hint
from domain.actor import TERMINAL
from domain.refusal import Refused
from domain.scope import SITE
from store.engine import read
from store.public_places import Place, places_in
from views.public_places import each_below, sheet_cards
from wiring import House

Command = Callable[[str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add_commands(command: Command, common: argparse.ArgumentParser, ready: Callable[[], House]) -> None:
    """Add `places` to the commands of the program; common: the options of every command; ready: opens
    the house with its tables up to date.
    """

    def places(arguments: argparse.Namespace) -> int:
        """List, make, revoke and print the places with a QR code for residents; one JSON line a place."""
        house = ready()
        area = getattr(arguments, "area", SITE)
        if area not in house.site.areas.position:
            raise ConfigError(f"--area: there is no area '{area}' here" + hint(area, house.site.areas.code))
        try:
            _DO[arguments.what](house, arguments)
        except (Refused, TypesettingError) as error:
            raise ConfigError(f"places {arguments.what}: {error}") from error
        return 0

    adding = command("places", places).add_subparsers(dest="what", required=True)
    for what, told in {
        "list": "the places of an area",
        "make": "new places",
        "sheet": "their codes as a PDF to print",
    }.items():
        adding.add_parser(what, parents=[common], help=told).add_argument(
            "--area", default=SITE, help="code of an area (default: the whole site)"
        )
    making = adding.choices["make"]
    making.add_argument("--name", default="", help="as residents know it")
    making.add_argument("--each", choices=("community", "grid"), help="one for each area of this level below")
    adding.choices["sheet"].add_argument("--out", type=Path, required=True, help="file to write")
    adding.add_parser("revoke", parents=[common], help="end a code").add_argument("id")


def _found(house: House, area: str) -> list[Place]:
    with read(house.engine) as connection:
        return places_in(connection, [house.site.areas.range(area)])


def _list(house: House, arguments: argparse.Namespace) -> None:
    for place in _found(house, arguments.area):
        _say(id=place.id, name=place.name, area=place.area_code, revoked=place.revoked_at is not None)


def _make(house: House, arguments: argparse.Namespace) -> None:
    wanted = [NewPlace(arguments.name, arguments.area)]
    if arguments.each:
        below = each_below(house.site.areas, arguments.area, arguments.each)
        wanted = [NewPlace(f"{name} {arguments.name}".strip(), code) for code, name in below]
    for place_id, place in zip(make_places(house.site, TERMINAL, wanted, now=house.clock()), wanted, strict=True):
        _say(id=place_id, name=place.name, area=place.area_code)


def _revoke(house: House, arguments: argparse.Namespace) -> None:
    revoke_place(house.site, TERMINAL, arguments.id, now=house.clock())
    _say(id=arguments.id, revoked=True)


def _sheet(house: House, arguments: argparse.Namespace) -> None:
    set_language(house.settings.site.language)
    site = house.settings.site
    cards = sheet_cards(house.site.areas, _found(house, arguments.area), site.public_url)
    arguments.out.write_bytes(code_sheet(cards, site=site.name, moment=house.clock()))
    _say(out=str(arguments.out), codes=len(cards))


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


_DO = {"list": _list, "make": _make, "revoke": _revoke, "sheet": _sheet}

"""The menu of areas, for every page whose area lives in the address."""

from collections.abc import Callable

from components.areawords import whole_word
from components.facets import Menu, Option
from components.words import _
from domain.scope import SITE, Scope
from views.area_names import around, full_name, tree
from views.places import whole
from views.reader import Moment

MOST_AREAS = 200
"""More than these in one list are gone through level by level."""


def area_name(moment: Moment, code: str) -> str:
    """An area in words; the site is called by its level."""
    return whole_word(whole(moment).level) if code == SITE else full_name(moment.areas, code)


def area_menu(moment: Moment, scope: Scope, chosen: str, address: Callable[[str], str]) -> Menu:
    """Every area that may be seen; of very many those around the chosen one. address: code → where it leads."""

    def options() -> list[Option]:
        site = [(SITE, area_name(moment, SITE), 0)] if SITE in scope.areas else []
        every = tree(moment, scope)
        shown = every if len(every) <= MOST_AREAS else around(moment.areas, every, chosen)
        return [Option(name, address(code), code == chosen, depth) for code, name, depth in (*site, *shown)]

    return Menu("area", _("Area"), area_name(moment, chosen), options)

"""The menu of areas, for every page whose area lives in the address."""

from collections.abc import Callable

import dash_mantine_components as dmc

from components.areawords import whole_word
from components.facets import Option, facet
from components.words import _
from domain.scope import SITE, Scope
from views.area_names import full_name, tree
from views.places import whole
from views.reader import Moment


def area_name(moment: Moment, code: str) -> str:
    """An area in words; the site is called by its level."""
    return whole_word(whole(moment).level) if code == SITE else full_name(moment.areas, code)


def area_menu(moment: Moment, scope: Scope, chosen: str, address: Callable[[str], str]) -> dmc.Popover:
    """Every area that may be seen. address: code → where choosing it leads."""
    site = [(SITE, area_name(moment, SITE), 0)] if SITE in scope.areas else []
    options = [
        Option(name, address(code), code == chosen, depth) for code, name, depth in (*site, *tree(moment, scope))
    ]
    return facet("area", _("Area"), area_name(moment, chosen), options)

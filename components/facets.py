"""A choice that lives in the address: a button that opens a list of links, one a value; and chips that take one back."""

from collections.abc import Sequence
from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import dcc, html

from components.words import _

SEARCH_FROM = 12
"""Longer lists can be searched (assets/screens.js)."""


@dataclass(frozen=True)
class Option:
    """A value to choose: its words, the address that has it, whether it is chosen, how deep it hangs in a tree."""

    text: str
    href: str
    chosen: bool = False
    depth: int = 0
    orders: bool = False
    """Whether its address says an order of its own; others keep the order that the list is in."""


def go(children: object, href: str, class_name: str = "", **more: object) -> html.A:
    """A link within the product: assets/screens.js follows it without loading the page again, and keeps the sort."""
    return html.A(children, href=href, className=f"gh-go {class_name}".strip(), **more)  # type: ignore[arg-type]


def facet(name: str, label: str, current: str, options: Sequence[Option], look: str = "") -> dmc.Popover:
    """One choice. name: for the element's id (facet-<name>); current: what is chosen now, in words."""
    button = html.Button(
        [html.Span(label, className="gh-facet-label"), html.Span(current, className="gh-facet-value"), _chevron()],
        id=f"facet-{name}", type="button", className=f"gh-facet {look}".strip(), **{"aria-haspopup": "true"},
    )  # fmt: skip
    search = [_search(label)] if len(options) >= SEARCH_FROM else []
    return dmc.Popover(
        [
            dmc.PopoverTarget(button),
            dmc.PopoverDropdown([*search, html.Ul([_item(o) for o in options])], className="gh-popover gh-choices"),
        ],
        position="bottom-start", shadow="md", withinPortal=True, returnFocus=True, trapFocus=True,
    )  # fmt: skip


def _chevron() -> html.I:
    return html.I(className="gh-chevron", **{"aria-hidden": "true"})


def _search(label: str) -> dcc.Input:
    return dcc.Input(type="search", className="gh-choices-search", placeholder=_("Search {what}", what=label))


def _item(option: Option) -> html.Li:
    more = {**({"aria-current": "true"} if option.chosen else {}), **({"data-orders": "true"} if option.orders else {})}
    return html.Li(go(option.text, option.href, "gh-choice", **more), style={"paddingLeft": f"{option.depth * 14}px"})


def chips(taken: Sequence[tuple[str, str, str]], reset: str) -> html.Div:
    """Active choices: (what, value, address without it); reset: the address without any."""
    found = [
        go([html.Span(what), html.B(value), html.I("×", **{"aria-hidden": "true"})], href, "gh-chip",
           **{"aria-label": _("Remove {what}: {value}", what=what, value=value)})
        for what, value, href in taken
    ]  # fmt: skip
    again = [go(_("Reset"), reset, "gh-reset")] if len(found) > 1 else []
    return html.Div([*found, *again], className="gh-chips", hidden=not found)

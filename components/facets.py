"""A choice that lives in the address: a button that opens a list of links, one a value; chips that take one back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from components.attributes import attributes
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


@dataclass(frozen=True)
class Menu:
    """A choice: its name, its label, what is chosen now in words, and what can be (asked for when it is opened).

    several: more than one may be chosen, so its list opens again after each.
    """

    name: str
    label: str
    current: str
    options: Callable[[], Sequence[Option]]
    several: bool = False
    look: str = ""


def go(children: object, href: str, class_name: str = "", **more: object) -> html.A:
    """A link within the product: assets/screens.js follows it without loading the page again, and keeps the sort."""
    return html.A(children, href=href, className=f"gh-go {class_name}".strip(), **more)  # type: ignore[arg-type]


def disclosure(summary: Sequence[object], opened: Sequence[object], look: str, **more: str) -> html.Details:
    """What opens below a small button. The browser's own, so that keyboard and screen readers know it.

    more: attributes of the button. assets/screens.js closes it at Escape, at a press elsewhere, and when another opens.
    """
    button = html.Summary(list(summary), className=look, **attributes(**more))  # type: ignore[arg-type]
    return html.Details([button, html.Div(list(opened), className="gh-drop")], className="gh-menu")  # type: ignore[arg-type]


def facet(page: str, menu: Menu) -> html.Details:
    """A closed menu. Its page fills {"type": "<page>-options", "name": …} when "<page>-facet" is pressed."""
    said = [
        html.Span(menu.label, className="gh-facet-label"),
        html.Span(menu.current, className="gh-facet-value"),
        html.I(className="gh-chevron", **attributes(aria_hidden="true")),
    ]
    button = html.Summary(said, id={"type": f"{page}-facet", "name": menu.name}, n_clicks=0, className="gh-facet")
    options = html.Div(id={"type": f"{page}-options", "name": menu.name}, className="gh-choices")
    marks = attributes(data_facet=menu.name, **({"data_several": "true"} if menu.several else {}))
    return html.Details(
        [button, html.Div(options, className="gh-drop")], className=f"gh-menu {menu.look}".strip(), **marks
    )


def opened(menu: Menu) -> list[Any]:
    """What an open menu shows: its options, and a search where they are many."""
    options = menu.options()
    search = [_search(menu.label)] if len(options) >= SEARCH_FROM else []
    return [*search, html.Ul([_item(option) for option in options])]


def _search(label: str) -> dcc.Input:
    return dcc.Input(type="search", className="gh-choices-search", placeholder=_("Search {what}", what=label))


def _item(option: Option) -> html.Li:
    more = attributes(aria_current="true") if option.chosen else {}
    more |= attributes(data_orders="true") if option.orders else {}
    return html.Li(go(option.text, option.href, "gh-choice", **more), style={"paddingLeft": f"{option.depth * 14}px"})


def chips(taken: Sequence[tuple[str, str, str]], reset: str) -> html.Div:
    """Active choices: (what, value, address without it); reset: the address without any."""
    found = [
        go([html.Span(what), html.B(value), html.I("×", **attributes(aria_hidden="true"))], href, "gh-chip",
           **attributes(aria_label=_("Remove {what}: {value}", what=what, value=value)))
        for what, value, href in taken
    ]  # fmt: skip
    again = [go(_("Reset"), reset, "gh-reset")] if len(found) > 1 else []
    return html.Div([*found, *again], className="gh-chips", hidden=not found)

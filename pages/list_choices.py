"""What can be chosen on a list of cases: as menus of addresses, and as chips that take a choice back."""

from collections.abc import Callable, Sequence

from dash import html

from components.caselines import KIND_WORDS, PLACING_WORDS, STATUS_WORDS
from components.facets import Menu, Option, chips
from components.filters import chosen_text
from components.periodtext import dates, period_name, presets
from components.words import _
from domain.cases import KINDS, PLACINGS, STATUSES
from domain.measures import KPIS, N_
from domain.scope import SITE, Scope
from pages.area_menu import area_menu, area_name
from views.outcome_query import known_months
from views.query import DEFAULT_FIGURE, DEFAULT_PERIOD, ROLLING, ListQuery, anchor
from views.reader import Moment

LABELS = {
    "figure": N_("Figure"), "period": N_("Time"), "area": N_("Area"), "kind": N_("Kind"), "category": N_("Category"),
    "source": N_("Source"), "status": N_("State"), "placing": N_("Place"), "q": N_("Search"),
}  # fmt: skip

ORDERS = {
    "-reported_at": N_("Newest first"), "reported_at": N_("Oldest first"), "due_at": N_("Soonest due first"),
    "-closed_at": N_("Last closed first"), "category": N_("By category"), "area": N_("By area"),
}  # fmt: skip
OTHER_ORDER = N_("Chosen order")
STATES = ("reported", *(name for name in STATUSES if name != "reported"))
"""States in the order in which a case goes through them."""

WORDS: dict[str, Callable[[str], str]] = {
    "kind": lambda name: _(KIND_WORDS[name]),
    "category": str,
    "source": str,
    "status": lambda name: _(STATUS_WORDS[name]),
    "placing": lambda name: _(PLACING_WORDS[name]),
}
"""Choices of which several may be made, and how their values are called."""

OFFERED: dict[str, Callable[[Moment], Sequence[str]]] = {
    "kind": lambda _moment: KINDS,
    "category": lambda moment: sorted(moment.names.category_id),
    "source": lambda moment: sorted(moment.names.source_id),
    "status": lambda _moment: STATES,
    "placing": lambda _moment: PLACINGS,
}
"""What can be chosen of each of WORDS."""


def chosen_of(asked: ListQuery) -> dict[str, tuple[str, ...]]:
    """What is chosen of each of WORDS."""
    chosen = asked.query.chosen
    return {
        "kind": chosen.kinds, "category": chosen.categories, "source": chosen.sources,
        "status": asked.statuses, "placing": asked.placings,
    }  # fmt: skip


def menus(asked: ListQuery, moment: Moment, scope: Scope) -> tuple[Menu, ...]:
    """A menu for each choice, in the order of the address; the order of the list where there are no column heads."""
    figure, period, now = asked.figure, asked.query.period, f"{'-' if asked.descending else ''}{asked.sort}"
    return (
        Menu("figure", _(LABELS["figure"]), _(KPIS[figure].label), lambda: _figures(asked)),
        Menu("period", _(LABELS["period"]), period_said(asked, moment), lambda: _periods(asked, moment, period)),
        area_menu(moment, scope, asked.query.chosen.area, lambda code: _address(asked, area=code)),
        *(_several(asked, moment, name, chosen) for name, chosen in chosen_of(asked).items()),
        Menu("sort", _("Order"), _(ORDERS.get(now, OTHER_ORDER)), lambda: _orders(asked, now), look="gh-phone-only"),
    )


def _address(asked: ListQuery, **changes: str | tuple[str, ...]) -> str:
    return f"/cases{asked.text(**changes)}"


def _figures(asked: ListQuery) -> list[Option]:
    return [Option(_(kpi.label), _address(asked, figure=name), name == asked.figure) for name, kpi in KPIS.items()]


def _orders(asked: ListQuery, now: str) -> list[Option]:
    return [Option(_(word), _address(asked, sort=sort), sort == now, orders=True) for sort, word in ORDERS.items()]


def _periods(asked: ListQuery, moment: Moment, period: str) -> list[Option]:
    named = [(text, name) for text, name in presets(anchor(moment)) if _is_said(text, moment)]
    months = [(m, m) for m in reversed(known_months(moment)) if m not in dict(named)]
    return [Option(name, _address(asked, period=text), text == period) for text, name in (*named, *months)]


def _several(asked: ListQuery, moment: Moment, name: str, chosen: tuple[str, ...]) -> Menu:
    word = WORDS[name]

    def options() -> list[Option]:
        values = OFFERED[name](moment)
        return [Option(word(v), _address(asked, **{name: _toggled(chosen, v)}), v in chosen) for v in values]

    return Menu(name, _(LABELS[name]), chosen_text([word(value) for value in chosen]), options, several=True)


def _is_said(text: str, moment: Moment) -> bool:
    """Whether a preset is called by its name: "this month" of a site that is quiet since years is not."""
    return anchor(moment) == moment.today or text in ROLLING


def period_said(asked: ListQuery, moment: Moment) -> str:
    """The name of the period, and its days."""
    last, chosen = anchor(moment), asked.query.chosen.period
    if chosen.months() and not (asked.query.period in dict(presets(last)) and _is_said(asked.query.period, moment)):
        return asked.query.period.replace("..", "–")
    name, days = period_name(asked.query.period, last), dates(chosen, moment.today)
    return days if name == _("Chosen dates") else f"{name} {days}"


def _toggled(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)


def taken(asked: ListQuery, moment: Moment) -> html.Div:
    """A chip for each choice that narrows the list."""
    query, chosen = asked.query, asked.query.chosen
    single = (
        ("period", query.period != DEFAULT_PERIOD, period_said(asked, moment), DEFAULT_PERIOD),
        ("area", chosen.area != SITE, area_name(moment, chosen.area), SITE),
        ("q", bool(asked.text_search), asked.text_search, ""),
    )
    found = [(_(LABELS[name]), said, _address(asked, **{name: none})) for name, is_set, said, none in single if is_set]
    found += [
        (_(LABELS[name]), WORDS[name](value), _address(asked, **{name: _toggled(values, value)}))
        for name, values in chosen_of(asked).items()
        for value in values
    ]
    figure = "" if asked.figure == DEFAULT_FIGURE else f"?figure={asked.figure}"
    return chips(found, f"/cases{figure}")

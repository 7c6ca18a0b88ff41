"""A key figure as a card: the number, then its age; its definition one click away."""

from dataclasses import dataclass
from typing import Protocol

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from components.amounts import Change, change, number, unit, with_unit
from components.datatimes import Age, data_line, error_line
from components.periodtext import before_name
from components.words import _
from domain.feeds import DOWN, STALE, WAITING
from domain.filters import Filter
from domain.measures import KPIS, N_, Kpi

EMPTY = "empty"


class Shown(Protocol):
    """What a card needs of a key figure (views.figures.Figure)."""

    @property
    def kpi(self) -> Kpi: ...
    @property
    def chosen(self) -> Filter: ...
    @property
    def value(self) -> float | None: ...
    @property
    def rows(self) -> int: ...
    @property
    def previous(self) -> float | None: ...


@dataclass(frozen=True)
class CardLook:
    """What surrounds the number of a card: its age, whether it colours the map, its list, its dates in words."""

    age: Age
    chosen: bool
    href: str
    dates: str


def card(shown: Shown, look: CardLook) -> html.Section:
    """One key figure."""
    state = _state(shown, look.age)
    return _frame(
        shown.kpi.name,
        state,
        [
            _head(shown.kpi, look, [_definition(shown, look), _list_link(shown, look)]),
            html.Div(_BODIES.get(state, _figure)(shown, look.age), className="kpi-body"),
            data_line(look.age),
        ],
        chosen=look.chosen,
    )


def error_card(name: str, age: Age, *, chosen: bool) -> html.Section:
    """The card of a figure that could not be made; the others live on."""
    body = html.Div(
        [
            html.Span(className="kpi-warning", **{"aria-hidden": "true"}),
            html.Span(_("This block failed; the others are not affected"), className="kpi-note"),
        ],
        className="kpi-body",
    )
    return _frame(
        name, "error", [html.Div(_choose(KPIS[name], chosen=chosen), className="kpi-head"), body, error_line(age)]
    )


def waiting_card(name: str, age: Age) -> html.Section:
    """The card before its first number: still blocks."""
    blocks = [html.Span(className="kpi-block is-number"), html.Span(className="kpi-block")]
    head = html.Div(html.Span(_(KPIS[name].label), className="kpi-choose"), className="kpi-head")
    return _frame(name, WAITING, [head, html.Div(blocks, className="kpi-body"), data_line(age)])


def _frame(name: str, state: str, children: list[Component], *, chosen: bool = False) -> html.Section:
    look = f"kpi-card is-{state}{' is-chosen' if chosen else ''}"
    return html.Section(children, className=look, **{"data-kpi": name, "aria-label": _(KPIS[name].label)})


def _state(shown: Shown, age: Age) -> str:
    if age.state == WAITING:
        return WAITING
    return EMPTY if shown.value is None and age.state not in {DOWN, STALE} else age.state


def _head(kpi: Kpi, look: CardLook, more: list[Component]) -> html.Div:
    return html.Div([_choose(kpi, chosen=look.chosen), *more], className="kpi-head")


def _choose(kpi: Kpi, *, chosen: bool) -> html.Button:
    """The button that lies over the whole card: colour the map by this figure."""
    return html.Button(
        _(kpi.label),
        className="kpi-choose",
        type="button",
        title=_("Colour the map by this figure"),
        **{"data-set": f"measure={kpi.name}", "aria-pressed": "true" if chosen else "false"},
    )


def _list_link(shown: Shown, look: CardLook) -> dcc.Link:
    text = _("{n} cases ›", n=number(shown.rows))
    return dcc.Link(text, href=look.href, className="kpi-list", title=_("Open the list of these cases"))


def _figure(shown: Shown, _age: Age) -> list[Component]:
    found = change(shown.kpi, shown.value, shown.previous)
    return [*_number(shown.kpi, shown.value), *([_change(found)] if found else [])]


def _stopped(shown: Shown, age: Age) -> list[Component]:
    note = _("for {long}", long=age.for_long)
    return [*_number(shown.kpi, shown.value), html.Span(note, className="kpi-note")]


def _gone(shown: Shown, _age: Age) -> list[Component]:
    note = _("last {value}", value=with_unit(shown.kpi, shown.value))
    return [html.Span("—", className="kpi-value"), html.Span(note, className="kpi-note")]


def _nothing(shown: Shown, _age: Age) -> list[Component]:
    note = _(_NOTHING_WORDS.get(shown.kpi.name, _NOTHING))
    return [html.Span("—", className="kpi-value"), html.Span(f"{note} · 0 / 0", className="kpi-note")]


def _blocks(_shown: Shown, _age: Age) -> list[Component]:
    return [html.Span(className="kpi-block is-number"), html.Span(className="kpi-block")]


_BODIES = {STALE: _stopped, DOWN: _gone, EMPTY: _nothing, WAITING: _blocks}
_NOTHING_WORDS = {
    "satisfaction": N_("nobody rated"), "on_time_rate": N_("nothing due"), "response": N_("no response yet"),
}  # fmt: skip
_NOTHING = N_("none in this period")


def _number(kpi: Kpi, value: float | None) -> list[Component]:
    return [
        html.Span(number(value, kpi.digits), className="kpi-value"),
        html.Span(unit(kpi), className="kpi-unit is-sign" if kpi.unit == "percent" else "kpi-unit"),
    ]


def _change(found: Change) -> html.Span:
    tone = "is-even" if found.good is None else "is-good" if found.good else "is-bad"
    words = {True: _("better"), False: _("worse"), None: ""}[found.good]
    return html.Span(found.text, className=f"kpi-change {tone}", title=words)


def _definition(shown: Shown, look: CardLook) -> dmc.Popover:
    """What the figure means, with the numbers it is made of."""
    kpi = shown.kpi
    button = html.Button(
        "?", className="kpi-about", type="button",
        **{"aria-haspopup": "dialog", "aria-label": _("What {label} means", label=_(kpi.label))},
    )  # fmt: skip
    facts = (
        (_("Scope"), f"{look.dates} · {_(kpi.scope)}"),
        (_("Not in it"), _(kpi.excluded)),
        (_("Compared"), f"{before_name(shown.chosen.period)} · {with_unit(kpi, shown.previous)}"),
    )
    return dmc.Popover(
        [
            dmc.PopoverTarget(button),
            dmc.PopoverDropdown(
                html.Div(
                    [
                        html.H3(_(kpi.label)),
                        html.P(_(kpi.formula, **kpi.given), className="definition-formula"),
                        html.P(_sum(shown), className="definition-sum"),
                        html.Dl([each for term, text in facts for each in (html.Dt(term), html.Dd(text))]),
                        dcc.Link(_("Show {n} cases", n=number(shown.rows)), href=look.href, className="definition-list"),
                    ],
                    role="dialog", **{"aria-label": _(kpi.label)},
                ),
                className="definition",
            ),
        ],
        position="bottom-start", withArrow=True, arrowSize=10, width=326, shadow="md", offset={"mainAxis": 80, "crossAxis": -90},
        returnFocus=True, trapFocus=True, withRoles=False,
    )  # fmt: skip


def _sum(shown: Shown) -> list[Component | str]:
    """Numerator ÷ denominator = value; for a count, the count."""
    value = html.Strong(with_unit(shown.kpi, shown.value))
    if shown.kpi.denominator is None:
        return ["= ", value]
    top = None if shown.value is None else shown.value * shown.rows / (100 if shown.kpi.unit == "percent" else 1)
    whole = top is not None and abs(top - round(top)) < 0.005
    return [
        html.B(number(0 if top is None else top, 0 if whole else 1)), " ÷ ", html.B(number(shown.rows)), " = ", value,
    ]  # fmt: skip

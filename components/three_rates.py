"""The three rates in a line: each before and after, with how many of the closed cases it knows."""

from collections.abc import Sequence

from dash import html

from components.amounts import NOTHING, number
from components.attributes import attributes
from components.words import _
from domain.measures import N_
from domain.threerates import RATES, Rate

NOTHING_ASKED = {
    "response": N_("no return visits"), "solved": N_("no return visits"), "satisfied": N_("nobody rated"),
}  # fmt: skip


def three_rates_line(before: Sequence[Rate], after: Sequence[Rate], weight: float) -> html.Section:
    """The card of the three; before and after in the order of RATES."""
    head = html.Div(
        [
            html.H2(_("Three rates")),
            html.Span(_("cases closed in these months, before → after"), className="gh-card-note"),
        ],
        className="gh-outcome-head",
    )
    shown = [_rate(old, new, weight) for old, new in zip(before, after, strict=True)]
    return html.Section([head, html.Div(shown, className="gh-three")], className="gh-card gh-three-card")


def _rate(old: Rate, new: Rate, weight: float) -> html.Div:
    label, formula = RATES[new.name]
    values = [
        html.Span(_value(old), className="gh-before"),
        html.Span("→", className="gh-arrow"),
        html.Span(_value(new), className="gh-after"),
    ]
    return html.Div(
        [
            html.H3(_(label), title=_(formula, weight=f"{weight:g}")),
            html.Div(values, className="gh-sides"),
            html.P(_("n {before} → {after}", before=coverage(old), after=coverage(new)), className="gh-card-note"),
            *([html.P(_("and {n} surveys without a case", n=number(new.surveys)), className="gh-card-note")] if new.surveys else []),
            *([html.P(_(NOTHING_ASKED[new.name]), className="gh-card-note")] if new.value is None else []),
        ],
        **attributes(data_rate=new.name),
    )  # fmt: skip


def _value(rate: Rate) -> str:
    return NOTHING if rate.value is None else f"{number(rate.value, 1)}%"


def coverage(rate: Rate) -> str:
    """n/N: of the closed cases, how many are known."""
    return f"{number(rate.n)}/{number(rate.whole)}"

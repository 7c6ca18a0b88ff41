"""The outcome table: months, both sides and the change; every number leads to the cases behind it."""

from collections.abc import Sequence
from typing import Any

from dash import html

from components.amounts import NOTHING, number
from components.facets import go
from components.numbers import decimal
from components.outcome_card import Address
from components.outcome_words import UNITS, FigureLike, change_text, change_tone, month_text, side_text
from components.words import _
from domain.measures import N_

ROWS_UNDER = {
    "response": N_("Cases with a response"),
    "satisfaction": N_("Valid ratings"),
    "online_rate": N_("Cases known"),
}
"""What the cases behind a rate are called."""


def outcome_table(
    figures: Sequence[FigureLike], medians: Sequence[float | None], launch: str, address: Address
) -> html.Div:
    """The table. medians: median response of each month in days, None = not folded yet."""
    rows = []
    for shown in figures:
        rows.append(_row(shown, launch, address))
        if shown.kpi.name == "response":
            rows.append(_medians(shown, medians, launch))
        if shown.kpi.name in ROWS_UNDER and shown.kpi.name != "online_rate":
            rows.append(_rows_under(shown, launch, address))
    table = html.Table([_head(figures[0], launch), html.Tbody(rows)], className="gh-table gh-outcome-table")
    return html.Div(table, className="gh-card gh-table-card")


def _look(month: str, launch: str) -> str:
    return "gh-launch" if month == launch else ""


def _head(shown: FigureLike, launch: str) -> html.Thead:
    months = [html.Th(c.month, className=_look(c.month, launch), scope="col") for c in shown.cells]
    ends = [html.Th(_(text), className=look, scope="col")
            for text, look in (("Before", "gh-divide"), ("After", ""), ("Change", ""))]  # fmt: skip
    return html.Thead(html.Tr([html.Th(_("Figure"), scope="col"), *months, *ends]))


def _row(shown: FigureLike, launch: str, address: Address) -> html.Tr:
    name = shown.kpi.name
    label = _("{figure} ({unit})", figure=_(shown.kpi.label), unit=_(UNITS[name]))
    months = [_cell(month_text(shown, c.value), address(name, (c.month,)), _look(c.month, launch)) for c in shown.cells]
    before, after = (
        _cell(side_text(shown, side, table=True), address(name, side.months), look)
        for side, look in ((shown.before, "gh-divide"), (shown.after, "gh-strong"))
    )
    change = html.Td(change_text(shown), className=f"gh-change gh-change-{change_tone(shown)}")
    return html.Tr([html.Th(label, scope="row"), *months, before, after, change], **{"data-figure": name})


def _cell(text: str, href: str, look: str) -> html.Td:
    return html.Td(text if text == NOTHING else go(text, href), className=look)


def _rows_under(shown: FigureLike, launch: str, address: Address) -> html.Tr:
    name = shown.kpi.name
    label = _("{figure} ({unit})", figure=_(ROWS_UNDER[name]), unit=_("cases"))
    months = [_cell(number(c.rows), address(name, (c.month,)), _look(c.month, launch)) for c in shown.cells]
    sides = [
        _cell(number(side.rows), address(name, side.months), look)
        for side, look in ((shown.before, "gh-divide"), (shown.after, ""))
    ]
    return html.Tr(
        [html.Th(label, scope="row"), *months, *sides, html.Td("")],
        className="gh-under",
        **{"data-figure": f"{name}-n"},
    )


def _medians(shown: FigureLike, medians: Sequence[float | None], launch: str) -> html.Tr:
    cells: list[Any] = [
        html.Td(decimal(value, 2), className=_look(c.month, launch))
        for value, c in zip(medians, shown.cells, strict=True)
    ]
    ends = [html.Td("", className="gh-divide"), html.Td(""), html.Td("")]
    return html.Tr(
        [html.Th(_("Median ({unit})", unit=_("days")), scope="row"), *cells, *ends],
        className="gh-under", **{"data-figure": "response-median"},
    )  # fmt: skip

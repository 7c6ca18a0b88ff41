"""One figure before and after a launch: both sides in large, their change, how sure they are, and the chart."""

from collections.abc import Callable

from dash import html

from components.charts import graph
from components.facets import go
from components.outcome_charts import outcome_chart
from components.outcome_words import (
    FigureLike,
    SideLike,
    basis_text,
    change_text,
    change_tone,
    interval_text,
    side_text,
)  # fmt: skip
from components.words import _
from domain.measures import N_

CHART_PX = 148
NOTHING_TO_DIVIDE = {
    "response": N_("No case of these months has a response"), "satisfaction": N_("Nobody rated in these months"),
}  # fmt: skip

Address = Callable[[str, tuple[str, ...]], str]
"""Figure and months → the address of the list behind them."""


def outcome_card(shown: FigureLike, launch: str, address: Address) -> html.Section:
    """The card of a figure."""
    title = html.Div(
        [html.H2(_(shown.kpi.label)), html.Span(basis_text(shown), className="gh-card-note")],
        className="gh-outcome-head",
    )
    sides = html.Div(
        [
            _side(shown, shown.before, address, "gh-before"),
            html.Span("→", className="gh-arrow"),
            _side(shown, shown.after, address, "gh-after"),
            html.Span(change_text(shown), className=f"gh-change gh-change-{change_tone(shown)}"),
        ],
        className="gh-sides",
    )
    label = _("{figure}: {before} before, {after} after the launch", figure=_(shown.kpi.label),
              before=side_text(shown, shown.before), after=side_text(shown, shown.after))  # fmt: skip
    known = any(cell.value is not None for cell in shown.cells)
    chart = (
        graph(
            outcome_chart(shown, launch), graph_id=f"outcomes-chart-{shown.kpi.name}", label=label, height_px=CHART_PX
        )
        if known
        else html.P([_(NOTHING_TO_DIVIDE[shown.kpi.name]), " · 0 / 0"], className="gh-no-chart")
    )
    return html.Section([title, sides, _sure(shown), chart], className="gh-card gh-outcome")


def _side(shown: FigureLike, side: SideLike, address: Address, look: str) -> html.A:
    return go(side_text(shown, side), address(shown.kpi.name, side.months), look)


def _sure(shown: FigureLike) -> html.P:
    """The 95 % intervals; n beside every rate."""
    said = [interval_text(shown, side) for side in (shown.before, shown.after)]
    parts = [_("95 % interval {before} → {after}", before=said[0], after=said[1])]
    if shown.kpi.denominator is not None:
        parts.append(_("n {before} → {after}", before=f"{shown.before.rows:,}", after=f"{shown.after.rows:,}"))
    return html.P(" · ".join(parts), className="gh-card-note")

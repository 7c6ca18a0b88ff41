"""The head of the outcome page: what is compared, with its choices, its data time and its file."""

from collections.abc import Sequence
from typing import Any, Protocol

from dash import html

from components.datatimes import Age, data_line
from components.words import _


class AskedLike(Protocol):
    """Months, the two sides, the launch (views.outcome_query.OutcomeQuery)."""

    months: tuple[str, ...]
    launch: str
    launch_given: bool

    @property
    def before(self) -> tuple[str, ...]: ...
    @property
    def after(self) -> tuple[str, ...]: ...


def outcome_head(asked: AskedLike, area: str, *, menus: Sequence[Any], file: str, age: Age) -> html.Div:
    """Title and subtitle; menus; file: the address of the table as CSV."""
    return html.Div(
        [
            html.Div(
                [html.H1(_("Before and after the launch")), html.P(_subtitle(asked, area), className="gh-subtitle")]
            ),
            html.Div(
                [
                    data_line(age),
                    *menus,
                    html.A(
                        _("Export"),
                        href=file,
                        download="gridhall-outcomes.csv",
                        className="gh-button",
                        id="outcomes-export",
                    ),
                ],
                className="gh-actions",
            ),
        ],
        className="gh-head",
    )


def waiting_outcomes() -> list[Any]:
    """The page before its first number: still blocks."""
    blocks = [html.Div(html.Span(className="gh-block"), className="gh-card gh-outcome gh-waiting") for _i in range(4)]
    main = html.Div(blocks, className="gh-outcome-main")
    title = html.Div(html.H1(_("Before and after the launch")), className="gh-head")
    return [title, html.Div([main, html.Aside(className="gh-card")], className="gh-outcomes")]


def _subtitle(asked: AskedLike, area: str) -> str:
    before, after = len(asked.before), len(asked.after)
    first = _("{area}, {first} to {last}", area=area, first=asked.months[0], last=asked.months[-1])
    sides = _("{n} months each", n=before) if before == after else _("{a} months before, {b} after", a=before, b=after)
    chosen = (
        ""
        if asked.launch_given
        else _("; no launch was chosen, so the months are halved at {month}", month=asked.launch)
    )
    return _("{period}, {sides}", period=first, sides=sides) + chosen

"""The head of the outcome page: what is compared, with its choices, its data time and its file."""

from collections.abc import Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dash import html

from components.data_line import data_line
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


def outcome_head(
    asked: AskedLike, area: str, *, menus: Sequence[Any], file: str, at: int | None, state: str, zone: ZoneInfo
) -> html.Div:
    """Title and subtitle; menus; file: the address of the table as CSV."""
    return html.Div(
        [
            html.Div([html.H1(_("Before and after the launch")), html.P(_subtitle(asked, area), className="gh-subtitle")]),
            html.Div(
                [
                    data_line(at, state, zone),
                    *menus,
                    html.A(_("Export"), href=file, download="gridhall-outcomes.csv", className="gh-button", id="outcomes-export"),
                ],
                className="gh-actions",
            ),
        ],
        className="gh-head",
    )


def _subtitle(asked: AskedLike, area: str) -> str:
    before, after = len(asked.before), len(asked.after)
    first = _("{area}, {first} to {last}", area=area, first=asked.months[0], last=asked.months[-1])
    sides = (
        _("{n} months each", n=before) if before == after else _("{a} months before, {b} after", a=before, b=after)
    )
    chosen = "" if asked.launch_given else _("; no launch was chosen, so the months are halved at {month}", month=asked.launch)
    return _("{period}, {sides}", period=first, sides=sides) + chosen

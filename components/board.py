"""Cases by stage: a column a stage, how many stand in it, the most urgent of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from components.amounts import number
from components.attributes import attributes
from components.case_flags import flags
from components.deadline import standing
from components.due_mark import due_mark
from components.facets import go
from components.state_badge import state_badge
from components.words import _


@dataclass(frozen=True)
class Column:
    """label: message id of a stage. total: how many, overdue: how many of them are late; rows: (case, area) that are shown."""

    label: str
    total: int
    overdue: int
    rows: Sequence[tuple[Mapping[str, Any], str]]
    more: str
    note: str = ""


def board(columns: Sequence[Column], now: int) -> html.Div:
    """The columns side by side; on a phone one below the other, opened by their heads."""
    return html.Div([_column(column, now) for column in columns], className="gh-board")


def _column(column: Column, now: int) -> html.Details:
    late = [html.Span(_("{n} overdue", n=number(column.overdue)), className="gh-due-late")] if column.overdue else []
    note = [html.Small(column.note, className="gh-quiet")] if column.note else []
    head = html.Summary(
        [html.H2(_(column.label)), html.B(number(column.total)), *late, *note], className="gh-board-head"
    )
    hidden = column.total - len(column.rows)
    rest = [html.Li(go(_("{n} more", n=number(hidden)), column.more, "gh-board-more"))] if hidden > 0 else []
    rows = [html.Li(_card(row, place, now)) for row, place in column.rows]
    body = html.Ol([*rows, *rest]) if rows else html.P(_("None."), className="gh-quiet")
    return html.Details(
        [head, html.Div(body, className="gh-board-body", tabIndex=0, role="group", **attributes(aria_label=_(column.label)))],
        open=True, className="gh-board-column", **attributes(data_total=str(column.total)),
    )  # fmt: skip


def _card(row: Mapping[str, Any], place: str, now: int) -> html.A:
    stands = standing(row, now)
    due = html.Span([due_mark(stands.tone), html.Span(stands.text)], className=f"gh-work-due gh-due-{stands.tone}")
    return go(
        [
            html.Span([html.B(row["category"]), due], className="gh-card-line"),
            html.Span(place, className="gh-quiet"),
            html.Span([state_badge(row["state"]), *flags(row), html.Span(row["department"] or "", className="gh-quiet")],
                      className="gh-board-line"),
        ],
        f"/cases/{row['id']}", "gh-board-card",
    )  # fmt: skip

"""The head of one case, and what is shown where there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.case_badge import case_badge
from components.case_flags import counters, flags
from components.deadline import LATE, NEAR, standing
from components.due_mark import due_mark
from components.facets import go
from components.state_badge import state_badge
from components.words import _


def case_head(
    case: Mapping[str, Any], places: Sequence[str], now: int, *, sheet: Mapping[str, Any] | None = None
) -> list[Any]:
    """Way back, category, state, flags, place (names from the largest to its own area). sheet: of a case worked here."""
    work = sheet or {}
    badge = state_badge(work["state"]) if work.get("version") else case_badge(case["status"])
    counted = counters(work)
    stands = standing(case, now)
    late = (
        [html.Span([due_mark(stands.tone), stands.text], className=f"gh-work-due gh-due-{stands.tone}")]
        if stands.tone in {LATE, NEAR}
        else []
    )
    where = " ".join([*places, *([case["title"]] if case["title"] else [])])
    return [
        html.Nav([go(_("Cases"), "/cases"), html.Span("/"), html.Span(work.get("case_no") or case["external_id"])], className="gh-path"),
        html.Div(
            [
                html.H1(case["category"]), badge, *late, *flags(work), html.Span(where, className="gh-subtitle"),
                *([html.Span(counted, className="gh-quiet")] if counted else []),
            ],
            className="gh-title gh-case-title",
        ),
    ]  # fmt: skip


def no_case() -> html.Div:
    """There is no such case, or the reader may not see it; which of the two is not said."""
    return html.Div(
        [
            html.H1(_("There is no such case")),
            html.P(_("The number is wrong, or the case lies outside your areas."), className="gh-subtitle"),
            go(_("Open the list of cases"), "/cases", "gh-button"),
        ],
        className="gh-page gh-missing",
    )

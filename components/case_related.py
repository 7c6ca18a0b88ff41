"""Cases that belong to this one: its main case, those merged into it, those that look the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.attributes import attributes
from components.case_badge import case_badge
from components.facets import go
from components.numbers import duration
from components.words import _
from domain.measures import N_

HOW_WORDS = {"main": N_("Main case"), "child": N_("Merged into this"), "similar": N_("Similar")}


def related_card(case: Mapping[str, Any], related: Sequence[tuple[str, Mapping[str, Any]]]) -> html.Section | None:
    """Each with how it belongs; nothing where none does. Similar ones with metres and time between the reports."""
    if not related:
        return None
    rows = [_row(case, how, each) for how, each in related]
    head = html.Div(html.H2(_("Related cases")), className="gh-card-head")
    return html.Section([head, html.Ul(rows, className="gh-related")], className="gh-card")


def similar_text(case: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """How far away another case is, in metres and in time."""
    step = other["reported_at"] - case["reported_at"]
    when = _("{time} later", time=duration(step)) if step > 0 else _("{time} earlier", time=duration(step))
    return f"{other['metres']:.0f} m · {when}"


def _row(case: Mapping[str, Any], how: str, other: Mapping[str, Any]) -> html.Li:
    said = f"{_(HOW_WORDS[how])} · {similar_text(case, other)}" if how == "similar" else _(HOW_WORDS[how])
    words = [html.Span(other["category"]), html.Small(f" {said}", className="gh-quiet")]
    return html.Li(
        [go(other["number"], f"/cases/{other['id']}"), html.Span(words), case_badge(other["status"])],
        **attributes(data_how=how),
    )

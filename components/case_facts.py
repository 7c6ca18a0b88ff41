"""What is known of a case, and the cases near it."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.amounts import NOTHING
from components.case_badge import case_badge
from components.caselines import KIND_WORDS, LEVEL_WORDS, moment_text
from components.facets import go
from components.numbers import duration
from components.words import _
from domain.cases import KINDS, LEVELS

Case = Mapping[str, Any]


def facts(case: Case, zone: ZoneInfo) -> html.Section:
    """Every field of a case as term and value."""
    answered = case["first_response_at"]
    after = "" if answered is None else f" · {_('after {time}', time=duration(answered - case['reported_at']))}"
    level = None if case["level"] is None else _(LEVEL_WORDS[LEVELS[case["level"]]])
    rated = "" if level is None else f" · {moment_text(case['rated_at'], zone, '%Y-%m-%d %H:%M')}"
    online = {True: _("yes"), False: _("no")}.get(case["online"])
    point = None if case["longitude"] is None else f"{case['longitude']:.6f}, {case['latitude']:.6f}"
    rows = (
        (_("Case no."), case["external_id"]),
        (_("Order no."), case["order_no"]),
        (_("Kind"), _(KIND_WORDS[KINDS[case["kind"]]])),
        (_("Channel"), case["channel"]),
        (_("Department"), case["department"]),
        (_("Reported at"), moment_text(case["reported_at"], zone)),
        (_("First response"), moment_text(answered, zone) + after),
        (_("Due at"), moment_text(case["due_at"], zone)),
        (_("Closed at"), moment_text(case["closed_at"], zone)),
        (_("Rating"), f"{level or NOTHING}{rated}"),
        (_("Online"), online),
        (_("Coordinates"), point),
        (_("Source"), case["source"]),
        (_("Updated at"), moment_text(case["updated_at"], zone)),
    )
    pairs = [each for term, said in rows for each in (html.Dt(term), html.Dd(said or NOTHING))]
    return html.Section(
        [html.Div(html.H2(_("Facts")), className="gh-card-head"), html.Dl(pairs, className="gh-facts")],
        className="gh-card",
    )


def said(case: Case) -> html.Section:
    """What was reported, in its own words."""
    texts = [html.P(text) for text in (case["title"], case["text"]) if text]
    head = html.Div(html.H2(_("Description")), className="gh-card-head")
    return html.Section([head, *(texts or [html.P(NOTHING)])], className="gh-card gh-said")


def neighbours(case: Case, near: Sequence[Case], metres: int, days: int) -> html.Section:
    """Cases near in place and time, nearest first, numbered as on the map."""
    head = html.Div(
        [
            html.H2(_("Cases nearby")),
            html.Span(_("within {m} m and {d} days", m=metres, d=days), className="gh-card-note"),
        ],
        className="gh-card-head",
    )
    rows = [_near(case, each, number) for number, each in enumerate(near, start=1)]
    body = html.Ol(rows, className="gh-near") if rows else html.P(_("None."), className="gh-quiet")
    return html.Section([head, body], className="gh-card")


def _near(case: Case, near: Case, number: int) -> html.Li:
    step = near["reported_at"] - case["reported_at"]
    when = _("{time} later", time=duration(step)) if step > 0 else _("{time} earlier", time=duration(step))
    return html.Li(
        [
            html.I(str(number), className="gh-near-number"),
            go(near["category"], f"/cases/{near['id']}"),
            html.Span(f"{near['metres']:.0f} m · {when}", className="gh-quiet"),
            case_badge(near["status"]),
        ]
    )

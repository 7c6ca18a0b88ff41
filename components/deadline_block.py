"""The deadline of one case: how long is left in large, until when, and the ruler."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.deadline import LATE, standing
from components.numbers import duration
from components.ruler import ruler
from components.words import _
from domain.cases import ENDED, NOT_COUNTED


def deadline_block(case: Mapping[str, Any], now: int, zone: ZoneInfo, limit: str = "", *more: Any) -> html.Section:
    """The block at the top of a case; a case without a deadline says so. limit: the time limit in its own unit."""
    if case["due_at"] is None:
        return _block([], html.P(_("No deadline was given."), className="gh-quiet"))
    said = limit or duration(case["due_at"] - case["reported_at"])
    note = html.Span(_("Limit {time}", time=said), className="gh-card-note")
    line = html.Div(
        [_large(case, now), html.Span(_until(case, now, zone), className="gh-due-until")], className="gh-due-line"
    )
    return _block([note], line, ruler(case, case["ended_at"] or now, zone), *more)


def _block(notes: list[Any], *children: Any) -> html.Section:
    return html.Section(
        [html.Div([html.H2(_("Time limit")), *notes], className="gh-card-head"), *children],
        className="gh-card gh-deadline",
    )


def _large(case: Mapping[str, Any], now: int) -> html.Span:
    stands = standing(case, now)
    if case["status"] in ENDED | NOT_COUNTED | {"suspended"}:
        ended = case["ended_at"]
        gap = "" if ended is None else _gap(case["due_at"] - ended)
        return html.Span([html.B(stands.text), html.Span(gap, className="gh-unit")], className="gh-due-large")
    left = case["due_at"] - now
    word = _("left") if left >= 0 else _("over")
    tone = " gh-due-late" if stands.tone == LATE else ""
    return html.Span([html.B(_clock(abs(left))), html.Span(word, className="gh-unit")], className=f"gh-due-large{tone}")


def _gap(seconds: int) -> str:
    return _("{time} early", time=duration(seconds)) if seconds >= 0 else _("{time} late", time=duration(seconds))


def _clock(seconds: int) -> str:
    """Hours and minutes as on a clock; days in words where there are two or more."""
    return duration(seconds) if seconds >= 48 * 3_600 else f"{seconds // 3_600}:{seconds % 3_600 // 60:02d}"


def _until(case: Mapping[str, Any], now: int, zone: ZoneInfo) -> str:
    due, today = datetime.fromtimestamp(case["due_at"], zone), datetime.fromtimestamp(now, zone)
    if due.date() == today.date():
        return _("due today {time}", time=due.strftime("%H:%M"))
    return _("due {time}", time=due.strftime("%m-%d %H:%M" if due.year == today.year else "%Y-%m-%d %H:%M"))

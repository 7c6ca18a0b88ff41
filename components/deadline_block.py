"""The deadline of one case: how long is left in large, until when, and the ruler."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dash import html

from components.deadline import LATE, standing
from components.limits import limit_text
from components.numbers import duration
from components.ruler import ruler
from components.words import _
from domain.cases import ENDED, NOT_COUNTED


class Running(Protocol):
    """The limit that runs, on the calendar (views.running.Running)."""

    @property
    def amount(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def warn(self) -> int: ...
    @property
    def left(self) -> float: ...
    @property
    def breaks(self) -> Sequence[tuple[int, int]]: ...


def deadline_block(
    case: Mapping[str, Any], now: int, zone: ZoneInfo, limit: str = "", *more: Any, running: Running | None = None
) -> html.Section:
    """The block at the top of a case; a case without a deadline says so. limit: the time limit in its own unit.
    running: what is left in that unit, and when it stands still.
    """
    if case["due_at"] is None:
        return _block([], html.P(_("No deadline was given."), className="gh-quiet"))
    said = limit or _whole(running) or duration(case["due_at"] - case["reported_at"])
    note = html.Span(_("Limit {time}", time=said), className="gh-card-note")
    still = (running.breaks, running.warn) if running else ()
    line = html.Div(
        [_large(case, now, running), html.Span(_until(case, now, zone), className="gh-due-until")],
        className="gh-due-line",
    )
    return _block([note], line, ruler(case, case["ended_at"] or now, zone, *still), *more)


def _block(notes: list[Any], *children: Any) -> html.Section:
    return html.Section(
        [html.Div([html.H2(_("Time limit")), *notes], className="gh-card-head"), *children],
        className="gh-card gh-deadline",
    )


def _large(case: Mapping[str, Any], now: int, running: Running | None) -> html.Span:
    stands = standing(case, now)
    if case["status"] in ENDED | NOT_COUNTED | {"suspended"}:
        ended = case["ended_at"]
        gap = "" if ended is None else _gap(case["due_at"] - ended)
        return html.Span([html.B(stands.text), html.Span(gap, className="gh-unit")], className="gh-due-large")
    left = case["due_at"] - now
    word = _("left") if left >= 0 else _("over")
    tone = " gh-due-late" if stands.tone == LATE else ""
    said = running_text(running) if running else _clock(abs(left))
    return html.Span([html.B(said), html.Span(word, className="gh-unit")], className=f"gh-due-large{tone}")


def _whole(running: Running | None) -> str:
    return limit_text(running.amount, running.unit) if running else ""


def running_text(running: Running) -> str:
    """How much of its unit a limit has left, or is over: hours as on a clock, days with one digit."""
    amount = abs(running.left)
    if running.unit in {"work_days", "calendar_days"}:
        return limit_text(round(amount, 1), running.unit)
    return _clock(round(amount * 3_600))


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

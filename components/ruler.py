"""A deadline on a ruler: the time gone, the time left, the warning stretch at its end, and where we are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.attributes import attributes
from components.deadline import warning_from
from components.words import _

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
STEPS = (
    5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY,
    2 * _DAY, 5 * _DAY, 10 * _DAY, 30 * _DAY, 60 * _DAY, 120 * _DAY, 365 * _DAY, 1_000 * _DAY,
)  # fmt: skip
MOST_TICKS = 5
MARGIN = 0.06


def ruler(
    case: Mapping[str, Any], at: int, zone: ZoneInfo, breaks: Sequence[tuple[int, int]] = (), warn: int | None = None
) -> html.Div:
    """The ruler of a case with a deadline. at: now, or when it ended (epoch seconds). breaks: when the limit stands still.
    warn: when the warning stretch begins, where the calendar says it.
    """
    start, due = case["reported_at"], case["due_at"]
    low, high = min(start, due, at), max(due, at, start + _MINUTE)
    room = (high - low) * MARGIN

    def share(moment: float) -> float:
        return float((moment - low + room) / (high - low + 2 * room) * 100)

    def part(name: str, first: float, last: float) -> html.Span:
        style = {"left": f"{share(first):.2f}%", "width": f"{max(share(last) - share(first), 0):.2f}%"}
        return html.Span(className=f"gh-ruler-{name}", style=style)

    warn = warning_from(case) if warn is None else min(max(warn, start), due)
    word = _("Ended") if case["ended_at"] else _("Now")
    bar = [part("left", start, due), part("warn", warn, due), part("gone", start, min(at, due))]
    late = [part("late", due, at)] if at > due else []
    still = [part("still", max(first, low), min(last, high)) for first, last in breaks if first < high and last > low]
    here = html.Span(
        html.Span(f"{word} {_clock(at, zone, high - low)}"),
        className=f"gh-ruler-here{' gh-ruler-flip' if share(at) > 60 else ''}", style={"left": f"{share(at):.2f}%"},
    )  # fmt: skip
    return html.Div(
        [html.Div([*bar, *late, *still, here], className="gh-ruler-bar"), html.Div(_ticks(low, high, zone, share))],
        className="gh-ruler", **attributes(aria_hidden="true"),
    )  # fmt: skip


def _ticks(low: int, high: int, zone: ZoneInfo, share: Any) -> list[html.Span]:
    step = next((s for s in STEPS if (high - low) / s <= MOST_TICKS), STEPS[-1])
    offset = int(datetime.fromtimestamp(low, zone).utcoffset().total_seconds())  # type: ignore[union-attr]
    first = -(-(low + offset) // step) * step - offset
    return [
        html.Span(_clock(t, zone, high - low), className="gh-ruler-tick", style={"left": f"{share(t):.2f}%"})
        for t in range(first, high + 1, step)
    ]


def _clock(at: int, zone: ZoneInfo, span: int) -> str:
    """The time of a tick: hours within a day and a half, days beyond, months and years far beyond."""
    form = "%H:%M" if span <= 1.5 * _DAY else "%m-%d" if span <= 300 * _DAY else "%Y-%m"
    return datetime.fromtimestamp(at, zone).strftime(form)

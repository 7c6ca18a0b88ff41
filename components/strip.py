"""Thirty days of a service as a strip, and 24 hours of what it brought: shapes and patterns say what colours say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.amounts import NOTHING, number
from components.attributes import attributes
from components.numbers import duration
from components.words import _
from domain.feeds import DOWN, LIVE, STALE, WAITING
from domain.feedtime import BAD, FAILING, PAUSED, REFUSED
from domain.measures import N_
from domain.periods import date_of

PART_OF = {
    LIVE: "kept", FAILING: "kept", STALE: "stale", DOWN: "down", REFUSED: "down", BAD: "down", PAUSED: "paused",
    WAITING: "none",
}  # fmt: skip
"""State → the part of a day that it is drawn as."""
PARTS = (
    ("none", N_("no data yet")), ("paused", N_("paused")), ("down", N_("disconnected")), ("stale", N_("no updates")),
    ("kept", N_("as promised")),
)  # fmt: skip
"""From the top of a day to its bottom."""
HOUR = 3_600


@dataclass(frozen=True)
class Kept:
    """A share of kept promise (0 to 1, None = nothing to keep), the share promised, and the seconds that may still fail."""

    share: float | None
    target: float
    left_seconds: float | None


def parts(seconds: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Part → seconds, of the states of a day."""
    total: dict[str, int] = {}
    for state, n in seconds:
        total[PART_OF[state]] = total.get(PART_OF[state], 0) + n
    return total


def strip(days: Sequence[Any], name: str) -> html.Div:
    """A column a day, its parts as high as they were long. days: day (number) and seconds ((state, seconds), …)."""
    found = [parts(each.seconds) for each in days]
    total: dict[str, int] = {}
    for each in found:
        for part, n in each.items():
            total[part] = total.get(part, 0) + n
    spoken = attributes(aria_label=_("{name}, the last {n} days: {what}", name=name, n=len(days), what=_told(total)))
    columns = [_day(each.day, of_day) for each, of_day in zip(days, found, strict=True)]
    return html.Div(columns, className="gh-strip", role="img", **spoken)


def _day(day: int, of_day: Mapping[str, int]) -> html.Div:
    """Heights are shares; what was broken is never too thin to be seen."""
    title = f"{date_of(day):%m-%d} · {_told(of_day)}"
    return html.Div(
        [
            html.I(className=f"gh-part gh-part-{part}", style={"flexGrow": of_day[part]})
            for part, _word in PARTS
            if of_day.get(part)
        ],
        className="gh-strip-day", title=title,
    )  # fmt: skip


def _told(of_day: Mapping[str, int]) -> str:
    """The parts with their lengths of time, and the share that was kept."""
    known = {part: of_day[part] for part, _word in PARTS if of_day.get(part)}
    if not set(known) - {"none"}:
        return _("no data yet")
    measured = sum(n for part, n in known.items() if part in {"kept", "stale", "down"})
    share = [_("{share} as promised", share=percent(known.get("kept", 0) / measured))] if measured else []
    rest = [
        f"{_(word)} {duration(known[part])}" for part, word in PARTS if part in known and part not in {"kept", "none"}
    ]
    return " · ".join([*share, *rest])


def percent(share: float | None) -> str:
    """A share, never rounded up to a hundred that it is not."""
    if share is None:
        return NOTHING
    return "100 %" if share >= 1 else f"{min(int(share * 10_000) / 100, 99.99):.2f} %"


def kept_line(kept: Kept) -> html.Span:
    """The share against what is promised, and how much may still fail."""
    if kept.share is None or kept.left_seconds is None:
        return html.Span(NOTHING, className="gh-quiet")
    over = kept.left_seconds < 0
    left = duration(kept.left_seconds)
    said = _("{time} over the budget", time=left) if over else _("{time} of the budget left", time=left)
    share = html.B(percent(kept.share), title=_("promised {share}", share=percent(kept.target)))
    return html.Span([share, html.Small(said)], className=f"gh-kept{' is-over' if over else ''}")


def legend() -> html.Ul:
    """What the patterns of a strip mean."""
    return html.Ul(
        [html.Li([html.I(className=f"gh-part gh-part-{part}"), _(word)]) for part, word in reversed(PARTS)],
        className="gh-strip-legend",
    )


def hours(amounts: Sequence[int], now: int, zone: ZoneInfo, name: str) -> html.Div:
    """A bar an hour, the last one hollow because it still runs."""
    most = max(amounts, default=0) or 1
    first = now - now % HOUR - HOUR * (len(amounts) - 1)
    bars = []
    for back, n in enumerate(amounts):
        at = datetime.fromtimestamp(first + HOUR * back, zone)
        look = "gh-hour is-running" if back == len(amounts) - 1 else "gh-hour"
        title = _("{clock}: {n} rows", clock=f"{at:%m-%d %H:00}", n=number(n))
        bars.append(html.I(className=look, style={"height": f"{100 * n / most:.1f}%"}, title=title))
    spoken = attributes(aria_label=_("{name}, rows read in 24 hours: {n}", name=name, n=number(sum(amounts))))
    return html.Div(bars, className="gh-hours", role="img", **spoken)

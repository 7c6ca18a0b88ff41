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
ROOM_FOR_WORDS = 12
"""So many days are as wide as "on record since …"."""


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
    """A column a day, its parts as high as they were long. days: day (number) and seconds ((state, seconds), …).

    The days before the first fetch are no columns: an empty place that says since when there is anything to show.
    """
    found = [parts(each.seconds) for each in days]
    before = next((at for at, of_day in enumerate(found) if set(of_day) - {"none"}), len(days))
    total: dict[str, int] = {}
    for each in found:
        for part, n in each.items():
            total[part] = total.get(part, 0) + n
    begun = _("no data yet") if before == len(days) else _("on record since {day}", day=_date(days[before].day))
    what = _told(total) if before in (0, len(days)) else f"{begun} · {_told(total)}"
    spoken = attributes(aria_label=_("{name}, the last {n} days: {what}", name=name, n=len(days), what=what))
    columns = [_day(each.day, of_day) for each, of_day in list(zip(days, found, strict=True))[before:]]
    absent = [_before(before, begun)] if before else []
    return html.Div([*absent, *columns], className="gh-strip", role="img", **spoken)


def _date(day: int) -> str:
    return f"{date_of(day):%m-%d}"


def _before(count: int, begun: str) -> html.Div:
    """As wide as the days that it stands for; where they are too few for words, only a title says them."""
    return html.Div(
        html.Span(begun) if count >= ROOM_FOR_WORDS else None,
        className="gh-strip-before", title=begun, style={"flexGrow": count},
    )  # fmt: skip


def _day(day: int, of_day: Mapping[str, int]) -> html.Div:
    """Heights are shares of the time on record; what was broken is never too thin to be seen."""
    title = f"{_date(day)} · {_told(of_day)}"
    return html.Div(
        [
            html.I(className=f"gh-part gh-part-{part}", style={"flexGrow": of_day[part]})
            for part, _word in PARTS
            if of_day.get(part) and (part != "none" or set(of_day) == {"none"})
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

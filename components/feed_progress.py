"""How far a fetch is that runs now."""

from typing import Any

from dash import html

from components.amounts import number
from components.attributes import attributes
from components.numbers import duration
from components.words import _


def progress(feed: Any, now: int) -> list[html.Div]:
    """A bar with rows a second, the share done and the time left; nothing while nothing runs (views.feeds.Feed)."""
    if not feed.running:
        return []
    share = min(feed.done / feed.total, 1.0) if feed.done and feed.total else None
    left = feed.remaining_seconds(now)
    said = [
        *([_("{n} rows/s", n=number(feed.rate))] if feed.rate else []),
        *([f"{share:.0%}"] if share is not None else []),
        *([_("{time} left", time=duration(left))] if left else []),
    ]
    percent = 100 * (share or 0)
    spoken = attributes(
        aria_label=_("Progress of {name}", name=feed.name), aria_valuemin="0", aria_valuemax="100",
        aria_valuenow=f"{percent:.0f}",
    )  # fmt: skip
    bar = html.Div(html.Div(style={"width": f"{percent:.1f}%"}), className="gh-bar", role="progressbar", **spoken)
    return [html.Div([bar, html.Span(" · ".join(said), className="gh-card-note")], className="gh-progress")]

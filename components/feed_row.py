"""One feed as a row: its state, its last success, what its last run came to, what waits to be mended."""

from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dash import html

from components.amounts import NOTHING, number
from components.caselines import moment_text
from components.facets import go
from components.feed_state import mark, state_word
from components.numbers import duration
from components.sentences import reason_word, sentence
from components.words import _
from domain.measures import N_

RECORDS = {
    "case": N_("Cases"), "rating": N_("Ratings"), "layer": N_("Base map"), "sensor": N_("Sensors"),
    "reading": N_("Readings"), "camera": N_("Cameras"),
}  # fmt: skip
SUM = (("kept", N_("kept")), ("unchanged", N_("as before")), ("quarantined", N_("quarantined")), ("empty", N_("empty")))


class FeedLike(Protocol):
    """A feed in plain figures (views.feeds.Feed)."""

    name: str
    connector: str
    record: str
    every_seconds: int
    running: bool
    last_success_at: int | None
    error: str | None
    done: int | None
    total: int | None
    rate: float | None
    read: int
    kept_ever: int
    waiting: int
    reasons: tuple[tuple[str, int], ...]
    finished_at: int | None
    started_at: int | None

    @property
    def shown(self) -> str: ...
    def remaining_seconds(self, now: int) -> float | None: ...


@dataclass(frozen=True)
class Look:
    """What surrounds a row: the clock, and whether its bad rows are open below it."""

    now: int
    zone: ZoneInfo
    opened: bool


def feed_row(feed: FeedLike, look: Look, below: Any = None) -> html.Section:
    """The row; below: what is opened under it."""
    return html.Section(
        [
            html.Div(
                [_name(feed), _success(feed, look), _run(feed, look), _waiting(feed, look)], className="gh-feed-line"
            ),
            *_progress(feed, look),
            *_error(feed),
            *([below] if below is not None else []),
        ],
        className=f"gh-card gh-feed gh-state-{feed.shown}",
        **{"data-feed": feed.name, "data-state": feed.shown},
    )


def _name(feed: FeedLike) -> html.Div:
    kind = f"{_(RECORDS.get(feed.record, feed.record))} · {feed.connector}"
    return html.Div(
        [
            html.Div([mark(feed.shown), html.Span(state_word(feed.shown))], className="gh-feed-state"),
            html.Div([html.H2(feed.name), html.Span(kind, className="gh-card-note")]),
        ],
        className="gh-feed-name",
    )


def _success(feed: FeedLike, look: Look) -> html.Div:
    at = feed.last_success_at
    if at is None:
        said = [html.Span(NOTHING)]
    else:
        lag = look.now - at
        ago = _("{time} ago", time=duration(lag)) if lag > 0 else _("just now")
        said = [
            html.Span(ago, className="gh-feed-lag"),
            html.Span(moment_text(at, look.zone), className="gh-card-note"),
        ]
    every = html.Span(_("every {time}", time=duration(feed.every_seconds)), className="gh-card-note")
    return _cell(_("Last success"), [*said, every])


def _cell(label: str, children: list[Any], look: str = "") -> html.Div:
    return html.Div([html.Small(label), *children], className=f"gh-feed-cell {look}".strip())


def _run(feed: FeedLike, look: Look) -> html.Div:
    """Read = kept + unchanged + quarantined (+ empty): nothing is dropped in silence."""
    if feed.started_at is None:
        return _cell(_("Last run"), [html.Span(NOTHING)])
    parts: list[Any] = [_term(feed.read, _("read"), "read")]
    for name, word in SUM:
        n = getattr(feed, name)
        if n or name != "empty":
            parts += [html.Span("=" if len(parts) == 1 else "+", className="gh-sign"), _term(n, _(word), name)]
    took = "" if feed.finished_at is None else _("{at}, took {time}", at=moment_text(feed.finished_at, look.zone, "%m-%d %H:%M"),
                                                  time=duration(max(feed.finished_at - feed.started_at, 1)))  # fmt: skip
    label = _("This run") if feed.running else _("Last run that brought something")
    ever = html.Span(_("{n} rows kept in all", n=number(feed.kept_ever)), className="gh-card-note")
    return _cell(f"{label} {took}".strip(), [html.Div(parts, className="gh-sum"), ever], "gh-feed-run")


def _term(n: int, word: str, name: str) -> html.Span:
    return html.Span([html.B(number(n)), html.Small(word)], className=f"gh-term gh-term-{name}", **{"data-term": name})


def _waiting(feed: FeedLike, look: Look) -> html.Div:
    if not feed.waiting:
        return _cell(_("In quarantine"), [html.Span("0", className="gh-quiet")])
    reasons = [
        html.Span(f"{reason_word(reason)} {number(n)}", className="gh-card-note") for reason, n in feed.reasons[:3]
    ]
    href = "/sources" if look.opened else f"/sources?source={feed.name}"
    word = _("Close") if look.opened else _("Show")
    return _cell(
        _("In quarantine"),
        [
            html.Div(
                [
                    html.B(number(feed.waiting)),
                    go(word, href, "gh-feed-open", **{"aria-expanded": str(look.opened).lower()}),
                ]
            ),
            *reasons,
        ],
        "gh-feed-waiting",
    )


def _progress(feed: FeedLike, look: Look) -> list[html.Div]:
    if not feed.running:
        return []
    share = min(feed.done / feed.total, 1.0) if feed.done and feed.total else None
    left = feed.remaining_seconds(look.now)
    said = [
        *([_("{n} rows/s", n=number(feed.rate))] if feed.rate else []),
        *([f"{share:.0%}"] if share is not None else []),
        *([_("{time} left", time=duration(left))] if left else []),
    ]
    bar = html.Div(
        html.Div(style={"width": f"{100 * (share or 0):.1f}%"}), className="gh-bar", role="progressbar",
        **{"aria-label": _("Progress of {name}", name=feed.name), "aria-valuemin": "0", "aria-valuemax": "100",
           "aria-valuenow": str(round(100 * (share or 0)))},
    )  # fmt: skip
    return [html.Div([bar, html.Span(" · ".join(said), className="gh-card-note")], className="gh-progress")]


def _error(feed: FeedLike) -> list[html.P]:
    return [html.P(sentence(feed.error), className="gh-feed-error")] if feed.error else []

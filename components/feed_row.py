"""One service as a row: its state since when, its age against its promise, what it brought, thirty days, bad rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import html

from components.amounts import NOTHING, number
from components.attributes import attributes
from components.caselines import moment_text
from components.facets import go
from components.feed_progress import progress
from components.feed_state import mark, state_word
from components.layer_words import warning
from components.numbers import duration
from components.sentences import reason_word, sentence
from components.strip import Kept, kept_line, strip
from components.words import _
from domain.measures import N_

RECORDS = {
    "case": N_("Cases"), "rating": N_("Ratings"), "layer": N_("Base map"), "sensor": N_("Sensors"),
    "reading": N_("Readings"), "camera": N_("Cameras"), "overlay": N_("Map layers"),
}  # fmt: skip
MINUTE, DAY = 60, 86_400
SUM = (("kept", N_("kept")), ("unchanged", N_("as before")), ("quarantined", N_("quarantined")), ("empty", N_("empty")))

ServiceLike = Any
"""A service in plain figures (views.watch.Service)."""


@dataclass(frozen=True)
class Look:
    """What surrounds a row: the clock, the share that is promised (0 to 1), whether it is chosen, whether it is narrow."""

    now: int
    zone: ZoneInfo
    target: float = 0.99
    opened: bool = False
    narrow: bool = False


def href_of(name: str) -> str:
    """The address that shows a service."""
    return f"/sources?{urlencode({'source': name})}"


def shown_state(service: ServiceLike) -> str:
    """The state to show: a first fetch that runs is no waiting."""
    return "running" if service.state == "waiting" and service.feed.running else service.state


def feed_row(service: ServiceLike, look: Look) -> html.Section:
    """The row; narrow beside the details of a chosen one."""
    state = shown_state(service)
    cells = [_state(service, state, look), _name(service, look), _age(service, look)]
    if not look.narrow:
        cells += [_run(service, look), _days(service, look), _waiting(service)]
    more = [] if look.narrow else [*progress(service.feed, look.now), *_error(service), *lines_off(service)]
    chosen = attributes(aria_current="true") if look.opened else {}
    return html.Section(
        [html.Div(cells, className="gh-feed-line"), *more],
        className=f"gh-feed gh-state-{state}{' is-open' if look.opened else ''}",
        **attributes(data_feed=service.name, data_state=state), **chosen,
    )  # fmt: skip


def _state(service: ServiceLike, state: str, look: Look) -> html.Div:
    return html.Div(
        [
            html.Div([mark(state), html.Span(state_word(state))]),
            html.Small(since(service, look), className="gh-card-note"),
        ],
        className="gh-feed-state",
    )


def since(service: ServiceLike, look: Look) -> str:
    """Since when a service is as it is."""
    if service.since is None:
        return "" if service.state in {"waiting", "removed"} else _("for more than 30 days")
    form = "%H:%M" if look.now - service.since < DAY / 2 else "%m-%d %H:%M"
    return _("since {time}", time=moment_text(service.since, look.zone, form))


def _name(service: ServiceLike, look: Look) -> html.Div:
    kind = f"{_(RECORDS.get(service.feed.record, service.feed.record))} · {service.feed.connector}"
    link = go(service.name, "/sources" if look.opened else href_of(service.name), "gh-feed-link")
    return html.Div([html.H3(link), html.Span(kind, className="gh-card-note")], className="gh-feed-name")


def _age(service: ServiceLike, look: Look) -> html.Div:
    """How old the data is, against how often it is promised."""
    lag = service.age
    ago = NOTHING if lag is None else _("{time} ago", time=duration(lag)) if lag >= MINUTE else _("just now")
    at = service.feed.last_success_at
    exact = {} if at is None else {"title": moment_text(at, look.zone)}
    every = _("promised every {time}", time=duration(service.feed.every_seconds))
    said = [html.Span(ago, className="gh-feed-lag", **exact), html.Span(every, className="gh-card-note")]
    return cell(_("Last success"), said)


def cell(label: str, children: list[Any], look: str = "") -> html.Div:
    """A labelled cell of a row."""
    return html.Div([html.Small(label), *children], className=f"gh-feed-cell {look}".strip())


def _run(service: ServiceLike, look: Look) -> html.Div:
    """Read = kept + unchanged + quarantined (+ empty): nothing is dropped in silence."""
    feed = service.feed
    pace = _("{rate} a minute · {n} in 24 hours", rate=number(service.per_minute, 1), n=number(service.last_day))
    note = html.Span(pace, className="gh-card-note")
    if feed.started_at is None:
        return cell(_("Last run"), [html.Span(NOTHING), note], "gh-feed-run")
    parts: list[Any] = [_term(feed.read, _("read"), "read")]
    for name, word in SUM:
        n = getattr(feed, name)
        if n or name != "empty":
            parts += [html.Span("=" if len(parts) == 1 else "+", className="gh-sign"), _term(n, _(word), name)]
    label = _("This run") if feed.finished_at is None else _("Last run that brought something")
    return cell(f"{label} {_took(feed, look)}".strip(), [html.Div(parts, className="gh-sum"), note], "gh-feed-run")


def _took(feed: Any, look: Look) -> str:
    if feed.finished_at is None:
        return ""
    seconds = max(feed.finished_at - feed.started_at, 1)
    return _("{at}, took {time}", at=moment_text(feed.finished_at, look.zone, "%m-%d %H:%M"), time=duration(seconds))


def _term(n: int, word: str, name: str) -> html.Span:
    look = f"gh-term gh-term-{name}"
    return html.Span([html.B(number(n)), html.Small(word)], className=look, **attributes(data_term=name))


def _days(service: ServiceLike, look: Look) -> html.Div:
    kept = Kept(service.budget.share, look.target, service.budget.left_seconds)
    return cell(_("30 days"), [strip(service.days, service.name), kept_line(kept)], "gh-feed-days")


def _waiting(service: ServiceLike) -> html.Div:
    feed = service.feed
    if not feed.waiting:
        return cell(_("In quarantine"), [html.Span("0", className="gh-quiet")], "gh-feed-waiting")
    reasons = [
        html.Span(f"{reason_word(reason)} {number(n)}", className="gh-card-note") for reason, n in feed.reasons[:2]
    ]
    show = go(_("Show"), href_of(service.name), "gh-feed-open")
    return cell(_("In quarantine"), [html.Div([html.B(number(feed.waiting)), show]), *reasons], "gh-feed-waiting")


def _error(service: ServiceLike) -> list[html.P]:
    return [html.P(sentence(service.feed.error), className="gh-feed-error")] if service.feed.error else []


def lines_off(service: ServiceLike) -> list[html.P]:
    """A line for each of its map layers that lies off the areas."""
    told = [(each.title, warning(each.offset_m, like_gcj02=each.like_gcj02)) for each in service.off]
    return [html.P(_("{layer}: {said}", layer=title, said=said), className="gh-feed-off") for title, said in told]

"""/sources : the watch room. Every service, how it feels, what went wrong, what waits to be mended, and what can be done."""

from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import dash
from dash import ALL, Input, Output, State, callback, ctx, dcc, html, no_update

from actions.look_at_rows import look_at_rows
from actions.sources import MAY, pause_or_resume, require_may
from actions.take_again import take_again
from actions.trial import keep_on_record, trial
from components.feed_detail import feed_detail
from components.feed_row import Look, feed_row, shown_state
from components.feed_said import said, switched, taken_again
from components.feed_work import feed_work
from components.quarantine_list import Shown, quarantine_list
from components.sources_head import GROUPS, group_head, no_feed, sources_head, still_blocks, turns_card
from components.trial_result import trial_result
from components.words import _
from config import ConfigError
from datasources.errors import SourceError
from domain.refusal import Refused
from pages.access import actor
from pages.asked import asked
from pages.unchanged import version_of
from views.feeds import bad_rows
from views.watch import services
from views.watch_past import past, turns
from wiring import house

dash.register_page(__name__, path="/sources", title=lambda: _("Watch room"))

PAGE = 20
SEARCH, LIVE = Input("frame-url", "search"), Input("live", "data")


def layout(**_query: Any) -> html.Div:
    """The page without its services; they come by callback."""
    stores = [dcc.Store(id=f"sources{name}-shown") for name in ("", "-detail", "-work", "-bad")]
    minute = dcc.Interval(id="sources-minute", interval=60_000)
    said_line = html.P(id="sources-said", className="gh-said-line", role="status")
    parts = (html.Div(id=f"sources-{name}") for name in ("detail", "work", "trial", "bad"))
    detail, working, tried, bad = parts
    waits = html.P(_("Reading the source; at most 10 seconds."), className="gh-while-running gh-quiet")
    opened = [detail, html.Div([working, said_line], className="gh-working"), tried, waits, bad]
    room = html.Div(
        [html.Div(still_blocks(), id="sources-list"), html.Div(opened, className="gh-opened"), html.Aside(id="sources-side")],
        id="sources-room", className="gh-room",
    )  # fmt: skip
    return html.Div([*stores, minute, html.Div(id="sources"), room], className="gh-page gh-page-sources")


def _given(search: str | None) -> dict[str, str]:
    return dict(parse_qsl((search or "").removeprefix("?")))


def _target() -> float:
    return house().settings.watch.target


@callback(
    Output("sources", "children"), Output("sources-list", "children"), Output("sources-side", "children"),
    Output("sources-room", "className"), Output("sources-shown", "data"),
    SEARCH, LIVE, Input("sources-minute", "n_intervals"), State("sources-shown", "data"),
)  # fmt: skip
def show_services(search: str | None, _live: object, _minute: object, shown: str | None) -> Any:
    """All services, again when one has changed or grown a minute older; narrow beside one that is open."""
    now, name = asked(""), _given(search).get("source", "")
    found, clock = services(now.reader, _target()), now.moment.now
    opened = name in {each.name for each in found}
    latest = () if opened else turns(now.reader)
    version = version_of(found, latest, name, clock // 60)
    if version == shown:
        return (no_update,) * 5
    rows: list[Any] = [] if found else [no_feed()]
    for group in GROUPS:
        mine = [each for each in found if each.group == group]
        looks = [Look(clock, now.zone, _target() / 100, each.name == name, opened) for each in mine]
        drawn = [feed_row(each, look) for each, look in zip(mine, looks, strict=True)]
        rows += (
            [html.Div([group_head(group, [shown_state(e) for e in mine]), *drawn], className="gh-card gh-group")]
            if mine
            else []
        )
    side = None if opened or not found else turns_card(latest, now.zone)
    head = sources_head([shown_state(each) for each in found])
    return head, rows, side, f"gh-room{' is-open' if opened else ''}", version


@callback(
    Output("sources-detail", "children"), Output("sources-detail-shown", "data"),
    SEARCH, LIVE, Input("sources-minute", "n_intervals"), State("sources-detail-shown", "data"),
)  # fmt: skip
def show_detail(search: str | None, _live: object, _minute: object, shown: str | None) -> Any:
    """The service that the address names."""
    now, name = asked(""), _given(search).get("source", "")
    service = next((each for each in services(now.reader, _target()) if each.name == name), None)
    gone = None if service is None else past(now.reader, service.feed.id)
    version = version_of(service, gone, now.moment.now // 60)
    if version == shown:
        return no_update, no_update
    if service is None:
        return None, version
    return feed_detail(service, gone, Look(now.moment.now, now.zone, _target() / 100)), version


@callback(
    Output("sources-work", "children"), Output("sources-work-shown", "data"),
    SEARCH, LIVE, State("sources-work-shown", "data"),
)  # fmt: skip
def show_work(search: str | None, _live: object, shown: str | None) -> Any:
    """What can be done with it, for whoever may; drawn anew only when it was paused or goes on, so that a reason stays."""
    now, name = asked(""), _given(search).get("source", "")
    found = next((e for e in services(now.reader, _target()) if e.name == name and e.state != "removed"), None)
    mine = found if actor().role in MAY else None
    version = version_of(name, mine and mine.feed.paused_at)
    if version == shown:
        return no_update, no_update
    return feed_work(mine) if mine else None, version


@callback(
    Output("sources-bad", "children"), Output("sources-bad-shown", "data"), SEARCH, LIVE,
    State("sources-bad-shown", "data"),
)  # fmt: skip
def show_bad_rows(search: str | None, _live: object, shown: str | None) -> Any:
    """The bad rows of the service that the address names; that somebody opened them goes on record."""
    now, given = asked(""), _given(search)
    name, reason, start = given.get("source", ""), given.get("reason", ""), given.get("from", "")
    offset = int(start) if start.isdecimal() and len(start) < 10 else 0
    found = bad_rows(now.reader, now.scope, name, reason=reason, offset=offset, limit=PAGE)
    reasons = {each.name: each.feed.reasons for each in services(now.reader, _target())}.get(name)
    version = version_of(found, reasons, name, reason, offset)
    if version == shown:
        return no_update, no_update
    if not reasons or not found.total:
        return None, version
    if ctx.triggered_id != "live":
        look_at_rows(house().engine, actor(), name, len(found.rows), now=now.moment.now)
    return quarantine_list(Shown(name, reason, offset, PAGE, found.total), found.rows, reasons, now.zone), version


@callback(
    Output("sources-trial", "children"), Input({"type": "sources-test", "name": ALL}, "n_clicks"), SEARCH,
    prevent_initial_call=True, running=[(Output("sources-trial", "className"), "is-running", "")],
)  # fmt: skip
def try_out(_clicks: list[int], _search: str | None) -> Any:
    """What a source would bring, before anything is stored; another address takes the answer away."""
    name, opened = _pressed("sources-test"), house()
    if not name:
        return None
    try:
        require_may(actor())
        job, _feed = next(opened.jobs([name]))
    except (Refused, ConfigError) as refused:
        return html.P(said(refused), className="gh-feed-error")
    found = trial(job.connector, job.mapping, clock=opened.clock)
    keep_on_record(opened.engine, actor(), name, found, now=opened.clock())
    return trial_result(found, job.source.taken_as, ZoneInfo(opened.zone.name))


@callback(
    Output("sources-said", "children"), Input({"type": "sources-pause", "name": ALL}, "n_clicks"),
    Input({"type": "sources-replay", "name": ALL}, "n_clicks"), SEARCH,
    State({"type": "sources-reason", "name": ALL}, "value"), prevent_initial_call=True,
    running=[(Output("sources-said", "className"), "gh-said-line is-running", "gh-said-line")],
)  # fmt: skip
def work(_pauses: list[int], _replays: list[int], _search: str | None, reasons: list[str | None]) -> str:
    """Pause the service or let it go on, or take its bad rows again; what came of it."""
    opened, now = house(), house().clock()
    paused, replayed = _pressed("sources-pause"), _pressed("sources-replay")
    try:
        if paused:
            reason = next((each for each in reasons if each), "")
            return switched(pause_or_resume(opened.site, actor(), paused, reason, now=now))
        if replayed:
            require_may(actor())
            job, feed = next(opened.jobs([replayed]))
            return taken_again(take_again(feed, job.mapping, actor(), replayed, now=now))
    except (Refused, ConfigError, SourceError) as refused:
        return said(refused)
    finally:
        opened.hints.ring()
    return ""


def _pressed(kind: str) -> str:
    """The service whose button of a kind was pressed; "" where another thing called."""
    button = ctx.triggered_id
    if not isinstance(button, dict) or button.get("type") != kind or not ctx.triggered[0]["value"]:
        return ""
    return str(button["name"])

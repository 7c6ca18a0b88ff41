"""/sources : every feed, how it goes, what its last run came to, and the rows that wait to be mended."""

from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import Input, Output, callback, dcc, html

from components.feed_row import Look, feed_row
from components.quarantine_list import Shown, quarantine_list
from components.sources_head import no_feed, sources_head
from components.words import _
from pages.asked import Asked, asked
from views.feeds import Feed, bad_rows, feeds

dash.register_page(__name__, path="/sources", title=lambda: _("Feeds"))

PAGE, TICK_MS = 20, 5_000


def layout(**_query: Any) -> html.Div:
    """The page without its feeds; they come by callback."""
    return html.Div(
        [dcc.Interval(id="sources-tick", interval=TICK_MS), html.Div(id="sources")], className="gh-page gh-page-sources"
    )


@callback(
    Output("sources", "children"),
    Input("frame-url", "search"),
    Input("live", "data"),
    Input("sources-tick", "n_intervals"),
)
def show_feeds(search: str | None, _live: object, _tick: object) -> list[Any]:
    """All feeds; below the one that the address names its bad rows."""
    now, given = asked(""), dict(parse_qsl((search or "").removeprefix("?")))
    found = feeds(now.reader)
    rows = [_row(now, feed, given) for feed in found]
    return [sources_head([feed.shown for feed in found]), *(rows or [no_feed()])]


def _row(now: Asked, feed: Feed, given: dict[str, str]) -> html.Section:
    opened = feed.name == given.get("source")
    return feed_row(feed, Look(now.moment.now, now.zone, opened), _bad(now, feed, given) if opened else None)


def _bad(now: Asked, feed: Feed, given: dict[str, str]) -> html.Div:
    reason, start = given.get("reason", ""), given.get("from", "")
    offset = int(start) if start.isdecimal() and len(start) < 10 else 0
    found = bad_rows(now.reader, now.scope, feed.name, reason=reason, offset=offset, limit=PAGE)
    shown = Shown(feed.name, reason, offset, PAGE, found.total)
    return quarantine_list(shown, found.rows, feed.reasons, now.zone)

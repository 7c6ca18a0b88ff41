"""/sources : every feed, how it goes, what its last run came to, and the rows that wait to be mended."""

from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import Input, Output, State, callback, dcc, html, no_update

from components.feed_row import Look, feed_row
from components.quarantine_list import Shown, quarantine_list
from components.sources_head import no_feed, sources_head
from components.words import _
from pages.asked import asked
from pages.unchanged import version_of
from views.feeds import bad_rows, feeds

dash.register_page(__name__, path="/sources", title=lambda: _("Feeds"))

PAGE = 20
SEARCH, LIVE = Input("frame-url", "search"), Input("live", "data")


def layout(**_query: Any) -> html.Div:
    """The page without its feeds; they come by callback."""
    stores = [dcc.Store(id="sources-shown"), dcc.Store(id="sources-bad-shown")]
    return html.Div([*stores, html.Div(id="sources"), html.Div(id="sources-bad")], className="gh-page gh-page-sources")


def _given(search: str | None) -> dict[str, str]:
    return dict(parse_qsl((search or "").removeprefix("?")))


@callback(Output("sources", "children"), Output("sources-shown", "data"), SEARCH, LIVE, State("sources-shown", "data"))
def show_feeds(search: str | None, _live: object, shown: str | None) -> Any:
    """All feeds, again when one has changed or grown a minute older."""
    now, opened = asked(""), _given(search).get("source")
    found, clock = feeds(now.reader), now.moment.now
    version = version_of(found, opened, clock // 60)
    if version == shown:
        return no_update, no_update
    rows = [feed_row(feed, Look(clock, now.zone, feed.name == opened)) for feed in found]
    return [sources_head([feed.shown for feed in found]), *(rows or [no_feed()])], version


@callback(
    Output("sources-bad", "children"), Output("sources-bad-shown", "data"), SEARCH, LIVE,
    State("sources-bad-shown", "data"),
)  # fmt: skip
def show_bad_rows(search: str | None, _live: object, shown: str | None) -> Any:
    """The bad rows of the feed that the address names."""
    now, given = asked(""), _given(search)
    name, reason, start = given.get("source", ""), given.get("reason", ""), given.get("from", "")
    offset = int(start) if start.isdecimal() and len(start) < 10 else 0
    found = bad_rows(now.reader, now.scope, name, reason=reason, offset=offset, limit=PAGE)
    reasons = {feed.name: feed.reasons for feed in feeds(now.reader)}.get(name)
    version = version_of(found, reasons, name, reason, offset)
    if version == shown:
        return no_update, no_update
    drawn = quarantine_list(Shown(name, reason, offset, PAGE, found.total), found.rows, reasons or (), now.zone)
    return drawn if reasons is not None else None, version

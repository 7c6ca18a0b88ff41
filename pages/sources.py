"""/sources : every feed, how it goes, what its last run came to, and the rows that wait to be mended."""

from typing import Any
from urllib.parse import urlencode
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import dash
from dash import Input, Output, State, callback, dcc, html

from components.feed_row import Look, feed_row
from components.quarantine_list import Shown, quarantine_list
from components.sources_head import no_feed, sources_head
from pages.access import access
from views.feeds import Feed, bad_rows, feeds
from wiring import house

dash.register_page(__name__, path="/sources", title="GridHall")

PAGE, TICK_MS = 20, 5_000


def layout(**query: Any) -> html.Div:
    """All feeds; the bad rows of the one that the address names."""
    drawn = _page(f"?{urlencode(query, doseq=True)}")
    ticks = dcc.Interval(id="sources-tick", interval=TICK_MS)
    return html.Div([ticks, html.Div(drawn, id="sources")], className="gh-page gh-page-sources")


def _page(search: str) -> list[Any]:
    opened = house()
    now, zone = opened.clock(), ZoneInfo(opened.zone.name)
    found = feeds(opened.reader)
    given = {key: values[-1] for key, values in parse_qs(search.removeprefix("?"), max_num_fields=20).items()}
    if not found:
        return [sources_head(()), no_feed()]
    rows = [
        feed_row(f, Look(now, zone, f.name == given.get("source")), _bad(f, given) if f.name == given.get("source") else None)
        for f in found
    ]
    return [sources_head([f.shown for f in found]), *rows]


def _bad(feed: Feed, given: dict[str, str]) -> html.Div:
    opened, start = house(), given.get("from", "")
    offset = int(start) if start.isdecimal() and len(start) < 10 else 0  # noqa: PLR2004
    reason = given.get("reason", "")
    found = bad_rows(opened.reader, access(), feed.name, reason=reason, offset=offset, limit=PAGE)
    shown = Shown(feed.name, reason, offset, PAGE, found.total)
    return quarantine_list(shown, found.rows, feed.reasons, ZoneInfo(opened.zone.name))


@callback(
    Output("sources", "children"), Input("live", "data"), Input("sources-tick", "n_intervals"),
    State("frame-url", "search"), prevent_initial_call=True,
)  # fmt: skip
def follow(_live: object, _tick: object, search: str | None) -> list[Any]:
    """The feeds again when the bell has rung, and now and then for their age."""
    return _page(search or "")

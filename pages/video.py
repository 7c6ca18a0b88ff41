"""/video : cameras by area, and a wall of some. Size, area, page and cameras live in the address."""

from typing import Any

import dash
from dash import Input, Output, State, callback, dcc, html, no_update

from components.camera_tree import Branch, Leaf, camera_tree, found_list
from components.camera_wall import WallHead, no_camera, wall, wall_head
from components.datatimes import Age
from components.words import _
from domain.scope import SITE
from pages.area_menu import area_name
from pages.asked import Asked, asked
from pages.unchanged import version_of
from views.area_names import around, full_name, names_above, tree
from views.cameras import WALLS, Cameras, WallQuery, cameras, on_wall, parse_wall

dash.register_page(__name__, path="/video", title=lambda: _("Video"))

SEARCH, LIVE = Input("frame-url", "search"), Input("live", "data")
MOST_FOUND = 60


def layout(**_query: Any) -> html.Div:
    """The page without its cameras; they come by callback."""
    field = dcc.Input(
        id="video-search", type="search", placeholder=_("Search cameras"), className="gh-search", debounce=0.3
    )
    return html.Div(
        [
            dcc.Store(id="video-shown"),
            dcc.Store(id="video-tree-shown"),
            html.Aside(
                [html.Label([html.Span(_("Search cameras"), className="sr-only"), field]), html.Div(id="video-tree")],
                className="gh-card gh-video-side",
                **{"aria-label": _("Cameras by area")},
            ),
            html.Section([html.Div(id="video-head"), html.Div(id="video-wall")], className="gh-video-main"),
        ],
        className="gh-page gh-page-video",
    )


@callback(
    Output("video-head", "children"), Output("video-wall", "children"), Output("video-shown", "data"), SEARCH, LIVE,
    State("video-shown", "data"),
)  # fmt: skip
def show_wall(search: str | None, _live: object, shown: str | None) -> Any:
    """The wall that the address asks for, again when its cameras or their sources have changed."""
    now, query = asked(""), parse_wall(search or "")
    found = cameras(now.reader, now.scope)
    version = version_of(query, found.rows, found.sources, now.moment.now // 60)
    if version == shown:
        return no_update, no_update, no_update
    on_it = on_wall(found, query)
    rows = [(row, names_above(found.areas, row["position"])) for row in on_it.rows]
    drawn = wall(rows, query.wall, now.zone.key) if rows else _nothing(now, found, query)
    return wall_head(_head(now, found, query)), drawn, version


def _head(now: Asked, found: Cameras, query: WallQuery) -> WallHead:
    on_it, among = on_wall(found, query), found.of(query.area)
    before = query.text(page=on_it.page - 1) if on_it.page > 1 else None
    after = query.text(page=on_it.page + 1) if on_it.page < on_it.pages else None
    first = (on_it.page - 1) * query.wall
    return WallHead(
        place=_place(now, query.area),
        online=sum(row["online"] is not False for row in among),
        total=len(among),
        sizes=[
            (n, _href(query.text(wall=n, cameras=query.cameras[:n], page=first // n + 1)), n == query.wall)
            for n in WALLS
        ],
        pages=(on_it.page, on_it.pages, "" if before is None else _href(before), "" if after is None else _href(after)),
        cleared=_href(query.text(cameras=())) if query.cameras else "",
        sources=[(each.name, Age(each.at, each.state, now.moment.now, now.zone)) for each in found.sources],
    )


def _nothing(now: Asked, found: Cameras, query: WallQuery) -> html.Div:
    if found.rows:
        whole = _href(query.text(area="", cameras=(), page=1))
        return no_camera(configured=True, searched={"place": _place(now, query.area), "href": whole})
    return no_camera(configured=bool(found.sources) or SITE not in now.scope.areas)


@callback(
    Output("video-tree", "children"), Output("video-tree-shown", "data"), SEARCH, LIVE, Input("video-search", "value"),
    State("video-tree-shown", "data"),
)  # fmt: skip
def show_tree(search: str | None, _live: object, text: str | None, shown: str | None) -> Any:
    """The tree, or what a search found in it."""
    now, query, words = asked(""), parse_wall(search or ""), (text or "").strip()
    found = cameras(now.reader, now.scope)
    version = version_of(query, found.rows, words)
    if version == shown:
        return no_update, no_update
    if words:
        hits = found.search(words, len(found.rows))
        leaves = [_leaf(found, query, row, 0, place=True) for row in hits[:MOST_FOUND]]
        return found_list(leaves, len(hits) - len(leaves)), version
    return camera_tree(_rows(now, found, query)), version


def _rows(now: Asked, found: Cameras, query: WallQuery) -> list[Branch | Leaf]:
    """The areas that have cameras along the way to the chosen one, and the cameras that hang in it itself."""
    counts, areas = found.counts(), found.areas
    every = [(code, name, depth) for code, name, depth in tree(now.moment, now.scope) if code in counts]
    shown = around(areas, every, query.area)
    if SITE in now.scope.areas and SITE in counts:
        shown = [(SITE, _place(now, SITE), 0), *shown]
    least = min((depth for _code, _name, depth in shown), default=0)
    codes = {code for code, _name, _depth in shown}
    rows: list[Branch | Leaf] = []
    for code, name, depth in shown:
        position = areas.position[code]
        below = [areas.code[int(p)] for p in areas.children(position) if areas.code[int(p)] in counts]
        own = [row for row in found.of(code) if row["position"] == position]
        is_open = (
            None
            if not below and not own
            else code == query.area or any(each in codes for each in below) or code == SITE
        )
        rows.append(
            Branch(
                _href(query.text(area=code, cameras=(), page=1)),
                name,
                depth - least,
                *counts[code],
                is_open,
                code == query.area,
            )
        )
        if code == query.area:
            rows += [_leaf(found, query, row, depth - least + 1) for row in own]
    return rows


def _leaf(found: Cameras, query: WallQuery, row: dict[str, Any], depth: int, *, place: bool = False) -> Leaf:
    code = found.areas.code[row["position"]]
    return Leaf(
        _href(query.with_camera(row["id"])), row, names_above(found.areas, row["position"]), depth,
        row["id"] in query.cameras, full_name(found.areas, code) if place else "",
    )  # fmt: skip


def _place(now: Asked, code: str) -> str:
    return area_name(now.moment, code)


def _href(text: str) -> str:
    return f"/video{text}"

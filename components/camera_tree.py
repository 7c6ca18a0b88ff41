"""The tree of cameras: areas with counts, open along the way to the chosen one, and the cameras that hang there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from components.attributes import attributes
from components.camera_words import ONLINE_MARKS, ONLINE_WORDS, Camera, about, short_name
from components.facets import go
from components.words import _


@dataclass(frozen=True)
class Branch:
    """An area: address that chooses it, name, depth from 0, cameras online and all, open (None = nothing below)."""

    href: str
    name: str
    depth: int
    online: int
    total: int
    open: bool | None
    chosen: bool


@dataclass(frozen=True)
class Leaf:
    """A camera: address that puts it on the wall or takes it off, names of its areas, depth, whether it is on the wall.
    place: its area in words, where the tree does not say it.
    """

    href: str
    camera: Camera
    above: Sequence[str]
    depth: int
    on_wall: bool
    place: str = ""


def camera_tree(rows: Sequence[Branch | Leaf]) -> html.Ul:
    """The rows in order. One stop of the Tab key; arrows move, right and left open and close (assets/video-tree.js)."""
    items = [html.Li(_branch(row) if isinstance(row, Branch) else _leaf(row), role="none") for row in rows]
    return html.Ul(items, className="gh-tree", role="tree", **attributes(aria_label=_("Cameras by area")))


def found_list(rows: Sequence[Leaf], more: int) -> list[Any]:
    """What a search found; more: how many are not shown."""
    if not rows:
        return [html.P(_("No camera is called so."), className="gh-quiet gh-tree-none")]
    rest = [html.P(_("{n} more; write more of the name", n=more), className="gh-quiet gh-tree-none")] if more else []
    return [camera_tree(rows), *rest]


def _branch(row: Branch) -> html.A:
    sign = html.I(className="gh-tree-sign", **attributes(aria_hidden="true"))
    count = html.Span([html.Span(f"{row.online:,}"), f" / {row.total:,}"], className="gh-tree-count")
    look = " is-short" if row.online < row.total else ""
    expanded = {} if row.open is None else {"aria_expanded": str(row.open).lower()}
    return _item([sign, html.Span(row.name, className="gh-tree-name"), count], row.href, row.depth, f"gh-branch{look}",
                 chosen=row.chosen, **expanded,
                 aria_label=_("{name}: {online} of {n} online", name=row.name, online=row.online, n=row.total))  # fmt: skip


def _leaf(row: Leaf) -> html.A:
    camera = row.camera
    mark = html.I(className=f"gh-tree-dot is-{ONLINE_MARKS[camera['online']]}", **attributes(aria_hidden="true"))
    name = short_name(camera, row.above)
    said = [html.Span(name, className="gh-tree-name")]
    said += [html.Small(row.place)] if row.place else []
    off = [html.Span(_(ONLINE_WORDS[False]), className="gh-tree-count")] if camera["online"] is False else []
    return _item([mark, html.Span(said, className="gh-tree-words"), *off], row.href, row.depth, "gh-leaf",
                 chosen=row.on_wall, title=about(camera))  # fmt: skip


def _item(children: Sequence[Any], href: str, depth: int, look: str, *, chosen: bool, **more: str) -> html.A:
    title = {"title": more.pop("title")} if "title" in more else {}
    marks = attributes(aria_level=str(depth + 1), aria_selected=str(chosen).lower(), **more)
    return go(list(children), href, f"gh-tree-item {look}", role="treeitem", style={"--depth": depth}, **title, **marks)

"""A list of work: tabs with their counts, rows with what is due first, pages. Colour is said by a shape and words too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from components.amounts import number
from components.attributes import attributes
from components.case_flags import flags
from components.deadline import standing
from components.due_mark import due_mark
from components.facets import go
from components.state_badge import state_badge
from components.words import _

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tab:
    """A part of the list: its words, how many lie in it, where it is, whether it is shown."""

    label: str
    count: int
    href: str
    chosen: bool


def tabs(every: Sequence[Tab]) -> html.Nav:
    """The parts of the list as links."""
    links = [
        go([html.Span(tab.label), html.B(number(tab.count))], tab.href, "gh-tab",
           **(attributes(aria_current="page") if tab.chosen else {}))
        for tab in every
    ]  # fmt: skip
    return html.Nav(links, className="gh-tabs", **attributes(aria_label=_("Parts of the list")))


def work_list(rows: Sequence[tuple[Row, str]], now: int) -> html.Ol:
    """Rows with the name of their area; each is one link."""
    return html.Ol([html.Li(work_row(row, place, now)) for row, place in rows], className="gh-work", id="inbox-rows")


def work_row(row: Row, place: str, now: int) -> html.A:
    """One case: mark and time left, what it is, where, its state, who is responsible."""
    stands = standing(row, now)
    due = html.Span([due_mark(stands.tone), html.Span(stands.text)], className=f"gh-work-due gh-due-{stands.tone}")
    spot = " · ".join(text for text in (place, row["title"]) if text)
    return go(
        [
            due,
            html.Span([html.B(row["category"]), *flags(row)], className="gh-work-what"),
            html.Span(spot, className="gh-work-where"),
            html.Span(state_badge(row["state"]), className="gh-work-state"),
            html.Span(row["department"] or "", className="gh-work-who gh-quiet"),
            html.Span(row["number"], className="gh-work-no gh-quiet"),
        ],
        f"/cases/{row['id']}", "gh-work-row",
    )  # fmt: skip


def pager(page: int, pages: int, href: Any) -> html.Nav | None:
    """Ways to the page before and after; none where there is one page. href: number of a page → address."""
    if pages <= 1:
        return None
    before = [go(_("Previous page"), href(page - 1), "gh-button")] if page > 1 else []
    after = [go(_("Next page"), href(page + 1), "gh-button")] if page < pages else []
    said = html.Span(_("page {page} of {pages}", page=page, pages=pages), className="gh-quiet")
    return html.Nav([*before, said, *after], className="gh-pages", **attributes(aria_label=_("Pages of the list")))


def nothing(text: str) -> html.Div:
    """What stands where no row is."""
    return html.Div([html.B("0"), html.P(text)], className="gh-no-work")


def waiting() -> html.Div:
    """Still rows while the first are read."""
    return html.Div(
        [html.Div(className="gh-block gh-work-block") for _i in range(6)], className="gh-work", role="status",
        **attributes(aria_label=_("Loading")),
    )  # fmt: skip


def search_box(keep: str, text: str, action: str) -> html.Form:
    """A search that keeps every other choice of the address (keep)."""
    box = dcc.Input(
        type="search", name="q", value=text, className="gh-search", autoComplete="off", placeholder=_("Case no., place, words"),
    )  # fmt: skip
    return html.Form(
        html.Label([html.Span(_("Search the list"), className="sr-only"), box]), action=action, className="gh-form",
        **attributes(data_keep=keep),
    )  # fmt: skip

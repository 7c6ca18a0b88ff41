"""The rail beside the map: an area's count, its categories, its newest open cases."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from dash import dcc, html
from dash.development.base_component import Component

from components.amounts import change, number
from components.caselines import STATUS_WORDS
from components.casetimes import time_left
from components.kpi import Shown
from components.periodtext import before_name
from components.words import _

Case = Mapping[str, Any]


class Category(Protocol):
    """A category's reports now and before (views.figures.CategoryRow); name '' = all others."""

    @property
    def name(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def previous(self) -> int: ...


def trail(places: Sequence[tuple[str, str]]) -> html.Nav:
    """The way to an area: (code, name) from the whole to it; each but the last can be gone back to."""
    steps: list[Component | str] = []
    for index, (code, name) in enumerate(places):
        last = index == len(places) - 1
        if index:
            steps.append(html.Span("/", className="trail-slash", **{"aria-hidden": "true"}))
        steps.append(
            html.Span(name, className="trail-here", **{"aria-current": "location"})
            if last
            else html.Button(name, type="button", className="trail-step", **{"data-set": f"area={code}"})
        )
    close = html.Button(
        "", type="button", className="trail-close", **{"data-set": "area=", "aria-label": _("Back to the whole area")}
    )
    return html.Nav([*steps, *([close] if len(places) > 1 else [])], className="trail", **{"aria-label": _("Area")})


def summary(cases: Shown, overdue: Shown, cases_href: str, overdue_href: str) -> html.Div:
    """How many cases, how that has changed, how many of the open ones are overdue."""
    found = change(cases.kpi, cases.value, cases.previous)
    late = int(overdue.value or 0)
    return html.Div(
        [
            dcc.Link(
                number(cases.value), href=cases_href, className="area-number", title=_("Open the list of these cases")
            ),
            html.Span(_("cases"), className="area-unit"),
            html.Span(found.text if found else "", className="area-change"),
            html.Span(_("against {before}", before=before_name(cases.chosen.period)), className="area-before"),
            dcc.Link(
                _("Overdue {n}", n=number(late)), href=overdue_href, className=f"area-late{' is-late' if late else ''}"
            ),
        ],
        className="area-summary",
    )


def categories(rows: Iterable[tuple[Category, str]]) -> html.Div:
    """Bars by category (row, address of its list) with a tick where the previous period stood; the rest is a number."""
    given = list(rows)
    most = max((max(row.n, row.previous) for row, _href in given if row.name), default=0) or 1
    if not given:
        return html.Div(_("Nothing was reported in this period"), className="area-none")
    return html.Div([_bar(row, href, most, first=i == 0) for i, (row, href) in enumerate(given)], className="bars")


def _bar(row: Category, href: str, most: int, *, first: bool) -> Component:
    name = row.name or _("Others")
    step = row.n - row.previous
    parts = [
        html.Span(name, className="bar-name", title=name),
        html.Span(_marks(row, most, first=first) if row.name else [], className="bar-track"),
        html.Span(number(row.n), className="bar-number"),
        html.Span(f"{'↑' if step > 0 else '↓'}{abs(step)}" if step else "", className="bar-step"),
    ]
    told = _("{name}: {n}, {m} in the period before", name=name, n=row.n, m=row.previous)
    if href:
        return dcc.Link(parts, href=href, className="bar", title=told)
    return html.Div(parts, className="bar", title=told)


def _marks(row: Category, most: int, *, first: bool) -> list[Component]:
    fill = f"bar-fill{' is-first' if first else ''}"
    return [
        html.Span(className=fill, style={"width": f"{100 * row.n / most:.1f}%"}),
        html.Span(className="bar-tick", style={"left": f"{100 * row.previous / most:.1f}%"}),
    ]


COLUMNS = ("Case no.", "Category", "State", "Time limit")


def newest(rows: Sequence[Case], total: int, now: int, href: str) -> list[Component]:
    """The newest open cases as a table, and how many there are; now in epoch seconds."""
    head = html.Thead(html.Tr([html.Th(_(name), scope="col") for name in COLUMNS]))
    body = html.Tbody([_row(row, now) for row in rows])
    if not rows:
        return [html.Div(_("No open case here"), className="area-none"), _foot(0, 0, href)]
    table = html.Table([html.Caption(_("Newest open cases"), className="sr-only"), head, body], className="newest")
    return [html.Div(table, className="newest-box"), _foot(len(rows), total, href)]


def _row(row: Case, now: int) -> html.Tr:
    left, look = time_left(row["due_at"], now)
    title = row["title"] or row["category"]
    return html.Tr(
        [
            html.Td(dcc.Link(short_number(row["external_id"]), href=f"/cases/{row['id']}", title=row["external_id"])),
            html.Td(row["category"], title=title),
            html.Td(html.Span(_(STATUS_WORDS[row["status"]]), className="badge")),
            html.Td(left, className=f"newest-time {look}"),
        ]
    )


def short_number(text: str) -> str:
    """A case number as a table has room for: month, day and sequence of one built of 6 + 8 + 5 digits, else its end."""
    if match := re.fullmatch(r"\d{10}(\d{4})(\d{5})", text):
        return f"{match[1]}-{match[2]}"
    return text if len(text) <= 14 else f"…{text[-11:]}"


def _foot(shown: int, total: int, href: str) -> html.Div:
    text = _("1 to {n} of {total} open cases", n=shown, total=number(total)) if shown else _("0 open cases")
    return html.Div([html.Span(text), dcc.Link(_("Open the list"), href=href)], className="area-foot")

"""Departments that were summoned to a case (吹哨报到): by when, arrived, finished, scored."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.caselines import moment_text
from components.words import _

FORM = "%m-%d %H:%M"


def tasks_card(tasks: Sequence[Mapping[str, Any]], now: int, zone: ZoneInfo) -> html.Section | None:
    """One line a task; nothing where nobody was summoned."""
    if not tasks:
        return None
    head = html.Div(html.H2(_("Summoned departments")), className="gh-card-head")
    rows = [
        html.Li([html.B(t["department"]), html.Span(_stands(t, now, zone), className=_look(t, now))]) for t in tasks
    ]
    return html.Section([head, html.Ul(rows, className="gh-related")], className="gh-card")


def _look(task: Mapping[str, Any], now: int) -> str:
    return "gh-due-late" if task["arrived_at"] is None and now > task["due_at"] else ""


def _stands(task: Mapping[str, Any], now: int, zone: ZoneInfo) -> str:
    if task["score"] is not None:
        return _("finished {time}, score {n}", time=moment_text(task["done_at"], zone, FORM), n=task["score"])
    if task["done_at"] is not None:
        return _("finished {time}", time=moment_text(task["done_at"], zone, FORM))
    if task["arrived_at"] is not None:
        return _("on site since {time}", time=moment_text(task["arrived_at"], zone, FORM))
    when = moment_text(task["due_at"], zone, FORM)
    return (
        _("was to be on site by {time}", time=when) if now > task["due_at"] else _("to be on site by {time}", time=when)
    )

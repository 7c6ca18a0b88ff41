"""The way of a case: what happened, where it stands, what still lies ahead."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.attributes import attributes
from components.caselines import STATUS_WORDS
from components.numbers import duration
from components.step_details import detail_lines
from components.words import _
from domain.cases import ENDED, TAKEN_OUT
from domain.lifecycle import MOVES as WORK_MOVES
from domain.measures import N_

Case = Mapping[str, Any]

MOVES = {
    "report": N_("Report"), "respond": N_("First response"), "correct": N_("Corrected"),
    "recalendar": N_("Calendar changed"), "escalate": N_("Escalated"), "warn": N_("Warning"), "rate": N_("Rating"),
    "told": N_("Told by the source"),
}  # fmt: skip
"""Moves with a name of their own; those made here have it from the lifecycle, all others from the state they lead to."""

USUAL = ("registered", "dispatched", "handling", "verifying", "closed")
"""The states a case usually goes through."""

_PLACE = {
    "detected": -1,
    "reported": -1,
    "registered": 0,
    "dispatched": 1,
    "accepted": 1,
    "handling": 2,
    "suspended": 2,
    "verifying": 3,
}


def timeline(case: Case, steps: Sequence[Case], now: int, zone: ZoneInfo) -> html.Section:
    """The steps in order (case_steps), and for an open case those that usually follow."""
    open_case = case["status"] not in ENDED | TAKEN_OUT
    rows = [_step(case, step, zone, now, last=open_case and i == len(steps) - 1) for i, step in enumerate(steps)]
    ahead = USUAL[_PLACE.get(case["status"], len(USUAL)) + 1 :] if open_case else ()
    return html.Section(
        [
            html.Div(
                [html.H2(_("Course")), html.Span(_("{n} steps", n=len(steps)), className="gh-card-note")],
                className="gh-card-head",
            ),
            html.Ol([*rows, *(_ahead(status) for status in ahead)], className="gh-timeline"),
        ],
        className="gh-card",
    )


def step_name(step: Case) -> str:
    """What a step is called."""
    move = WORK_MOVES.get(step["move"])
    return _(MOVES.get(step["move"]) or (move.label if move else STATUS_WORDS[step["status"]]))


def _step(case: Case, step: Case, zone: ZoneInfo, now: int, *, last: bool) -> html.Li:
    who, what = _who(case, step, zone)
    since = [html.Small(_("for {time}", time=duration(now - step["at"])))] if last and now > step["at"] else []
    return html.Li(
        [
            html.I(className="gh-step-mark", **attributes(aria_hidden="true")),
            html.B(step_name(step)),
            html.Div([html.Span(who), *(html.Small(text, className="gh-quiet") for text in what)]),
            html.Div([html.Time(_at(step["at"], case["reported_at"], zone)), *since], className="gh-step-time"),
        ],
        className="gh-step-here" if last else "gh-step-done",
        **(attributes(aria_current="step") if last else {}),
    )


def _who(case: Case, step: Case, zone: ZoneInfo) -> tuple[str, list[str]]:
    """Who is named beside a step, and the lines below it: what is on record, and what was written."""
    known = detail_lines(step.get("detail") or {}, zone)
    said = [text for text in (*known, step["note"]) if text]
    if step["move"] == "report":
        return step.get("by") or case["channel"] or case["source"], [*_order(case), *said]
    if step["move"] == "respond":
        return case["department"] or "", [_("after {time}", time=duration(step["at"] - case["reported_at"]))]
    return step.get("by") or case["department"] or case["source"], said


def _order(case: Case) -> list[str]:
    return [case["order_no"]] if case["order_no"] else []


def _ahead(status: str) -> html.Li:
    return html.Li(
        [html.I(className="gh-step-mark", **attributes(aria_hidden="true")), html.B(_(STATUS_WORDS[status]))],
        className="gh-step-ahead",
    )


def _at(at: int, reported_at: int, zone: ZoneInfo) -> str:
    """The time of a step; with its date where that is not the day of the report."""
    moment, first = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(reported_at, zone)
    return moment.strftime("%H:%M:%S" if moment.date() == first.date() else "%m-%d %H:%M")

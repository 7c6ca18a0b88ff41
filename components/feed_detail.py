"""All that is known of one service: what its state means, its promise, its days and hours, what went wrong, what it lost."""

from collections.abc import Sequence
from typing import Any

from dash import html

from components.amounts import NOTHING, number
from components.caselines import moment_text
from components.facets import go
from components.feed_progress import progress
from components.feed_row import RECORDS, Look, cell, lines_off, shown_state, since
from components.feed_state import MEANINGS, mark, state_word
from components.numbers import duration
from components.sentences import sentence
from components.strip import Kept, hours, legend, percent, strip
from components.words import _
from domain.feeds import DOWN_AFTER, STALE_AFTER
from domain.periods import date_of

FORM = "%m-%d %H:%M"
TOTALS = ("read", "kept", "unchanged", "quarantined", "empty")


def feed_detail(service: Any, past: Any, look: Look) -> html.Section:
    """service: views.watch.Service; past: views.watch_past.Past."""
    return html.Section(
        [
            _head(service, look),
            _facts(service, look),
            *progress(service.feed, look.now),
            html.Div([_month(service, look), _day(service, look)], className="gh-detail-charts"),
            html.Div([_failures(past.failures, look), _gaps(past.gaps, look)], className="gh-detail-lists"),
        ],
        className=f"gh-card gh-detail gh-state-{shown_state(service)}",
    )


def _head(service: Any, look: Look) -> html.Div:
    state = shown_state(service)
    error = service.feed.error
    retry = service.feed.next_at
    again = (
        [
            html.P(
                _("It is tried again at {time}.", time=moment_text(retry, look.zone, "%H:%M:%S")), className="gh-quiet"
            )
        ]
        if retry is not None and retry >= look.now and service.state != "paused"
        else []
    )
    return html.Div(
        [
            html.Div(
                [
                    html.H2(service.name),
                    html.Span([mark(state), f"{state_word(state)} {since(service, look)}".strip()], className="gh-feed-state"),
                    go(_("Close"), "/sources"),
                ],
                className="gh-card-head",
            ),
            html.P(_(MEANINGS.get(service.state, MEANINGS["waiting"]))),
            *([html.P(sentence(error), className="gh-feed-error")] if error else []),
            *again,
            *lines_off(service),
        ]
    )  # fmt: skip


def _facts(service: Any, look: Look) -> html.Div:
    every = service.feed.every_seconds
    age = NOTHING if service.age is None else duration(service.age)
    aging = _(
        "old after {stale}, down after {down}", stale=duration(STALE_AFTER * every), down=duration(DOWN_AFTER * every)
    )
    totals = dict(service.totals)
    kind = _(RECORDS.get(service.feed.record, service.feed.record))
    facts = (
        (_("Age of the data"), age, _("promised every {time}", time=duration(every))),
        (_("Last success"), moment_text(service.feed.last_success_at, look.zone) or NOTHING, aging),
        (_("Rows a minute"), number(service.per_minute, 1), _("{n} this hour, {m} in 24 hours", n=number(service.this_hour), m=number(service.last_day))),
        (_("Read in all"), number(totals["read"]), _sum(totals)),
        (_("Failed fetches"), number(totals["failures"]), _("{n} in a row now", n=number(service.feed.failures))),
        (_("Kind"), kind, service.feed.connector),
    )  # fmt: skip
    cells = [cell(label, [html.B(value), html.Span(note, className="gh-card-note")]) for label, value, note in facts]
    return html.Div(cells, className="gh-detail-facts")


def _sum(totals: dict[str, int]) -> str:
    """Kept + as before + quarantined (+ empty)."""
    words = (
        ("kept", _("kept")),
        ("unchanged", _("as before")),
        ("quarantined", _("quarantined")),
        ("empty", _("empty")),
    )
    return " + ".join(f"{number(totals[name])} {word}" for name, word in words if totals[name] or name != "empty")


def _month(service: Any, look: Look) -> html.Figure:
    kept = Kept(service.budget.share, look.target, service.budget.left_seconds)
    head = html.Figcaption([html.H3(_("30 days")), _budget(kept)])
    axis = html.Div([html.Span(_day_text(service.days[0].day)), html.Span(_("today"))], className="gh-strip-axis")
    return html.Figure([head, strip(service.days, service.name), axis, legend()])


def _budget(kept: Kept) -> html.Span:
    """The error budget in one line."""
    if kept.share is None or kept.left_seconds is None:
        return html.Span(_("no data yet"), className="gh-quiet")
    values = {"share": percent(kept.share), "target": percent(kept.target), "time": duration(kept.left_seconds)}
    if kept.left_seconds < 0:
        return html.Span(
            _("kept {share}, promised {target}: {time} over the budget", **values), className="gh-kept is-over"
        )
    return html.Span(_("kept {share}, promised {target}: {time} may still fail", **values), className="gh-kept")


def _day_text(day: int) -> str:
    return f"{date_of(day):%m-%d}"


def _day(service: Any, look: Look) -> html.Figure:
    head = html.Figcaption([html.H3(_("Rows an hour")), html.Span(_("hollow: still running"), className="gh-quiet")])
    axis = html.Div([html.Span(_("24 hours ago")), html.Span(_("now"))], className="gh-strip-axis")
    return html.Figure([head, hours(service.hours, look.now, look.zone, service.name), axis])


def _failures(failures: Sequence[Any], look: Look) -> html.Div:
    rows = [
        html.Li(
            [
                html.Time(moment_text(each.at, look.zone, FORM)),
                html.Span(_lasted(each, look.now), className="gh-card-note"),
                html.P(sentence(each.error)),
            ]
        )
        for each in failures
    ]
    body = (
        html.Ol(rows, className="gh-failures")
        if rows
        else html.P(_("Nothing went wrong on record."), className="gh-quiet")
    )
    return html.Div([html.H3(_("Last errors")), body])


def _lasted(failure: Any, now: int) -> str:
    if failure.until is None:
        return _("for {time} now", time=duration(now - failure.at))
    return _("over after {time}", time=duration(failure.until - failure.at))


def _gaps(gaps: Sequence[Any], look: Look) -> html.Div:
    rows = [
        html.Li(
            [
                html.Time(f"{moment_text(each.start, look.zone, FORM)} – {moment_text(each.end, look.zone, FORM)}"),
                html.Span(duration(each.end - each.start), className="gh-card-note"),
                html.P(sentence(each.why)),
            ]
        )
        for each in gaps
    ]
    body = (
        html.Ol(rows, className="gh-failures")
        if rows
        else html.P(_("It has lost nothing that we know of."), className="gh-quiet")
    )
    return html.Div([html.H3(_("Gaps")), body])

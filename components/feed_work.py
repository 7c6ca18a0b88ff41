"""What the system administrator does with a service: try it, pause it, let it go on, take its bad rows again."""

from typing import Any

from dash import dcc, html

from components.words import _

LONGEST = 200


def feed_work(service: Any) -> html.Section:
    """The buttons for a service (views.watch.Service), each with what it means; what came of it is said below."""
    name, paused = service.name, service.feed.paused_at is not None
    return html.Section(
        [
            html.Div(html.H2(_("Work on it")), className="gh-card-head"),
            _step(
                html.Button(_("Test"), id={"type": "sources-test", "name": name}, type="button", n_clicks=0, className="gh-button"),
                _("Shows the first five rows as they would be mapped. Nothing is stored, nothing is used up; 10 seconds at most."),
            ),
            _step(
                html.Button(_("Take bad rows again"), id={"type": "sources-replay", "name": name}, type="button", n_clicks=0, className="gh-button"),
                _("After the mapping, the areas or the data were mended: maps the rows in quarantine once more."),
            ),
            _pausing(name, paused=paused),
        ],
        className="gh-card gh-feed-work",
    )  # fmt: skip


def _step(button: html.Button, means: str) -> html.Div:
    return html.Div([button, html.Span(means, className="gh-card-note")], className="gh-work-step")


def _pausing(name: str, *, paused: bool) -> html.Div:
    field = dcc.Input(
        id={"type": "sources-reason", "name": name}, type="text", maxLength=LONGEST, autoComplete="off", placeholder=_("Reason"),
        className="gh-search",
    )  # fmt: skip
    labelled = html.Label([html.Span(_("Reason"), className="sr-only"), field], className="gh-reason")
    word, means = (
        (_("Let it go on"), _("It is read again from where it was, within a second."))
        if paused
        else (
            _("Pause"),
            _("Nothing is read until it goes on. What the source holds stays there; what it does not hold is lost."),
        )
    )
    button = html.Button(
        word, id={"type": "sources-pause", "name": name}, type="button", n_clicks=0, className="gh-button"
    )
    return html.Div(
        [html.Div([button, labelled], className="gh-work-pause"), html.Span(means, className="gh-card-note")],
        className="gh-work-step",
    )

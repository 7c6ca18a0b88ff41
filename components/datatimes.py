"""The data line: how old a figure is, in a sign, a time and a word."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dash import html

from components.words import _
from domain.feeds import DOWN, LIVE, STALE, WAITING
from domain.measures import N_

ERROR = "error"
RETRY_SECONDS = 30
SIGNS = {LIVE: "●", STALE: "○", DOWN: "✕", WAITING: "○", ERROR: "■"}
WORDS = {LIVE: N_("live"), STALE: N_("no updates"), DOWN: N_("disconnected"), WAITING: N_("Reading")}
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True)
class Age:
    """The data time of a figure (epoch seconds, None = never read), its state, and now."""

    at: int | None
    state: str
    now: int
    zone: ZoneInfo

    @property
    def clock(self) -> str:
        """The data time in the site's zone; with its date when that is not today."""
        if self.at is None:
            return ""
        then, today = datetime.fromtimestamp(self.at, self.zone), datetime.fromtimestamp(self.now, self.zone)
        return then.strftime("%H:%M:%S" if then.date() == today.date() else "%m-%d %H:%M")

    @property
    def for_long(self) -> str:
        """How long ago that was."""
        return "" if self.at is None else duration(self.now - self.at)


def duration(seconds: float) -> str:
    """A length of time in its largest whole unit."""
    if seconds < MINUTE:
        return _("{n} seconds", n=max(int(seconds), 0))
    if seconds < HOUR:
        return _("{n} minutes", n=int(seconds // MINUTE))
    if seconds < 2 * DAY:
        return _("{n} hours", n=int(seconds // HOUR))
    return _("{n} days", n=f"{int(seconds // DAY):,}")


def data_line(age: Age) -> html.Div:
    """Sign, data time and state."""
    word = _(WORDS[age.state])
    if age.state == DOWN and age.at is not None:
        word = f"{word} {age.for_long}"
    text = word if age.at is None else f"{_('Data {clock}', clock=age.clock)} · {word}"
    return _line(age.state, text)


def error_line(age: Age) -> html.Div:
    """What stands under a block that could not be made."""
    clock = datetime.fromtimestamp(age.now, age.zone).strftime("%H:%M:%S")
    return _line(ERROR, f"{clock} · {_('again in {n} seconds', n=RETRY_SECONDS)}")


def _line(state: str, text: str) -> html.Div:
    sign = html.Span(SIGNS[state], className="data-sign", **{"aria-hidden": "true"})
    return html.Div([sign, html.Span(text)], className=f"data-line is-{state}")

"""What marks a case beside its state: urgent, supervised, not counted as overdue, and how often it came back."""

from collections.abc import Mapping
from typing import Any

from dash import html

from components.words import _
from domain.measures import N_

FLAGS = (
    ("urgent", N_("Urgent"), "gh-flag-red"), ("supervised", N_("Supervised"), "gh-flag-red"),
    ("whistled", N_("Summoned"), ""), ("not_timed", N_("Not counted as overdue"), ""),
)  # fmt: skip
COUNTERS = (
    ("reworks", N_("rework {n}")), ("returns", N_("returned {n}")), ("extensions", N_("extended {n}")),
    ("reopens", N_("reopened {n}")),
)  # fmt: skip
ASKED = {
    "hold": N_("A hold is asked for"), "extension": N_("More time is asked for"),
    "supported": N_("More time is asked for, supported"), "appeal": N_("An appeal waits"),
}  # fmt: skip


def flags(work: Mapping[str, Any]) -> list[html.Span]:
    """The flags that are set (work: a row of casework; {} for a case that nobody works here)."""
    found = [html.Span(_(word), className=f"gh-flag {look}".strip()) for name, word, look in FLAGS if work.get(name)]
    asked = work.get("asked")
    return found + ([html.Span(_(ASKED[asked]), className="gh-flag")] if asked in ASKED else [])


def counters(work: Mapping[str, Any]) -> str:
    """How often it was sent back, returned, extended, reopened; those that happened."""
    return " · ".join(_(word, n=work[name]) for name, word in COUNTERS if work.get(name))

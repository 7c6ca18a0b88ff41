"""The planned life of cases: every moment from report to rating, and what was known of it at any time.

A plan is a dict of equally long arrays. Moments are float64 epoch seconds (whole), NaN = never happens:
reported, registered, dispatched, accepted (first human response), handling, suspended, resumed, verifying, ended,
rated, rated_again; due (set at registration) and due_later (set when suspended, NaN otherwise).
Texts (object): id, order_no, kind, category, title, text, channel, department, area_code, end (status), level,
first_level (of the superseded rating). Besides lon, lat (float64) and online (object True/False/None).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demo.arrays import Flags, Floats, Ints, Objects, Plan

# The stages in the order of a life, with the status that each begins.
STAGES = (
    ("reported", "reported"),
    ("registered", "registered"),
    ("dispatched", "dispatched"),
    ("accepted", "accepted"),
    ("handling", "handling"),
    ("suspended", "suspended"),
    ("resumed", "handling"),
    ("verifying", "verifying"),
    ("ended", ""),
)
MOMENTS = (*(stage for stage, _ in STAGES), "rated", "rated_again", "due", "due_later")
TEXTS = ("id", "order_no", "kind", "category", "title", "text", "channel", "department", "area_code", "end", "level",
         "first_level")  # fmt: skip
MAX_LIFE_DAYS = 60  # from report to the last rating


def joined(plans: Sequence[Plan]) -> Plan:
    """One plan out of several."""
    return {name: np.concatenate([plan[name] for plan in plans]) for name in plans[0]}


def chosen(plan: Plan, mask: Flags | Ints) -> Plan:
    """The cases in a mask or an index."""
    return {name: column[mask] for name, column in plan.items()}


def stage_at(plan: Plan, now: float) -> tuple[Ints, Floats]:
    """For each case: the number of its stage at `now` (-1 = not reported yet) and since when."""
    moments = np.column_stack([plan[stage] for stage, _ in STAGES])
    begun = moments <= now
    stage = np.where(begun.any(axis=1), len(STAGES) - 1 - begun[:, ::-1].argmax(axis=1), -1)
    return stage, np.where(stage >= 0, moments[np.arange(len(stage)), stage], np.nan)


def status_at(plan: Plan, stage: Ints) -> Objects:
    """The case status that goes with a stage."""
    names = np.array([status for _, status in STAGES], dtype=object)
    return np.where(stage == len(STAGES) - 1, plan["end"], names[stage])


def until(moments: Floats, now: float) -> Floats:
    """Moments that have come; NaN for those still ahead."""
    return np.where(moments <= now, moments, np.nan)


def due_at(plan: Plan, now: float) -> Floats:
    """The deadline known at `now`: none before registration, pushed back once suspended."""
    due = np.where(plan["registered"] <= now, plan["due"], np.nan)
    return np.where(plan["suspended"] <= now, plan["due_later"], due)

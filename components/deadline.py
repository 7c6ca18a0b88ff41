"""How a case stands to its deadline, in words. Late is said by words first and by colour second."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.amounts import NOTHING
from components.numbers import duration
from components.words import _
from domain.cases import ENDED, NOT_COUNTED

NEAR_SHARE = 0.2
"""The last fifth of the time is the warning stretch (预警段)."""

CALM, NEAR, LATE, DONE = "calm", "near", "late", "done"


@dataclass(frozen=True)
class Standing:
    """Words and tone: calm | near | late (open and overdue) | done (nothing left to wait for)."""

    text: str
    tone: str


def standing(case: Mapping[str, Any], now: int) -> Standing:
    """How a case stands at `now` (epoch seconds)."""
    due, status = case["due_at"], case["status"]
    if due is None or status in NOT_COUNTED:
        return Standing(NOTHING, DONE)
    if status in ENDED:
        ended = case["ended_at"] or now
        return Standing(_("On time"), DONE) if ended <= due else Standing(_("Ended late"), DONE)
    if status == "suspended":
        return Standing(_("Paused"), DONE)
    left = due - now
    if left < 0:
        return Standing(_("{time} over", time=duration(left)), LATE)
    return Standing(_("{time} left", time=duration(left)), NEAR if is_near(case, now) else CALM)


def warning_from(case: Mapping[str, Any]) -> int:
    """When the warning stretch before the deadline begins (epoch seconds): where it is known, or with the last fifth."""
    if case.get("warn_from") is not None:
        return int(case["warn_from"])
    return int(case["due_at"] - NEAR_SHARE * (case["due_at"] - case["reported_at"]))


def is_near(case: Mapping[str, Any], now: int) -> bool:
    """Whether the time left is in the warning stretch."""
    return now >= warning_from(case)

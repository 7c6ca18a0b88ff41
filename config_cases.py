"""[cases] and [[categories]]: what may be reported, in which time it is handled."""

import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config_errors import problem
from config_sources import Frozen

_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def _span(text: str) -> tuple[int, int]:
    """Seconds from midnight at which "08:00-12:00" begins and ends. Raises a problem."""
    found = _HOURS.fullmatch(text)
    if not found:
        raise problem(f"'{text}' is no stretch of a day; write it like \"08:00-12:00\"")
    hours = [int(part) for part in found.groups()]
    first, last = hours[0] * 3600 + hours[1] * 60, hours[2] * 3600 + hours[3] * 60
    if not first < last <= 24 * 3600:
        raise problem(f"'{text}' does not end after it begins, on the same day; write two stretches for a night")
    return first, last


def _in_order(spans: tuple[str, ...]) -> tuple[str, ...]:
    if any(before[1] > after[0] for before, after in pairwise(map(_span, spans))):
        raise problem("the stretches overlap or are out of order; write them from morning to evening")
    return spans


Stage = Literal["reported", "checking", "registered", "dispatched", "verifying"]
"""What has a limit of its own beside that of handling."""


class Limit(Frozen):
    """A time limit: `amount` of 紧急工作时, 工作时, 工作日 or 自然日."""

    amount: float = Field(gt=0, le=1_000)
    unit: Literal["urgent_hours", "work_hours", "work_days", "calendar_days"]


class Condition(Frozen):
    """A condition of registration with its limit and its condition of closing."""

    name: str = Field(min_length=1)
    limit: Limit
    close: str = ""


class CategorySettings(Frozen):
    """One category (小类)."""

    name: str = Field(min_length=1)
    scheme: Literal["urban", "public_security"] = "urban"
    code: str = ""
    kind: Literal["problem", "hazard"] = "problem"
    department: str = ""
    group: str = ""
    published: bool = False
    conditions: tuple[Condition, ...] = ()
    radius_m: float = Field(default=50.0, gt=0, le=5_000)
    hours: float = Field(default=24.0, gt=0, le=8_760)


def _stages() -> dict[Stage, Limit]:
    return {
        "reported": Limit(amount=2, unit="work_hours"), "checking": Limit(amount=4, unit="work_hours"),
        "registered": Limit(amount=2, unit="work_hours"), "dispatched": Limit(amount=4, unit="work_hours"),
        "verifying": Limit(amount=1, unit="work_days"),
    }  # fmt: skip


class Cases(Frozen):
    """[cases]: the hours in which 工作时 and 工作日 run, the share of a limit that is left when it turns yellow, the
    multiples of it at which the next level hears, the limits of the other stages, and what is allowed how often.
    """

    office_hours: Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_in_order)] = (
        "08:00-12:00",
        "14:00-18:00",
    )
    warn_at: float = Field(default=0.2, gt=0, lt=1)
    escalate_at: tuple[float, ...] = (2.0, 3.0)
    most_returns: int = Field(default=2, ge=1, le=20)
    reopen_days: float = Field(default=7.0, ge=0, le=365)
    usual: Limit = Limit(amount=5, unit="work_days")
    stages: dict[Stage, Limit] = Field(default_factory=_stages)

    @property
    def office_seconds(self) -> tuple[tuple[int, int], ...]:
        """The office hours in seconds from midnight."""
        return tuple(map(_span, self.office_hours))

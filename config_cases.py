"""[cases] and [[categories]]: what may be reported, in which time it is handled."""

import re
from itertools import pairwise
from typing import Annotated

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


class Cases(Frozen):
    """[cases]: the hours in which 工作时 and 工作日 run, and the share of a limit that is left when it turns yellow."""

    office_hours: Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_in_order)] = (
        "08:00-12:00",
        "14:00-18:00",
    )
    warn_at: float = Field(default=0.2, gt=0, lt=1)

    @property
    def office_seconds(self) -> tuple[tuple[int, int], ...]:
        """The office hours in seconds from midnight."""
        return tuple(map(_span, self.office_hours))

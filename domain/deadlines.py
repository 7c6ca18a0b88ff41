"""The deadlines of a case: one for handling that never starts again, one for each other stage. Epoch seconds in UTC."""

from dataclasses import dataclass

from domain.workcalendar import WorkCalendar
from domain.workclock import Unit, add, postponed


@dataclass(frozen=True)
class Timing:
    """The limit of handling: amount of a unit from an instant, each extension (延期) the same again, less one hold (挂账)."""

    amount: float
    unit: Unit
    start: int
    extensions: int = 0
    held_from: int | None = None
    held_to: int | None = None

    @property
    def whole(self) -> float:
        """The limit with its extensions."""
        return self.amount * (1 + self.extensions)


def instant(calendar: WorkCalendar, timing: Timing, share: float) -> int:
    """When this share of the limit (1 = all of it) is used up; what a hold took is not used."""
    due = add(calendar, timing.start, timing.whole * share, timing.unit)
    if timing.held_from is None or timing.held_to is None:
        return due
    return postponed(calendar, due, timing.held_from, timing.held_to, timing.unit)


def due(calendar: WorkCalendar, timing: Timing) -> int:
    """The deadline of handling."""
    return instant(calendar, timing, 1)


def warning(calendar: WorkCalendar, timing: Timing, left: float) -> int:
    """When only the share `left` of the limit remains (预警: 20 %)."""
    return instant(calendar, timing, 1 - left)


def escalation(calendar: WorkCalendar, timing: Timing, ladder: tuple[float, ...], done: int) -> int | None:
    """When the next step of the ladder comes, `done` of them having come; None after the last."""
    return instant(calendar, timing, ladder[done]) if done < len(ladder) else None

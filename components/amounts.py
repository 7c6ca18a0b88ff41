"""Numbers as they are printed: digits, units, changes."""

from dataclasses import dataclass

from components.words import _
from domain.measures import N_, Kpi

NOTHING = "—"
UNITS = {"percent": N_("%"), "cases": N_("cases"), "days": N_("days")}
FALL, RISE, EVEN = -1, 1, 0
_ARROWS = {FALL: "↓", RISE: "↑", EVEN: ""}


def number(value: float | None, digits: int = 0) -> str:
    """A number with commas between thousands; a dash where there is none."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def unit(kpi: Kpi) -> str:
    """The word behind a figure."""
    return _(UNITS[kpi.unit])


def with_unit(kpi: Kpi, value: float | None) -> str:
    """A figure and its unit; the percent sign stands close, a word at a distance."""
    if value is None:
        return NOTHING
    return f"{number(value, kpi.digits)}{'' if kpi.unit == 'percent' else ' '}{unit(kpi)}"


@dataclass(frozen=True)
class Change:
    """A change against the previous period: its text, its direction, and whether it is good (None = neither)."""

    text: str
    direction: int
    good: bool | None


def change(kpi: Kpi, value: float | None, previous: float | None) -> Change | None:
    """How a figure has changed, None where one of the two is missing.

    Percentages differ by points, days and levels by their own unit, flows by per cent (by their number from zero).
    Colour says good or bad, never the arrow: more reports may be better detection.
    """
    if value is None or previous is None:
        return None
    shown, before = round(value, kpi.digits), round(previous, kpi.digits)
    step = shown - before
    direction = RISE if step > 0 else FALL if step < 0 else EVEN
    if direction == EVEN:
        return Change(_("unchanged"), EVEN, None)
    good = None if kpi.better is None else (kpi.better == "up") == (direction == RISE)
    return Change(f"{_ARROWS[direction]}{_step_text(kpi, step, before)}", direction, good)


def _step_text(kpi: Kpi, step: float, before: float) -> str:
    size = number(abs(step), kpi.digits)
    if kpi.unit == "percent":
        return _("{n} points", n=size)
    if kpi.unit == "cases" and not kpi.stock and before:
        return f"{number(100 * abs(step) / before, 1)}%"
    return size

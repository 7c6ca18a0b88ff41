"""Names, digits and changes of the outcome figures, as cards, table, charts and file print them.

The figures come as values (views.before_after); what is here only turns them into texts.
"""

from typing import Any, Protocol

from components.amounts import NOTHING, number
from components.numbers import decimal
from components.words import _
from domain.measures import N_, Kpi

UNITS = {
    "reported": N_("cases"), "hazards": N_("places"), "response": N_("days"), "satisfaction": "%", "online_rate": "%",
}  # fmt: skip
DIGITS = {"reported": 0, "hazards": 0, "response": 2, "satisfaction": 1, "online_rate": 1}
TABLE_DIGITS = {**DIGITS, "satisfaction": 2}
"""Of both sides in the table: a mean of months is said to two digits there."""


class SideLike(Protocol):
    """One side of a comparison: its value, the cases behind it, its 95 % interval (low, high), its months."""

    value: float | None
    rows: int
    interval: Any
    months: tuple[str, ...]


class FigureLike(Protocol):
    """A figure by month and on both sides (views.before_after.Compared)."""

    kpi: Kpi
    cells: tuple[Any, ...]
    before: Any
    after: Any
    monthly: bool
    change: float | None


def month_text(figure: FigureLike, value: float | None) -> str:
    """The figure of a month in the digits of the published table; zeros at the end are not printed."""
    digits = DIGITS[figure.kpi.name]
    return number(value) if digits == 0 else decimal(value, digits)


def side_text(figure: FigureLike, side: SideLike, *, table: bool = False) -> str:
    """The figure of a side; a mean of counts has one digit."""
    digits = (TABLE_DIGITS if table else DIGITS)[figure.kpi.name]
    if figure.kpi.denominator is None and figure.monthly:
        digits = 1
    return number(side.value) if digits == 0 else decimal(side.value, digits, fixed=True)


def change_text(figure: FigureLike) -> str:
    """↑86.8% or ↑23.0 points: the arrow is the direction; without a change to speak of, nothing."""
    change = figure.change
    if change is None:
        return ""
    arrow = "↑" if change > 0 else "↓" if change < 0 else ""
    size = f"{abs(change):.1f}"
    return f"{arrow}{_('{n} points', n=size)}" if figure.kpi.unit == "percent" else f"{arrow}{size}%"


def change_tone(figure: FigureLike) -> str:
    """Good | bad | neutral: whether the change is wanted; more reports are neither."""
    change, better = figure.change, figure.kpi.better
    if not change or better is None:
        return "neutral"
    return "good" if (change > 0) == (better == "up") else "bad"


def interval_text(figure: FigureLike, side: SideLike) -> str:
    """Low to high of the 95 % interval."""
    if side.interval is None:
        return NOTHING
    digits = 0 if figure.kpi.denominator is None else DIGITS[figure.kpi.name]
    return "–".join(decimal(edge, digits, fixed=True) for edge in (side.interval.low, side.interval.high))


def basis_text(figure: FigureLike) -> str:
    """Unit, and how the two sides are made of their months."""
    unit = _(UNITS[figure.kpi.name])
    if figure.kpi.denominator is None and not figure.monthly:
        months = len(figure.after.months)
        return _("{unit}, sum of {n} months", unit=unit, n=months)
    return _("{unit}, mean of months", unit=unit)

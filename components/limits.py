"""A time limit in words."""

from components.words import _
from domain.measures import N_

UNIT_WORDS = {
    "urgent_hours": N_("{n} urgent hours"), "work_hours": N_("{n} working hours"), "work_days": N_("{n} working days"),
    "calendar_days": N_("{n} calendar days"),
}  # fmt: skip


def limit_text(amount: float, unit: str) -> str:
    """So much of a unit of domain.workclock."""
    return _(UNIT_WORDS[unit], n=f"{amount:g}")

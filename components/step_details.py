"""What is on record of a step, in words: whom it went to, what was chosen, which deadline it moved."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from components.caselines import moment_text
from components.words import _
from domain.fields import FIELDS
from domain.measures import N_

Detail = Mapping[str, Any]
FORM = "%Y-%m-%d %H:%M"


def detail_lines(detail: Detail, zone: ZoneInfo) -> list[str]:
    """One text a thing that is known; what has no words is left out."""
    return [text for say in LINES if (text := say(detail, zone))]


def _value(key: str, message: str) -> Callable[[Detail, ZoneInfo], str]:
    return lambda detail, _zone: _(message, value=detail[key]) if detail.get(key) not in (None, "") else ""


def _choice(key: str) -> Callable[[Detail, ZoneInfo], str]:
    words = dict(FIELDS[key].choices)

    def say(detail: Detail, _zone: ZoneInfo) -> str:
        value = detail.get(key)
        value = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        return _("{what}: {value}", what=_(FIELDS[key].label), value=_(words[value])) if value in words else ""

    return say


def _moment(key: str, message: str) -> Callable[[Detail, ZoneInfo], str]:
    return lambda detail, zone: _(message, value=moment_text(detail[key], zone, FORM)) if detail.get(key) else ""


def _category(detail: Detail, _zone: ZoneInfo) -> str:
    return f"{detail['category_from']} → {detail['category_to']}" if "category_to" in detail else ""


def _departments(detail: Detail, _zone: ZoneInfo) -> str:
    return _(", ").join(detail.get("departments", ()))


def _deadline(detail: Detail, zone: ZoneInfo) -> str:
    """Old and new deadline of a step that moved it."""
    if "due_to" not in detail:
        return ""
    old, new = (moment_text(detail.get(key), zone, FORM) or "—" for key in ("due_from", "due_to"))
    return _("due {value}", value=new) if old == "—" else _("due {old} → {new}", old=old, new=new)


LINES: tuple[Callable[[Detail, ZoneInfo], str], ...] = (
    _value("condition", N_("condition “{value}”")), _value("department", N_("to {value}")),
    _value("handler", N_("in charge: {value}")), _departments, _category, _choice("finding"), _choice("passed"),
    _choice("reached"), _choice("contacted"), _choice("resolved"), _choice("level"), _moment("until", N_("until {value}")),
    _value("score", N_("score {value}")), _deadline,
)  # fmt: skip

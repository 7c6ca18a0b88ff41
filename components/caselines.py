"""A case as a line of texts: the same columns, words and times in a table, a file and a print."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from components.words import _
from domain.cases import HERE, KINDS, LEVELS, PLACINGS
from domain.measures import N_

Case = Mapping[str, Any]


def moment_text(epoch: int | None, zone: ZoneInfo, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """An instant (epoch seconds) in the site's zone; empty when there is none."""
    return "" if epoch is None else datetime.fromtimestamp(epoch, zone).strftime(form)


def place_text(case: Case) -> str:
    """Where a case is: its area, or why it is not on the map."""
    if case["placing"] == HERE:
        return str(case["area_name"])
    return f"{case['area_name']} · {_(PLACING_WORDS[PLACINGS[case['placing']]])}"


STATUS_WORDS = {
    "registered": N_("Registered"), "reported": N_("Reported"), "dispatched": N_("Dispatched"),
    "accepted": N_("Accepted"), "handling": N_("In progress"), "suspended": N_("Suspended"),
    "verifying": N_("Verifying"), "closed": N_("Closed"), "refused": N_("Refused"), "void": N_("Void"),
    "merged": N_("Merged"), "self_handled": N_("Self-handled"), "detected": N_("To be confirmed"),
}  # fmt: skip
KIND_WORDS = {"problem": N_("Problem"), "hazard": N_("Hazard")}
LEVEL_WORDS = {
    "satisfied": N_("Satisfied"), "basically": N_("Basically satisfied"), "dissatisfied": N_("Dissatisfied"),
}  # fmt: skip
PLACING_WORDS = {
    "here": N_("On the map"), "no_place": N_("No place"), "outside": N_("Outside all areas"), "pin": N_("Default pin"),
}  # fmt: skip

COLUMNS: tuple[tuple[str, str, Callable[[Case, ZoneInfo], str]], ...] = (
    ("external_id", N_("Case no."), lambda c, _z: c["external_id"]),
    ("order_no", N_("Order no."), lambda c, _z: c["order_no"] or ""),
    ("category", N_("Category"), lambda c, _z: c["category"]),
    ("title", N_("Title"), lambda c, _z: c["title"] or ""),
    ("kind", N_("Kind"), lambda c, _z: _(KIND_WORDS[KINDS[c["kind"]]])),
    ("status", N_("State"), lambda c, _z: _(STATUS_WORDS[c["status"]])),
    ("area", N_("Area"), lambda c, _z: place_text(c)),
    ("channel", N_("Channel"), lambda c, _z: c["channel"] or ""),
    ("department", N_("Department"), lambda c, _z: c["department"] or ""),
    ("reported_at", N_("Reported at"), lambda c, z: moment_text(c["reported_at"], z)),
    ("first_response_at", N_("First response"), lambda c, z: moment_text(c["first_response_at"], z)),
    ("due_at", N_("Due at"), lambda c, z: moment_text(c["due_at"], z)),
    ("closed_at", N_("Closed at"), lambda c, z: moment_text(c["closed_at"], z)),
    ("level", N_("Rating"), lambda c, _z: "" if c["level"] is None else _(LEVEL_WORDS[LEVELS[c["level"]]])),
    ("source", N_("Source"), lambda c, _z: c["source"]),
)


def line(case: Case, zone: ZoneInfo) -> list[str]:
    """The texts of a case in the order of COLUMNS."""
    return [text(case, zone) for _name, _label, text in COLUMNS]

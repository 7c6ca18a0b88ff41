"""The rules that a row must meet once its cells are read ([sources.rules] and [sources.pins])."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import numpy as np

from config_sources import Rules, SourceSettings
from datasources.mapping.rejects import Rejects

ENDED = ("closed", "refused", "self_handled")
DAY_SECONDS = 86_400
PIN_DEGREES = 5e-5
ROUNDING = 1e-9

PAST = ("reported_at", "rated_at", "observed_at", "first_response_at", "closed_at", "updated_at")
"""Times that tell what has happened; a deadline may lie ahead."""

Fields = dict[str, np.ndarray]


@dataclass(frozen=True)
class Check:
    """What a rule works on; now: epoch seconds."""

    rules: Rules
    fields: Fields
    rejects: Rejects
    now: int


def half_a_place(check: Check) -> None:
    """A longitude without a latitude is no place, and no blank either."""
    if "longitude" in check.fields:
        half = np.isnan(check.fields["longitude"]) != np.isnan(check.fields["latitude"])
        check.rejects.add(
            half, "bad_point", lambda _row: "longitude and latitude: one of the two is empty; fill in both"
        )


def null_island(check: Check) -> None:
    """(0, 0) and whole-degree points are placeholders, not places."""
    if "longitude" not in check.fields or check.rules.null_island == "keep":
        return
    longitude, latitude = check.fields["longitude"], check.fields["latitude"]
    whole = (longitude == np.round(longitude)) & (latitude == np.round(latitude))
    if check.rules.null_island == "quarantine":
        why = "which is a placeholder, not a place; mend the row"
        check.rejects.add(whole, "bad_point", lambda row: f"the point is ({latitude[row]}, {longitude[row]}), {why}")
        return
    check.fields["longitude"] = np.where(whole, np.nan, longitude)
    check.fields["latitude"] = np.where(whole, np.nan, latitude)


def future(check: Check) -> None:
    """Nothing has happened more than a day ahead."""
    for name in PAST if check.rules.future == "quarantine" else ():
        if name in check.fields:
            ahead = check.fields[name] > check.now + DAY_SECONDS
            check.rejects.add(ahead, "future", partial(_ahead, name, check.fields[name]))


def _ahead(name: str, moments: np.ndarray, row: int) -> str:
    return f"{name}: {_utc(moments[row])} is more than a day ahead; mend the row or the source's timezone"


def closed_without_date(check: Check) -> None:
    """A case that has ended has ended at some time."""
    if "closed_at" not in check.fields or check.rules.closed_without_date == "keep":
        return
    fields = check.fields
    undated = np.isin(fields["status"].astype("U"), ENDED) & np.isnan(fields["closed_at"])
    if check.rules.closed_without_date == "updated":
        fields["closed_at"] = np.where(undated, fields["updated_at"], fields["closed_at"])
        undated &= np.isnan(fields["updated_at"])
    why = "closed_at: the case has ended, but no time says when; fill it in or change rules.closed_without_date"
    check.rejects.add(undated, "closed_without_date", lambda _row: why)


def closed_before_reported(check: Check) -> None:
    """A case ends after it begins."""
    if "closed_at" not in check.fields or check.rules.closed_before_reported == "keep":
        return
    closed, reported = check.fields["closed_at"], check.fields["reported_at"]
    check.rejects.add(
        closed < reported,
        "closed_before_reported",
        lambda row: f"closed_at: {_utc(closed[row])} is before reported_at, {_utc(reported[row])}; mend the row",
    )


def _utc(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


RULES: tuple[Callable[[Check], None], ...] = (
    half_a_place,
    null_island,
    future,
    closed_without_date,
    closed_before_reported,
)


def apply(source: SourceSettings, fields: Fields, rejects: Rejects, now: int) -> None:
    """Hold the rules against the fields, changing them where a rule says so, and mark known default points."""
    check = Check(source.rules, fields, rejects, now)
    for rule in RULES:
        rule(check)
    if "longitude" in fields:
        fields["pinned"] = pinned(fields["longitude"], fields["latitude"], source.pins.points)


def pinned(longitude: np.ndarray, latitude: np.ndarray, pins: tuple[tuple[float, float], ...]) -> np.ndarray:
    """True for points that lie on a known default point: within half of the fourth decimal of a degree."""
    found = np.zeros(len(longitude), dtype=bool)
    for east, north in pins:
        reach = PIN_DEGREES + ROUNDING
        found |= (np.abs(longitude - east) <= reach) & (np.abs(latitude - north) <= reach)
    return found

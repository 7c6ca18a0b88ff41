"""The stream of cases: a pure function of (seed, day).

Each local day is planned whole from its own random numbers, with every life to its end. What is known at a moment
is only a matter of looking; going live is asking again later.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from demo.arrays import Flags, Floats, Ints, Objects, Plan, either
from demo.calendar import HOUR, SEASONS, cases_on, date_of, day_start, hour_weights, into_daytime
from demo.catalogue import CATEGORIES, CHANNEL_SHARES, CHANNELS
from demo.places import places
from demo.wording import write

_LIMITS = np.array([category.limit_hours for category in CATEGORIES], dtype=float) * HOUR
_SELF, _REFUSED, _VOID, _MERGED = 0.17, 0.014, 0.006, 0.012  # the first of the cases found by grid workers
_LATE, _SUSPENDED = 0.036, 0.012
_NO_PLACE, _OUTSIDE = 0.03, 0.006
_RATED, _RATED_AGAIN = 0.60, 0.012
_LEVELS, _LEVEL_SHARES = ("satisfied", "basically", "dissatisfied"), (0.918, 0.030, 0.052)
_OFFLINE = 0.012
_NEVER = np.nan


@lru_cache(maxsize=128)
def plan_day(seed: int, day: int) -> Plan:
    """All cases reported street-wide on a local day (days since 1970-01-01), in order. Do not change the plan."""
    rng = np.random.default_rng([seed, day])
    count = cases_on(seed, day)
    plan: Plan = {"sort": _sorts(rng, day, count)}
    plan["reported"] = _reported(rng, day, plan["sort"])
    plan = {name: column[np.argsort(plan["reported"], kind="stable")] for name, column in plan.items()}
    plan["channel"] = _channels(rng, plan["sort"])
    plan["end"] = _ends(rng, plan["channel"])
    plan |= _moments(rng, plan)
    plan |= _ratings(rng, plan)
    plan["online"] = _online(rng, plan["sort"])
    plan |= _spots(rng, plan["sort"])
    return write(plan, rng, day)


def _sorts(rng: np.random.Generator, day: int, count: int) -> Ints:
    month = date_of(day).month - 1
    wet = 4.0 if rng.random() < SEASONS["rain"][month] * 0.11 else 0.6
    weights = [c.weight * SEASONS[c.season][month] * (wet if c.season == "rain" else 1) for c in CATEGORIES]
    return rng.choice(len(CATEGORIES), count, p=np.array(weights) / sum(weights))


def _reported(rng: np.random.Generator, day: int, sorts: Ints) -> Floats:
    upto = np.cumsum([hour_weights(category.hours) for category in CATEGORIES], axis=1)
    hours = (rng.random(len(sorts))[:, None] > upto[sorts]).sum(axis=1).clip(0, 23)
    found: Floats = day_start(day) + hours * HOUR + rng.integers(0, HOUR, len(sorts)).astype(float)
    return found


def _channels(rng: np.random.Generator, sorts: Ints) -> Objects:
    upto = np.cumsum([CHANNEL_SHARES[category.channels] for category in CATEGORIES], axis=1)
    index = (rng.random(len(sorts))[:, None] > upto[sorts]).sum(axis=1).clip(0, len(CHANNELS) - 1)
    found: Objects = np.array(CHANNELS, dtype=object)[index]
    return found


def _ends(rng: np.random.Generator, channels: Objects) -> Objects:
    draw = rng.random(len(channels))
    bounds = np.cumsum([_VOID, _MERGED, _REFUSED])
    end = np.array(["void", "merged", "refused", "closed"], dtype=object)[np.searchsorted(bounds, draw)]
    own = (channels == "网格员") & (rng.random(len(channels)) < _SELF) & (end == "closed")
    return np.where(own, "self_handled", end)


def _moments(rng: np.random.Generator, plan: Plan) -> Plan:
    """Every stage of every life; short ones (void, merged, refused, self_handled) skip the middle."""
    n, limit = len(plan["sort"]), _LIMITS[plan["sort"]]
    full, urgent = plan["end"] == "closed", limit <= 4 * HOUR
    registered = plan["reported"] + rng.uniform(3, 40, n) * np.where(urgent, 20, 60)
    dispatched = registered + rng.uniform(2, 25, n) * np.where(urgent, 20, 60)
    due = registered + limit
    late = rng.random(n) < _LATE
    ended = _ended(rng, dispatched, limit, late, urgent)
    held = (limit >= 48 * HOUR) & full & (rng.random(n) < _SUSPENDED / 0.35)
    pause = np.where(held, rng.uniform(3, 14, n) * 24 * HOUR, 0)
    reply = dispatched + np.exp(rng.normal(np.log(3.6), 0.8, n)) * HOUR * np.where(urgent, 0.15, 1)
    reply = np.where(urgent, reply, into_daytime(reply, rng))
    accepted = np.minimum(reply, dispatched + 0.7 * (ended - dispatched))
    handling = accepted + (ended - accepted) * rng.uniform(0.02, 0.2, n)
    suspended = handling + (ended - handling) * rng.uniform(0.1, 0.4, n)
    verifying = suspended + (ended - suspended) * rng.uniform(0.5, 0.95, n)
    brief = plan["reported"] + rng.uniform(12, 90, n) * 60
    moments = {
        "registered": np.where(full, registered, _NEVER),
        "dispatched": np.where(full, dispatched, _NEVER),
        "accepted": np.where(full, accepted, _NEVER),
        "handling": np.where(full, handling, _NEVER),
        "suspended": np.where(held, suspended, _NEVER),
        "resumed": np.where(held, suspended + pause, _NEVER),
        "verifying": np.where(full, verifying + pause, _NEVER),
        "ended": np.where(full, ended + pause, brief),
        "due": np.where(full, due, _NEVER),
        "due_later": np.where(held, due + pause, _NEVER),
    }
    return {name: np.floor(column) for name, column in moments.items()}


def _ended(rng: np.random.Generator, start: Floats, limit: Floats, late: Flags, urgent: Flags) -> Floats:
    """In daytime unless urgent, and within the limit unless late."""
    due = start + limit - 30 * 60
    raw = start + limit * rng.beta(2.0, 2.6, len(start)) * 0.95
    by_day = np.where(urgent, raw, into_daytime(raw, rng))
    on_time = np.where(by_day < due, by_day, due - rng.uniform(0.02, 0.25, len(start)) * limit)
    over = start + limit + HOUR + limit * rng.exponential(0.45, len(start)).clip(0.02, 2)
    return np.where(late, np.where(urgent, over, into_daytime(over, rng)), on_time)


def _ratings(rng: np.random.Generator, plan: Plan) -> Plan:
    """A rating within three days for about 60 % of the closed cases; a few people think better of it later."""
    n = len(plan["sort"])
    rated = (plan["end"] == "closed") & (rng.random(n) < _RATED)
    again = rated & (rng.random(n) < _RATED_AGAIN)
    at = np.floor(plan["ended"] + 600 + rng.exponential(9 * HOUR, n).clip(0, 3 * 24 * HOUR))
    level = rng.choice(np.array(_LEVELS, dtype=object), n, p=_LEVEL_SHARES)
    return {
        "rated": np.where(rated, at, _NEVER),
        "rated_again": np.where(again, at + np.floor(rng.uniform(2, 30, n) * HOUR), _NEVER),
        "level": either(rated, level, None),
        "first_level": either(again, "dissatisfied", either(rated, level, None)),
    }


def _online(rng: np.random.Generator, sorts: Ints) -> Objects:
    """Stated for problems only: hazards have no such figure."""
    problem = np.array([category.kind == "problem" for category in CATEGORIES])[sorts]
    return either(problem, (rng.random(len(sorts)) >= _OFFLINE).astype(object), None)


def _spots(rng: np.random.Generator, sorts: Ints) -> Plan:
    """Grid and point; some cases have an area only, a few lie outside the street and have a point only."""
    town, n = places(), len(sorts)
    upto = np.cumsum(town.grid_share, axis=1)
    grid = (rng.random(n)[:, None] * upto[sorts, -1:] > upto[sorts]).sum(axis=1)
    point = town.points(grid, rng)
    draw = rng.random(n)
    nowhere, outside = draw < _NO_PLACE, draw > 1 - _OUTSIDE
    point = np.where(outside[:, None], town.outside(rng, n), point)
    community = np.array([town.codes[g][: 12 if d < _NO_PLACE * 0.4 else 15] for g, d in zip(grid, draw, strict=True)])
    return {
        "grid": np.where(outside, -1, grid),
        "lon": np.where(nowhere, np.nan, point[:, 0]),
        "lat": np.where(nowhere, np.nan, point[:, 1]),
        "area_code": either(nowhere, community.astype(object), None),
    }

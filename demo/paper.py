"""The replay of the paper's six months (2022-08 … 2023-01) for community 429099001001.

The totals of each month hold exactly for every seed; single cases vary. What is stated and what is not:

- problems carry the response figures; hazards have no first response, so the mean over all kinds is the same;
- only problems are rated; a month's ratings belong to the problems closed in it (a few reported late in a month are
  closed in the next), and every problem is closed by the end of 2023-01;
- `online` is stated for problems from the launch (2022-11) on: 141 of 142; None before, and for hazards;
- before the launch no deadline was kept; from it on 7 days for everything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.areas import STREET
from demo.arrays import Floats, Ints, Plan, either
from demo.calendar import DAY, HOUR, day_start, hour_weights, local_day
from demo.catalogue import CATEGORIES
from demo.lives import MOMENTS, chosen, joined
from demo.places import places
from demo.wording import write

COMMUNITY = f"{STREET[0]}001"
LIMIT = 7 * DAY
LEVELS = ("satisfied", "basically", "dissatisfied")


@dataclass(frozen=True)
class Month:
    """What the paper prints for a month, and how many of its problems are closed in the next one."""

    first: dt.date
    problems: int
    hazards: int
    response_days: float
    satisfied: int
    basically: int
    rated: int
    carried: int
    launched: bool

    @property
    def response_seconds(self) -> int:
        """Sum over the month's problems."""
        return round(self.problems * self.response_days * DAY)


MONTHS = (
    Month(dt.date(2022, 8, 1), 22, 35, 3.0, 8, 6, 20, 1, launched=False),
    Month(dt.date(2022, 9, 1), 28, 39, 5.0, 14, 5, 27, 2, launched=False),
    Month(dt.date(2022, 10, 1), 26, 42, 4.5, 14, 3, 23, 2, launched=False),
    Month(dt.date(2022, 11, 1), 39, 52, 0.5, 33, 2, 39, 1, launched=True),
    Month(dt.date(2022, 12, 1), 45, 57, 28_500 / DAY, 41, 0, 44, 2, launched=True),
    Month(dt.date(2023, 1, 1), 58, 49, 0.25, 40, 6, 48, 0, launched=True),
)
END = dt.date(2023, 2, 1)
LAST_DAY = (dt.date(2023, 3, 1) - dt.date(1970, 1, 1)).days  # nothing of the replay happens after it


def _moment(date: dt.date) -> int:
    return day_start((date - dt.date(1970, 1, 1)).days)


_STARTS = [_moment(month.first) for month in MONTHS] + [_moment(END)]


@lru_cache(maxsize=4)
def plan_paper(seed: int) -> Plan:
    """All 492 cases of the replay, in order of reporting. Do not change it."""
    rng = np.random.default_rng([seed, 2022])
    parts = [part for index in range(len(MONTHS)) for part in (_problems(rng, index), _hazards(rng, index))]
    plan = joined(parts)
    _rate(rng, plan)
    _one_offline(rng, plan)
    plan = chosen(plan, np.argsort(plan["reported"], kind="stable"))
    return _written(rng, plan)


def _problems(rng: np.random.Generator, index: int) -> Plan:
    """Reported and answered so that the answers' sum is exact, closed in the month except for the carried ones."""
    month, start, end = MONTHS[index], _STARTS[index], _STARTS[index + 1]
    carried = np.arange(month.problems) < month.carried
    last = end - 30 * HOUR if month.launched else end - 3 * DAY
    reported = np.where(
        carried, _times(rng, end - 2 * DAY, end, month.problems), _times(rng, start, last, month.problems)
    )
    room = np.where(carried, 9 * DAY, 0.8 * (end - 4 * HOUR - reported))
    answered = reported + _shared_out(rng, month.response_seconds, room)
    earliest = np.where(carried, np.maximum(answered + HOUR, end + HOUR), answered + 600)
    latest = np.where(carried, earliest + 2 * DAY, np.minimum(end - HOUR, answered + 3 * DAY))
    closed = np.floor(earliest + (latest - earliest) * rng.uniform(0.05, 0.9, month.problems))
    return _plan(rng, "problem", month, reported, answered, closed)


def _hazards(rng: np.random.Generator, index: int) -> Plan:
    month, start, end = MONTHS[index], _STARTS[index], _STARTS[index + 1]
    reported = _times(rng, start, end, month.hazards)
    closed = reported + np.floor(rng.uniform(0.3, 6.0 if not month.launched else 3.0, month.hazards) * DAY)
    return _plan(rng, "hazard", month, reported, np.full(month.hazards, np.nan), closed)


def _times(rng: np.random.Generator, start: float, end: float, count: int) -> Floats:
    """Whole seconds in [start, end) on local days from midnight to midnight, at the hours of the day."""
    days = rng.integers(0, int((end - start) // DAY), count)
    hours = rng.choice(24, count, p=hour_weights("day"))
    found: Floats = start + days * DAY + hours * HOUR + rng.integers(0, HOUR, count).astype(float)
    return found


def _shared_out(rng: np.random.Generator, total: int, room: Floats) -> Floats:
    """Whole seconds, skewed as real answers are, at least 5 minutes, at most `room`, with exactly this sum."""
    raw = np.exp(rng.normal(0, 0.85, len(room)))
    least, low, high = 300.0, 0.0, float(room.max() / raw.min())
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if np.clip(raw * middle, least, room).sum() < total else (low, middle)
    seconds = np.floor(np.clip(raw * low, least, room))
    spare = np.flatnonzero(room - seconds > 2)
    seconds[spare] += (total - seconds.sum()) // len(spare)
    seconds[spare[: int(total - seconds.sum())]] += 1
    return seconds


def _plan(
    rng: np.random.Generator, kind: str, month: Month, reported: Floats, answered: Floats, closed: Floats
) -> Plan:
    n = len(reported)
    sorts = np.array(
        [i for i, category in enumerate(CATEGORIES) if category.kind == kind and category.season == "even"]
    )
    weights = np.array([CATEGORIES[i].weight for i in sorts])
    channels = (("居民扫码", "网格员", "12345热线"), (0.45, 0.35, 0.20) if month.launched else (0.0, 0.55, 0.45))
    nowhere = np.full(n, np.nan)
    plan: Plan = dict.fromkeys(MOMENTS, nowhere)
    plan |= {
        "sort": rng.choice(sorts, n, p=weights / weights.sum()),
        "channel": rng.choice(np.array(channels[0], dtype=object), n, p=channels[1]),
        "reported": reported,
        "registered": reported + 60.0,
        "dispatched": reported + 120.0,
        "accepted": answered,
        "handling": np.fmax(answered, reported + 180.0),
        "verifying": closed - 120.0,
        "ended": closed,
        "end": np.full(n, "closed", dtype=object),
        "due": reported + LIMIT if month.launched else nowhere,
        "level": np.full(n, None, dtype=object),
        "first_level": np.full(n, None, dtype=object),
        "online": np.full(n, True if month.launched and kind == "problem" else None, dtype=object),
        "kind": np.full(n, kind, dtype=object),
    }
    return plan


def _rate(rng: np.random.Generator, plan: Plan) -> None:
    problem = plan["kind"] == "problem"
    for month, start, end in zip(MONTHS, _STARTS, _STARTS[1:], strict=False):
        closed = np.flatnonzero(problem & (plan["ended"] >= start) & (plan["ended"] < end))
        picked = rng.permutation(closed)[: month.rated]
        counts = (month.satisfied, month.basically, month.rated - month.satisfied - month.basically)
        levels = np.repeat(np.array(LEVELS, dtype=object), counts)
        plan["level"][picked] = plan["first_level"][picked] = levels[: len(picked)]
        plan["rated"][picked] = np.floor(plan["ended"][picked] + rng.uniform(0.01, 2.5, len(picked)) * DAY)


def _one_offline(rng: np.random.Generator, plan: Plan) -> None:
    online = np.flatnonzero([state is True for state in plan["online"]])
    plan["online"][rng.choice(online)] = False


def _written(rng: np.random.Generator, plan: Plan) -> Plan:
    """Places inside the community, one in fifty with the community only; numbered day by day."""
    town, n = places(), len(plan["reported"])
    own = np.flatnonzero(town.communities == 0)
    grid: Ints = rng.choice(own, n)
    point, nowhere = town.points(grid, rng), rng.random(n) < 0.02
    plan["grid"] = grid
    plan["lon"] = np.where(nowhere, np.nan, point[:, 0])
    plan["lat"] = np.where(nowhere, np.nan, point[:, 1])
    plan["area_code"] = either(nowhere, COMMUNITY, None)
    days = np.array([local_day(int(moment)) for moment in plan["reported"]])
    return joined([write(chosen(plan, days == day), rng, int(day)) for day in np.unique(days)])

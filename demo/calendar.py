"""The town's rhythm: seasons, weekdays and hours, all in Asia/Shanghai (UTC+8, no daylight saving)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from demo.arrays import Floats

DAY, HOUR, UTC_OFFSET = 86400, 3600, 8 * 3600

BASE_PER_DAY = 120.0
_WEEK = (1.05, 1.02, 1.01, 1.00, 1.02, 0.96, 0.94)  # Monday … Sunday
_YEAR = (0.98, 0.97, 1.00, 1.00, 1.01, 1.03, 1.03, 1.03, 1.01, 1.00, 0.99, 0.99)  # January … December

SEASONS: Mapping[str, tuple[float, ...]] = {
    "even": (1.0,) * 12,
    "summer": (0.1, 0.1, 0.3, 0.7, 1.4, 2.2, 2.6, 2.4, 1.6, 0.6, 0.2, 0.1),
    "rain": (0.4, 0.5, 0.8, 1.1, 1.5, 2.1, 2.2, 1.3, 0.8, 0.6, 0.4, 0.3),
    "autumn": (0.5, 0.2, 0.2, 0.4, 0.2, 0.1, 0.1, 0.2, 0.8, 2.6, 3.6, 2.4),
    "winter": (2.6, 2.1, 1.1, 0.5, 0.3, 0.2, 0.2, 0.2, 0.3, 0.7, 1.5, 2.4),
    "dark": (1.4, 1.2, 1.0, 0.8, 0.7, 0.7, 0.7, 0.8, 0.9, 1.1, 1.3, 1.4),
}
HOURS: Mapping[str, tuple[float, ...]] = {
    "day": (1, 1, 1, 1, 1, 3, 12, 34, 58, 56, 44, 34, 25, 26, 36, 40, 44, 54, 50, 32, 18, 9, 5, 2),
    "evening": (4, 2, 1, 1, 1, 2, 6, 12, 16, 16, 14, 16, 20, 14, 14, 16, 22, 34, 48, 58, 56, 42, 22, 9),
    "even": (6, 5, 5, 5, 5, 7, 12, 18, 22, 22, 21, 20, 19, 19, 20, 20, 21, 22, 22, 20, 17, 14, 10, 8),
}


def local_day(moment: int) -> int:
    """Days since 1970-01-01 of the local date at an epoch second."""
    return (moment + UTC_OFFSET) // DAY


def day_start(day: int) -> int:
    """Epoch second of 00:00 local time."""
    return day * DAY - UTC_OFFSET


def date_of(day: int) -> dt.date:
    """The local date."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def cases_on(seed: int, day: int) -> int:
    """How many cases are reported street-wide on a day: about 110 to 130."""
    date = date_of(day)
    swing = np.random.default_rng([seed, day, 1]).normal(1, 0.03)
    return round(BASE_PER_DAY * _WEEK[date.weekday()] * _YEAR[date.month - 1] * float(np.clip(swing, 0.93, 1.07)))


def hour_weights(profile: str) -> Floats:
    """Share of the day's reports in each of the 24 hours."""
    weights: Floats = np.array(HOURS[profile], dtype=float)
    weights /= weights.sum()
    return weights


def into_daytime(moments: Floats, rng: np.random.Generator) -> Floats:
    """Moments between 20:30 and 07:30 move to the next working morning hours; NaN stays."""
    of_day = (moments + UTC_OFFSET) % DAY
    morning = moments - of_day + 7.5 * HOUR + rng.uniform(0, 2 * HOUR, len(moments))
    return np.where(of_day < 7.5 * HOUR, morning, np.where(of_day > 20.5 * HOUR, morning + DAY, moments))

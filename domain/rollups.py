"""Which times of a series have to be rolled up again."""

import numpy as np
import numpy.typing as npt

HOUR = 3_600


def dirty(series: npt.NDArray[np.int64], at: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(series, since, until) of readings that changed, epoch seconds: whole hours, those that touch as one."""
    if not len(series):
        return []
    hour = at // HOUR
    base, wide = hour.min(), int(hour.max() - hour.min()) + 2  # one more than there are, so that series never touch
    found = np.unique(series * wide + (hour - base))
    first = np.flatnonzero(np.concatenate(([True], found[1:] != found[:-1] + 1)))
    last = np.concatenate((first[1:] - 1, [len(found) - 1]))
    since, until = found[first] % wide + base, found[last] % wide + base + 1
    columns = (found[first] // wide, since * HOUR, until * HOUR)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def rolled_up(
    bucket: npt.NDArray[np.int64], at: npt.NDArray[np.int64], value: npt.NDArray[np.float64]
) -> list[tuple[int, int, float, float, float, float, int]]:
    """(bucket, n, total, least, greatest, last, last_at) of values in order of time, a row a bucket that has some."""
    if not len(bucket):
        return []
    first = np.flatnonzero(np.concatenate(([True], bucket[1:] != bucket[:-1])))
    last = np.concatenate((first[1:], [len(bucket)])) - 1
    columns = (
        bucket[first], last - first + 1, np.add.reduceat(value, first), np.minimum.reduceat(value, first),
        np.maximum.reduceat(value, first), value[last], at[last],
    )  # fmt: skip
    return list(zip(*(column.tolist() for column in columns), strict=True))

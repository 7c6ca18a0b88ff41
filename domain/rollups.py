"""Which times of a series have to be rolled up again."""

import numpy as np
import numpy.typing as npt

HOUR = 3_600


def dirty(series: npt.NDArray[np.int64], at: npt.NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(series, since, until) of readings that changed, epoch seconds: whole hours, those that touch as one."""
    if not len(series):
        return []
    found = np.unique(np.column_stack((series, at // HOUR)), axis=0)
    apart = (found[1:, 0] != found[:-1, 0]) | (found[1:, 1] != found[:-1, 1] + 1)
    first = np.flatnonzero(np.concatenate(([True], apart)))
    last = np.concatenate((first[1:] - 1, [len(found) - 1]))
    columns = (found[first, 0], found[first, 1] * HOUR, (found[last, 1] + 1) * HOUR)
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

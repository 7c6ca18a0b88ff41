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

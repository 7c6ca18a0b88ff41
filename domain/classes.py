"""Class breaks of a choropleth: few classes, round limits, the same rule on screen and in print."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

CLASSES = 6


def count_breaks(values: npt.ArrayLike) -> tuple[int, ...]:
    """Lower limits of up to six classes of whole numbers, starting at 0; each class wider than the one before.

    The limits follow the spread of the values but stay whole and strictly rising, so that each class says something.
    """
    top = int(np.max(values, initial=0))
    if top < CLASSES:
        return tuple(range(top + 1)) if top else (0,)
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    shares = np.quantile(ordered, [i / CLASSES for i in range(1, CLASSES)], method="linear")
    even = [top * (i / CLASSES) ** 1.5 for i in range(1, CLASSES)]
    limits = [0]
    for left, (share, step) in zip(range(CLASSES - 2, -1, -1), zip(shares, even, strict=True), strict=True):
        limits.append(min(max(round((share + step) / 2), limits[-1] + 1), top - left))
    return tuple(limits)


def rate_breaks(values: Sequence[float], *, digits: int) -> tuple[float, ...]:
    """Lower limits of up to six equal classes over the values, rounded outwards to `digits` decimals."""
    known = [v for v in values if v is not None and math.isfinite(v)]
    if not known:
        return (0.0,)
    scale = 10**digits
    low, high = math.floor(min(known) * scale) / scale, math.ceil(max(known) * scale) / scale
    if high <= low:
        return (low,)
    limits = {round(low + (high - low) * i / CLASSES, digits) for i in range(CLASSES)}
    return tuple(sorted(limits))

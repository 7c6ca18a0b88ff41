"""Fingerprints of counts: two sums a (measure, day), so that stores of any size are compared in little memory.

A sum of n and a sum of n × hash(cell), both modulo 2 ** 64. They add up like the counts themselves, whatever the order
and however the parts were cut; equal ones are equal counts but for one chance in 2 ** 64.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from domain.contributions import Deltas

Prints = dict[tuple[int, int], tuple[int, int]]

_MASK = 2**64 - 1


def printed(parts: Iterable[Deltas]) -> Prints:
    """(measure, day) → fingerprint of everything in these parts; those that come to nothing left out."""
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for part in parts:
        for key, (total, hashed) in _of(part):
            before = sums.get(key, (0, 0))
            sums[key] = (before[0] + total) & _MASK, (before[1] + hashed) & _MASK
    return {key: value for key, value in sums.items() if value != (0, 0)}


def _of(part: Deltas) -> Iterable[tuple[tuple[int, int], tuple[int, int]]]:
    if not len(part):
        return ()
    order = np.lexsort((part.day, part.measure))
    measure, day = part.measure[order], part.day[order]
    n = part.n[order].astype(np.uint64)
    starts = np.flatnonzero(np.append(True, (measure[1:] != measure[:-1]) | (day[1:] != day[:-1])))
    totals = np.add.reduceat(n, starts)
    hashes = np.add.reduceat(n * _hashed(part.cell[order]), starts)
    keys = zip(measure[starts].tolist(), day[starts].tolist(), strict=True)
    return zip(keys, zip(totals.tolist(), hashes.tolist(), strict=True), strict=True)


def _hashed(cells: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """splitmix64 (Steele, Lea, Flood 2014): every bit of a cell reaches every bit of its hash."""
    z = cells.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))

"""The bytes of one count batch: small, because batches are kept for ever (about 10 bytes a case).

Layout: one byte of version, then zlib over seven arrays, each as (dtype code, length) and its values in the smallest
dtype that holds them: distinct cells (differences) · entries a measure · days of each (measure, day) · entries of
each · cell numbers (differences within a day) · response seconds · all other n.
"""

import struct
import zlib

import numpy as np
import numpy.typing as npt

from domain.contributions import MEASURE_INDEX, MEASURES, Deltas

VERSION = 1
_DTYPES = tuple(np.dtype(code) for code in ("<u1", "<i1", "<u2", "<i2", "<u4", "<i4", "<i8"))
_HEAD = struct.Struct("<BI")
_ARRAYS = 7
_SECONDS = MEASURE_INDEX["response_seconds"]

Ints = npt.NDArray[np.int64]


def pack(deltas: Deltas) -> bytes:
    """The bytes of summed deltas (Deltas.summed: in order of measure, day, cell)."""
    cells, number = np.unique(deltas.cell, return_inverse=True)
    number = number.astype(np.int64)
    starts = _group_starts(deltas)
    steps = np.diff(number, prepend=0)
    steps[starts] = number[starts]
    seconds = deltas.measure == _SECONDS
    arrays = (
        np.diff(cells, prepend=0),
        np.bincount(deltas.measure, minlength=len(MEASURES)),
        deltas.day[starts],
        np.diff(starts, append=len(deltas)),
        steps,
        deltas.n[seconds],
        deltas.n[~seconds],
    )
    body = b"".join(part for array in arrays for part in _written(array))
    return bytes([VERSION]) + zlib.compress(body, 1)


def unpack(payload: bytes) -> Deltas:
    """The summed deltas that were packed. Raises ValueError when these are not such bytes."""
    if not payload or payload[0] != VERSION:
        message = f"a count batch of version {payload[0] if payload else 'none'} cannot be read by this program"
        raise ValueError(message)
    try:
        cell_steps, sizes, days, lengths, steps, seconds, others = _read(zlib.decompress(payload[1:]))
    except (zlib.error, struct.error, IndexError) as error:
        message = f"a count batch is damaged: {error}"
        raise ValueError(message) from error
    measure = np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes)
    n = np.empty(len(steps), dtype=np.int64)
    is_seconds = measure == _SECONDS
    n[is_seconds], n[~is_seconds] = seconds, others
    cells = np.cumsum(cell_steps)
    return Deltas(measure, np.repeat(days.astype(np.int32), lengths), cells[_restarted(steps, lengths)], n)


def _group_starts(deltas: Deltas) -> Ints:
    change = np.ones(len(deltas), dtype=bool)
    change[1:] = (deltas.measure[1:] != deltas.measure[:-1]) | (deltas.day[1:] != deltas.day[:-1])
    return np.flatnonzero(change)


def _restarted(steps: Ints, lengths: Ints) -> Ints:
    """Running sums that begin anew in each group."""
    if not len(steps):
        return steps
    running = np.cumsum(steps)
    starts = np.cumsum(lengths) - lengths
    return running - np.repeat(running[starts] - steps[starts], lengths)


def _written(array: npt.NDArray[np.signedinteger]) -> tuple[bytes, bytes]:
    low, high = (int(array.min()), int(array.max())) if len(array) else (0, 0)
    code = next(i for i, d in enumerate(_DTYPES) if np.iinfo(d).min <= low and high <= np.iinfo(d).max)
    return _HEAD.pack(code, len(array)), array.astype(_DTYPES[code]).tobytes()


def _read(body: bytes) -> list[Ints]:
    arrays, at = [], 0
    for _ in range(_ARRAYS):
        code, length = _HEAD.unpack_from(body, at)
        at += _HEAD.size
        arrays.append(np.frombuffer(body, _DTYPES[code], length, at).astype(np.int64))
        at += length * _DTYPES[code].itemsize
    return arrays

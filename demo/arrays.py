"""Names for the arrays that the town is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]  # texts, None, or geometries
Plan = dict[str, NDArray[Any]]  # see demo.lives


def either(mask: Flags, yes: object, no: object) -> Objects:
    """`yes` where the mask holds, `no` elsewhere; arrays or single values, None included."""
    found: Objects = np.full(len(mask), no, dtype=object) if not isinstance(no, np.ndarray) else no.astype(object)
    found[mask] = yes[mask] if isinstance(yes, np.ndarray) else yes
    return found

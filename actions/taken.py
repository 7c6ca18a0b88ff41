"""What taking a batch came to."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Rejected:
    """Rows the store cannot take: positions in the frame, a reason code, and one sentence for a position."""

    positions: npt.NDArray[np.int64]
    reason: str
    detail: Callable[[int], str]


@dataclass(frozen=True)
class Taken:
    """kept + unchanged + the rejected rows = the rows of the frame."""

    kept: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()


def newest(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row an external id: newest by the time column `by`, of equals the later; in the frame's order."""
    if rows["external_id"].is_unique:
        return rows
    ordered = rows.sort_values(by, kind="stable", na_position="first")
    return ordered.drop_duplicates("external_id", keep="last").sort_index()

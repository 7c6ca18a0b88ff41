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


def unknown_areas(frame: pd.DataFrame, known: npt.NDArray[np.bool_]) -> tuple[Rejected, ...]:
    """The rows of a frame that Site.place does not know a place for, as rejected."""
    positions, codes = np.flatnonzero(~known), frame["area_code"].to_numpy(object)
    if not len(positions):
        return ()
    return (
        Rejected(
            positions,
            "unknown_area",
            lambda i: (
                f"area code '{codes[i]}' is in no boundary file and the row has no point; add the area or a point"
            ),
        ),
    )

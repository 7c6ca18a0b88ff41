"""Objects as the frame of a page."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import orjson
import pandas as pd

from datasources.contract import FEATURE_ID, GEOMETRY, Unreadable

SHOWN = 2_000
NO_OBJECT = "the item is no object with named values; mend it"


def columns_of(items: Iterable[Any], always: Sequence[str] = ()) -> list[str]:
    """The names in all items, in the order of their first coming; `always`: those that an answer may leave out."""
    found = (str(key) for item in items if isinstance(item, dict) for key in item)
    return list(dict.fromkeys((*found, *always)))


def frame_of(
    items: Sequence[Any], numbers: Sequence[int], columns: Sequence[str]
) -> tuple[pd.DataFrame, np.ndarray, tuple[Unreadable, ...]]:
    """The frame of the objects, their row numbers, and what is no object."""
    good = [at for at, item in enumerate(items) if isinstance(item, dict)]
    unreadable = tuple(
        Unreadable(
            numbers[at], item[:SHOWN] if isinstance(item, str) else orjson.dumps(item).decode()[:SHOWN], NO_OBJECT
        )
        for at, item in enumerate(items)
        if not isinstance(item, dict)
    )
    cells = {name: pd.Series([items[at].get(name) for at in good], dtype=object) for name in columns}
    return (
        pd.DataFrame(cells, columns=list(columns)),
        np.array([numbers[at] for at in good], dtype=np.int64),
        unreadable,
    )


def feature(item: Any) -> Any:
    """A GeoJSON feature as a row: its properties, its own id and its geometry."""
    if not isinstance(item, dict) or item.get("type") != "Feature":
        return item
    return {**(item.get("properties") or {}), FEATURE_ID: item.get("id"), GEOMETRY: item.get("geometry")}

"""Objects as the frame of a page."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from datasources.contract import FEATURE_ID, GEOMETRY, Unreadable
from datasources.jsontext import dumps

SHOWN = 2_000
NO_OBJECT = "the item is no object with named values; mend it"


def columns_of(items: Iterable[Any], always: Sequence[str] = ()) -> list[str]:
    """The names in all items, in the order of their first coming; `always`: those that an answer may leave out."""
    shapes = dict.fromkeys(tuple(item) for item in items if isinstance(item, dict))
    return list(dict.fromkeys((*(str(key) for shape in shapes for key in shape), *always)))


def frame_of(
    items: Sequence[Any], numbers: Sequence[int], columns: Sequence[str]
) -> tuple[pd.DataFrame, np.ndarray, tuple[Unreadable, ...]]:
    """The frame of the objects, their row numbers, and what is no object."""
    unreadable = tuple(
        Unreadable(number, item[:SHOWN] if isinstance(item, str) else dumps(item).decode()[:SHOWN], NO_OBJECT)
        for number, item in zip(numbers, items, strict=True)
        if not isinstance(item, dict)
    )
    good = range(len(items)) if not unreadable else [at for at, item in enumerate(items) if isinstance(item, dict)]
    objects = [items[at] for at in good] if unreadable else items
    cells = {name: pd.Series(_column(objects, name), dtype=object) for name in columns}
    frame = pd.DataFrame(cells, columns=list(columns))
    return frame, np.array([numbers[at] for at in good], dtype=np.int64), unreadable


def _column(objects: Sequence[dict[str, Any]], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), objects))
    except KeyError:
        return [each.get(name) for each in objects]


def feature(item: Any) -> Any:
    """A GeoJSON feature as a row: its properties, its own id and its geometry."""
    if not isinstance(item, dict) or item.get("type") != "Feature":
        return item
    return {**(item.get("properties") or {}), FEATURE_ID: item.get("id"), GEOMETRY: item.get("geometry")}

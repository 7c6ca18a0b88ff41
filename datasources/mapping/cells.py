"""Raw cells as text: one way to read every source, whatever its native types."""

import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from config_errors import advise, hint
from datasources.errors import BadDataError

EXACT_INTEGERS = 2**53
HALF = re.compile("[\ud800-\udfff]")
TEXT_OR_NOTHING = ("string", "empty")
"""What pandas calls a column in which every cell is text or missing."""


def find(frame: pd.DataFrame, name: str) -> pd.Series | None:
    """The column called `name`; else the value at that dotted path below a column of nested JSON; None if neither."""
    if name in frame.columns:
        return frame[name]
    root, *path = name.split(".")
    while path and root not in frame.columns:
        root = f"{root}.{path.pop(0)}"
    if root not in frame.columns:
        return None
    return pd.Series([_follow(cell, path) for cell in frame[root]], index=frame.index, dtype=object)


def require(frame: pd.DataFrame, name: str, origin: str, key: str) -> pd.Series:
    """The cells of `name`. Raises BadDataError that names the nearest column and the setting to correct."""
    found = find(frame, name)
    if found is None:
        columns = [str(each) for each in frame.columns]
        raise BadDataError(advise(f"{origin}: no column '{name}'{_advice(name, columns)}", f"Correct {key}."))
    return found


def _advice(name: str, columns: list[str]) -> str:
    if len(columns) == 1 and (other := next((sign for sign in (";", "\t", "|", ",") if sign in columns[0]), None)):
        return f" (there is one column only, with {other!r} in its name: set options.separator = {other!r}?)"
    return hint(name, columns)


def _follow(cell: Any, path: Iterable[str]) -> Any:
    for part in path:
        if isinstance(cell, dict):
            cell = cell.get(part)
        elif isinstance(cell, list) and part.isdecimal() and int(part) < len(cell):
            cell = cell[int(part)]
        else:
            return None
    return cell


def text(cells: pd.Series) -> pd.Series:
    """Cells as pandas `str`, NaN where there is none. Whole floats lose ".0", times are ISO, nested values JSON."""
    if isinstance(cells.dtype, pd.StringDtype):
        return cells
    if pd.api.types.is_integer_dtype(cells.dtype):
        return cells.astype("str")
    try:
        if pd.api.types.infer_dtype(cells, skipna=True) in TEXT_OR_NOTHING:
            return cells.astype("str")
        return pd.Series([one_text(cell) for cell in cells], index=cells.index, dtype="str")
    except UnicodeEncodeError:
        return pd.Series([_whole(one_text(cell)) for cell in cells], index=cells.index, dtype="str")


def _whole(text: str | None) -> str | None:
    """Half a character (a lone surrogate) as NUL: no text may hold either, and its row is rejected by itself."""
    return None if text is None else HALF.sub("\0", text)


def one_text(cell: Any) -> str | None:
    """One native value as text, None where it holds nothing."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, float | np.floating):
        return _of_float(cell)
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return None
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _of_float(number: Any) -> str | None:
    if number != number:
        return None
    return str(int(number)) if abs(number) < EXACT_INTEGERS and number == int(number) else str(number)


def is_native_time(cells: pd.Series) -> np.ndarray:
    """True where a cell is a date or time rather than text (Excel, Parquet)."""
    if isinstance(cells.dtype, pd.StringDtype):
        return np.zeros(len(cells), dtype=bool)
    if cells.dtype == object:
        return np.fromiter((isinstance(cell, dt.date) for cell in cells), dtype=bool, count=len(cells))
    return np.full(len(cells), cells.dtype.kind == "M")


def missing_texts(values: Iterable[Any]) -> set[str]:
    """The stripped texts that mean "nothing here"; a blank cell always does."""
    found = {""}
    for value in values:
        found.add(str(one_text(value)).strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.add(str(float(value)))
    return found


def blank_missing(texts: pd.Series, missing: set[str]) -> pd.Series:
    """Texts with NaN wherever the cell means "nothing here"."""
    return texts.mask(texts.str.strip().isin(missing))


def as_objects(texts: pd.Series) -> np.ndarray:
    """Texts as a numpy object array, None where there is none."""
    cells = texts.to_numpy(dtype=object, copy=True)
    cells[texts.isna().to_numpy()] = None
    return cells

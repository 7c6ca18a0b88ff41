"""Which texts a store can keep, so that none of them breaks a batch: both databases are held to the same."""

from typing import Any

import pandas as pd

KEY_CHARACTERS = 512
"""Longest text under an index: PostgreSQL takes 2,704 bytes there, four at most a character."""

KEYS = ("external_id", "case", "category", "sensor", "measure")
NUL = "\0"


def unfit(frame: pd.DataFrame) -> dict[int, str]:
    """Position → one sentence, for each row of a frame that holds a text which no store can keep."""
    found: dict[int, str] = {}
    for name in frame.select_dtypes(object).columns:
        cells = frame[name].tolist()
        if _whole(cells, name):
            continue
        for at, text in enumerate(cells):
            if isinstance(text, str) and (why := _why_not(text, name)) is not None:
                found.setdefault(at, f"{name}: {why}")
    return found


def kept(text: str) -> str:
    """A text as it can be kept: NUL and halves of characters as their escapes."""
    if NUL in text or not _is_unicode(text):
        return text.replace(NUL, "\\u0000").encode("utf-8", "backslashreplace").decode()
    return text


def kept_key(text: str | None) -> str | None:
    """The same for a text under an index, no longer than that may be."""
    return None if text is None else kept(text)[:KEY_CHARACTERS]


def _whole(cells: list[Any], name: str) -> bool:
    """Whether nothing speaks against a column: looked at as one text, which is much quicker than each."""
    texts = list(filter(None, cells))
    try:
        joined = "".join(texts)
    except TypeError:  # flags and shapes stand among them
        texts = [cell for cell in texts if isinstance(cell, str)]
        joined = "".join(texts)
    short = name not in KEYS or max(map(len, texts), default=0) <= KEY_CHARACTERS
    return short and NUL not in joined and _is_unicode(joined)


def _why_not(text: str, name: str) -> str | None:
    if NUL in text:
        return "the text holds a NUL character, which no database keeps; remove it"
    if not _is_unicode(text):
        return "the text holds half a character (a lone surrogate); write the row again in its right encoding"
    if name in KEYS and len(text) > KEY_CHARACTERS:
        return f"the text has {len(text):,} characters, more than the {KEY_CHARACTERS} of a key; map a shorter column"
    return None


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

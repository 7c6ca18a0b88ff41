"""JSON as others write it: a title that was cut within an emoji holds half a character, and must not cost all other rows."""

import json
import re
from typing import Any

import orjson

ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""An escape of a JSON text: a whole pair of surrogates, half of one, or any other."""


def loads(body: bytes) -> Any:
    """The value of a JSON text. Half a character is read as NUL, which no text may hold either: its row is rejected by itself.

    Raises orjson.JSONDecodeError (a ValueError).
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        mended = ESCAPES.sub(lambda found: rb"\u0000" if found["half"] else found[0], body)
        if mended == body:
            raise
        return orjson.loads(mended)


def dumps(value: Any) -> bytes:
    """A value as JSON; half a character stays the escape that it came as."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return json.dumps(value).encode()

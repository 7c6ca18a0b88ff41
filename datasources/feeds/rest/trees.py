"""The items of an answer: whole where it is small, one after the other from a file where it is large."""

import csv
import io
import json
from collections.abc import Iterator
from typing import IO, Any

import jsonpath

from config_errors import hint
from datasources.errors import BadDataError

BLOCK_CHARACTERS = 1 << 20
BLANK = " \t\r\n"
LONGEST_TAIL = 4
"""Signs after a number that may yet belong to it, as "e+" in 1e+5."""


def at(whole: Any, path: str | None) -> Any:
    """What lies at a path: JSONPath ("$…", its first match) or dotted names and numbers; None where nothing does."""
    if path is None:
        return None
    if path.startswith("$"):
        found = jsonpath.findall(path, whole)
        return found[0] if found else None
    here = whole
    for part in path.split("."):
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here


def items_of(whole: Any, path: str | None, place: str) -> list[Any]:
    """The list of items. Raises BadDataError that names the lists there are."""
    if path and path.startswith("$"):
        found = jsonpath.findall(path, whole)
        return found[0] if len(found) == 1 and isinstance(found[0], list) else found
    is_collection = isinstance(whole, dict) and whole.get("type") == "FeatureCollection" and not path
    listed = at(whole, "features" if is_collection else path) if path or is_collection else whole
    if isinstance(listed, list):
        return listed
    lists = [name for name, value in whole.items() if isinstance(value, list)] if isinstance(whole, dict) else []
    said = f"what is at '{path}'" if path else "the answer"
    raise BadDataError(f"{place}: {said} is no list; set options.items{hint(path or '', lists) if lists else ''}")


def table(text: str) -> list[Any]:
    """CSV rows as objects; a row with another number of cells than the first line stays text."""
    rows = csv.reader(io.StringIO(text, newline=""))
    names = next(rows, [])
    return [dict(zip(names, row, strict=True)) if len(row) == len(names) else ",".join(row) for row in rows if row]


class Streamed:
    """The items of a JSON list that is too large for memory; rest: what stands around it, once they are read.

    path: names from the top to the list; () = the whole document. Only one item and one block are held at a time.
    """

    def __init__(self, body: IO[bytes], path: tuple[str, ...], place: str) -> None:
        self._text = io.TextIOWrapper(body, encoding="utf-8-sig")
        self._path, self._place = path, place
        self._buffer, self._at = "", 0
        self._decode = json.JSONDecoder().raw_decode
        self.rest: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._list(self._path, self.rest)
        except UnicodeDecodeError as error:
            raise BadDataError(f"{self._place} answers with something that is not UTF-8; correct the server") from error
        finally:
            self._text.detach()

    def _list(self, path: tuple[str, ...], rest: dict[str, Any]) -> Iterator[Any]:
        if not path:
            self._expect("[", "is no list; set options.items")
            while not self._skip("]"):
                yield self._value()
                self._skip(",")
            return
        self._expect("{", "is no object; correct options.items")
        found = False
        while not self._skip("}"):
            name = self._value()
            self._expect(":", "is no JSON")
            if name == path[0] and not found:
                found = True
                inner: dict[str, Any] = rest.setdefault(name, {}) if path[1:] else {}
                yield from self._list(path[1:], inner)
            else:
                rest[str(name)] = self._value()
            self._skip(",")
        if not found:
            raise BadDataError(f"{self._place}: nothing at '{path[0]}'{hint(path[0], rest)}; correct options.items")

    def _sign(self) -> str:
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in BLANK:
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                raise BadDataError(f"{self._place} answers with JSON that ends too early; is it cut?")

    def _skip(self, sign: str) -> bool:
        there = self._sign() == sign
        self._at += there
        return there

    def _expect(self, sign: str, otherwise: str) -> None:
        if not self._skip(sign):
            raise BadDataError(f"{self._place}: the answer {otherwise}")

    def _value(self) -> Any:
        self._sign()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise BadDataError(f"{self._place} answers with something that is not JSON ({error.msg})") from error
            if len(self._buffer) - end < LONGEST_TAIL and isinstance(value, int | float) and self._more():
                continue  # a number may go on in the next block
            self._at = end
            return value

    def _more(self) -> bool:
        """Read on, at least as much as is left over: a long value is not tried again and again."""
        left = len(self._buffer) - self._at
        block = self._text.read(max(BLOCK_CHARACTERS, left))
        if block:
            self._buffer, self._at = self._buffer[self._at :] + block, 0
        return bool(block)

"""CSV text → records, line by line, so that one broken quote cannot swallow the rest of a file.

RFC 4180: a quote opens a cell only at its beginning, a doubled quote inside is one quote, a quoted cell may hold line
breaks, and after its closing quote comes a separator. A record whose quote is not closed within LONGEST_LINES lines and
LONGEST_BYTES, or whose lines do not make as many cells as the first record has, is unreadable as one line.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

LINE, RETURN, QUOTE = b'\n\r"'
LONGEST_LINES = 1_000
LONGEST_BYTES = 1 << 20
CLOSED, OPEN, BROKEN = "closed", "open", "broken"
NOT_YET, NEVER = -1, -2


@dataclass(frozen=True)
class Records:
    """Records within `data`: bounds, and True where the quotes make no sense."""

    data: bytes
    starts: np.ndarray
    ends: np.ndarray
    broken: np.ndarray


@dataclass(frozen=True)
class Lines:
    """The lines of a block: bounds and how many quotes each holds."""

    data: bytes
    starts: np.ndarray
    ends: np.ndarray
    quotes: np.ndarray

    @classmethod
    def of(cls, data: bytes, *, last: bool) -> "Lines":
        """The complete lines of data; at the end of a file the rest is one, too."""
        codes = np.frombuffer(data, dtype=np.uint8)
        ends = np.flatnonzero(codes == LINE)
        if last and len(data) and data[-1] != LINE:
            ends = np.append(ends, len(data))
        starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
        quotes = np.diff(np.searchsorted(np.flatnonzero(codes == QUOTE), ends), prepend=0)
        return cls(data, starts, ends, quotes)

    def text(self, first: int, final: int | None = None) -> bytes:
        """The bytes of lines first to final, without the last line break."""
        return self.data[self.starts[first] : self.ends[first if final is None else final]].removesuffix(b"\r")


class Splitter:
    """Splits the blocks of one file. separator: one ASCII character; width: cells of the first record, once known."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        self.width: int | None = None

    def split(self, blocks: Iterable[bytes]) -> Iterator[Records]:
        """Records of UTF-8 blocks (the last one empty); blank lines are none. Line breaks: LF, CRLF or all CR."""
        rest, old_mac = b"", None
        for block in blocks:
            if old_mac is None:
                old_mac = b"\n" not in block and b"\r" in block[:-1]
            data = rest + (block.replace(b"\r", b"\n") if old_mac else block)
            lines = Lines.of(data, last=not block)
            records, used = self._records(lines, last=not block)
            rest = data[int(lines.ends[used - 1]) + 1 :] if used else data
            yield records

    def _records(self, lines: Lines, *, last: bool) -> tuple[Records, int]:
        """The complete records, and how many lines they use up."""
        self._measure(lines)
        first = final = np.arange(len(lines.ends))
        broken, used = np.zeros(len(first), dtype=bool), len(first)
        if (lines.quotes % 2).any():
            spans, broken, used = self._join(lines, last=last)
            first, final = spans[:, 0], spans[:, 1]
        starts, ends = lines.starts[first], lines.ends[final]
        codes = np.frombuffer(lines.data, dtype=np.uint8)
        returns = (ends > starts) & (codes[np.maximum(ends - 1, 0)] == RETURN) if len(codes) else ends > starts
        filled = ends - returns > starts
        return Records(lines.data, starts[filled], (ends - returns)[filled], broken[first][filled]), used

    def _measure(self, lines: Lines) -> None:
        """Learn the width from the first line that is not blank, if that is a record of its own."""
        if self.width is None:
            filled = next((line for line in range(len(lines.ends)) if lines.text(line)), None)
            if filled is not None and quote_state(lines.text(filled), self.separator) == CLOSED:
                self.width = len(cells(lines.text(filled), self.separator))

    def _join(self, lines: Lines, *, last: bool) -> tuple[np.ndarray, np.ndarray, int]:
        """First and last line of each record, lines with broken quotes, and how many lines are used up."""
        spans: list[np.ndarray] = []
        broken, line = np.zeros(len(lines.ends), dtype=bool), 0
        for odd in np.flatnonzero(lines.quotes % 2).tolist():
            if odd < line:
                continue
            state = quote_state(lines.text(odd), self.separator)
            if state == CLOSED:
                continue
            closing = self._closing(lines, odd) if state == OPEN else NEVER
            if closing == NOT_YET and not last:
                return np.concatenate([*spans, _each(line, odd)]), broken, odd
            if self.width is None:
                self.width = len(cells(lines.text(odd, max(odd, closing)), self.separator))
            broken[odd] = closing < 0
            spans += [_each(line, odd), np.array([[odd, max(odd, closing)]])]
            line = max(odd, closing) + 1
        return np.concatenate([*spans, _each(line, len(broken))]), broken, len(broken)

    def _closing(self, lines: Lines, opening: int) -> int:
        """The line on which the quote that line `opening` leaves open is closed, NOT_YET or NEVER."""
        for line in range(opening + 1, len(lines.ends)):
            if line - opening >= LONGEST_LINES or lines.ends[line] - lines.starts[opening] > LONGEST_BYTES:
                return NEVER
            state = quote_state(lines.text(line), self.separator, opened=True) if lines.quotes[line] else OPEN
            if state == BROKEN:
                return NEVER
            if state == CLOSED:
                return line if self._fits(lines.text(opening, line)) else NEVER
        return NOT_YET if len(lines.data) - lines.starts[opening] <= LONGEST_BYTES else NEVER

    def _fits(self, record: bytes) -> bool:
        return self.width is None or len(cells(record, self.separator)) == self.width


def _each(first: int, end: int) -> np.ndarray:
    """Lines that are a record each."""
    return np.repeat(np.arange(first, end)[:, None], 2, axis=1)


def quote_state(line: bytes, separator: str, *, opened: bool = False) -> str:
    """How a line leaves the quotes: CLOSED, OPEN, or BROKEN (something follows a closing quote)."""
    sign, at, fresh = ord(separator), 0, True
    while at < len(line):
        code = line[at]
        if not opened:
            opened, fresh = code == QUOTE and fresh, code == sign
        elif code == QUOTE and line[at + 1 : at + 2] == b'"':
            at += 1
        elif code == QUOTE:
            opened, fresh = False, False
            if at + 1 < len(line) and line[at + 1] != sign:
                return BROKEN
        at += 1
    return OPEN if opened else CLOSED


def cells(record: bytes, separator: str) -> list[str]:
    """The cells of one record. Raises csv.Error for what is none."""
    return next(csv.reader([record.decode()], delimiter=separator), [])

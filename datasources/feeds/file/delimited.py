"""CSV and TSV: everything is text; rows that cannot be split into cells are handed on with text and reason."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from datasources.contract import Unreadable
from datasources.errors import BadDataError
from datasources.feeds.file.encoding import utf8_blocks
from datasources.feeds.file.options import FileOptions
from datasources.feeds.file.records import OPEN, Records, Splitter, cells, quote_state
from datasources.feeds.file.source import Chunk, OpenFile

NUL = b"\0"
BROKEN_QUOTE = "a quote is opened and not closed, or something follows a closing quote; close it or double it"


@dataclass(frozen=True)
class Table:
    """The columns of a file and the character between its cells."""

    columns: list[str]
    separator: str


def read(file: OpenFile, options: FileOptions, skip: int, separator: str) -> Iterator[Chunk]:
    """Rows after the first `skip` ones in chunks of options.page_rows. Raises BadDataError for a wrong encoding."""
    splitter = Splitter(options.separator or separator)
    batches = _batches(splitter.split(utf8_blocks(file, options.encoding)), options.page_rows, skip)
    header = next(batches, None)
    if header is None:
        raise BadDataError(
            f"{file.source.name}: the file is empty; it needs a first line with the names of its columns"
        )
    table = Table(_header(header, splitter.separator), splitter.separator)
    row = skip
    for batch in batches:
        frame, kept, unreadable = _parse(batch, table, row + 1)
        yield Chunk(frame, row + 1, row + len(batch), file.position, kept, unreadable)
        row += len(batch)
    if row == skip:
        yield Chunk(pd.DataFrame(columns=table.columns, dtype="str"), row + 1, row, file.position)


class Batch(list[tuple[Records, int, int]]):
    """Records from several blocks: (records, first, end)."""

    def __len__(self) -> int:
        return sum(end - first for _, first, end in self)

    def each(self) -> Iterator[tuple[bytes, bool]]:
        """Every record and whether its quotes are broken."""
        for records, first, end in self:
            for at in range(first, end):
                yield records.data[records.starts[at] : records.ends[at]], bool(records.broken[at])

    def whole(self, separator: str) -> bytes | None:
        """All records as CSV text, None where one of them needs a closer look.

        A quote that stays open at the very end would pass unnoticed; anywhere else it costs rows, and is noticed.
        """
        records, _, end = self[-1]
        if quote_state(records.data[records.starts[end - 1] : records.ends[end - 1]], separator) == OPEN:
            return None
        if any(records.broken[first:end].any() for records, first, end in self):
            return None
        text = b"\n".join(records.data[records.starts[first] : records.ends[end - 1]] for records, first, end in self)
        return None if NUL in text else text


def _batches(blocks: Iterator[Records], size: int, skip: int) -> Iterator[Batch]:
    """The first record alone, then, `skip` records later, batches of `size`; the last may be smaller."""
    batch, wanted, passing = Batch(), 1, 0
    for records in blocks:
        at, count = 0, len(records.starts)
        while at < count:
            taken = min(count - at, passing or wanted - len(batch))
            at += taken
            if passing:
                passing -= taken
                continue
            batch.append((records, at - taken, at))
            if len(batch) == wanted:
                yield batch
                passing = skip if wanted == 1 and not passing and skip else 0
                skip, wanted, batch = 0, size, Batch()
    if batch:
        yield batch


def _header(batch: Batch, separator: str) -> list[str]:
    """Names of the columns; a name that comes again gets a number, as pandas does."""
    names = cells(next(batch.each())[0], separator)
    seen: dict[str, int] = {}
    for at, name in enumerate(names):
        seen[name] = seen.get(name, -1) + 1
        names[at] = f"{name}.{seen[name]}" if seen[name] else name
    return names


def _parse(
    batch: Batch, table: Table, first_row: int
) -> tuple[pd.DataFrame, np.ndarray | None, tuple[Unreadable, ...]]:
    """The rows of a batch: the frame, its row numbers where some are left out, and those left out."""
    text = batch.whole(table.separator)
    frame = None if text is None else _parse_quickly(text, table)
    if frame is not None and len(frame) == len(batch):
        return frame, None, ()
    return _parse_carefully(batch, table, first_row)


def _parse_quickly(text: bytes, table: Table) -> pd.DataFrame | None:
    """What Arrow makes of the text, None where a row does not have as many cells as there are columns."""
    try:
        found = arrow_csv.read_csv(
            pa.py_buffer(text),
            read_options=arrow_csv.ReadOptions(
                column_names=[str(at) for at in range(len(table.columns))], use_threads=False, block_size=len(text) + 1
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=table.separator, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(at): pa.string() for at in range(len(table.columns))},
                strings_can_be_null=False,
                null_values=[],
            ),
        )
    except pa.ArrowInvalid:
        return None
    frame: pd.DataFrame = found.rename_columns(table.columns).to_pandas()
    return frame


def _parse_carefully(
    batch: Batch, table: Table, first_row: int
) -> tuple[pd.DataFrame, np.ndarray, tuple[Unreadable, ...]]:
    rows, numbers, unreadable = [], [], []
    for number, (record, broken) in enumerate(batch.each(), first_row):
        row, why = _row(record, table) if not broken else ([], BROKEN_QUOTE)
        if why:
            unreadable.append(Unreadable(number, record.decode(), why))
        else:
            rows.append(row)
            numbers.append(number)
    frame = pd.DataFrame(rows, columns=table.columns, dtype="str")
    return frame, np.array(numbers, dtype=np.int64), tuple(unreadable)


def _row(record: bytes, table: Table) -> tuple[list[str], str]:
    """The cells of a record, and why it cannot be read ("" if it can)."""
    if NUL in record:
        return [], "the row holds a NUL character; remove it"
    if quote_state(record, table.separator) == OPEN:
        return [], BROKEN_QUOTE
    try:
        row = cells(record, table.separator)
    except csv.Error as error:
        return [], f"the row cannot be split into cells ({error}); mend it"
    if len(row) != len(table.columns):
        return (
            [],
            f"the row has {len(row)} cells, not {len(table.columns)}; mend it or quote cells that hold a separator",
        )
    return row, ""

"""Excel workbooks and Parquet files: cells keep their native types."""

import json
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException
from pyarrow import parquet

from config_errors import hint
from datasources.contract import GEOMETRY, Unreadable
from datasources.errors import BadDataError
from datasources.feeds.file.options import FileOptions
from datasources.feeds.file.source import Chunk, OpenFile


def read_excel(file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    """Rows of a sheet, streamed; blank rows are none. The first row names the columns."""
    with file.seekable() as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl on styles and print areas, which we do not read
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException) as error:
            raise BadDataError(
                f"{file.source.name}: no Excel workbook (.xlsx), or damaged; save it again as .xlsx"
            ) from error
        sheet = _sheet(book, options.sheet, file.source.name)
        yield from _sheet_pages(sheet, file, options, skip)


def _sheet(book: Any, name: str | None, file: str) -> Any:
    if name is None:
        return book.worksheets[0]
    if name not in book.sheetnames:
        raise BadDataError(f"{file}: no sheet '{name}'{hint(name, book.sheetnames)}; correct options.sheet")
    return book[name]


def _sheet_pages(sheet: Any, file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    expected = max((sheet.max_row or 1) - 1, 1)
    sheet.reset_dimensions()  # some writers state wrong ones
    rows = (row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row))
    names = next(rows, None)
    if names is None:
        raise BadDataError(
            f"{file.source.name}: the sheet is empty; it needs a first row with the names of its columns"
        )
    columns = ["" if name is None else str(name) for name in _trimmed(names)]
    row = skip
    fresh = islice(rows, skip, None)
    while page := list(islice(fresh, options.page_rows)):
        position = int(file.source.size * min((row + len(page)) / expected, 1))
        yield _sheet_chunk(page, columns, row, position)
        row += len(page)
    if row == skip:
        yield _sheet_chunk([], columns, row, file.source.size)


def _sheet_chunk(page: list[tuple[Any, ...]], columns: list[str], start: int, position: int) -> Chunk:
    rows = [_trimmed(row) for row in page]
    good = [at for at, row in enumerate(rows) if len(row) <= len(columns)]
    why = f"the row has cells beyond its {len(columns)} columns; remove them or name their columns"
    unreadable = tuple(
        Unreadable(start + at + 1, json.dumps(row, ensure_ascii=False, default=str), why)
        for at, row in enumerate(rows)
        if len(row) > len(columns)
    )
    padded = [(*rows[at], *(None,) * (len(columns) - len(rows[at]))) for at in good]
    frame = pd.DataFrame(padded, columns=columns, dtype=object)
    return Chunk(frame, start + 1, start + len(page), position, np.array(good, dtype=np.int64) + start + 1, unreadable)


def _trimmed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


def read_parquet(file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    """Rows of a Parquet file, one row group in memory at a time; GeoParquet geometries as WKB."""
    with file.seekable() as stream:
        try:
            source = parquet.ParquetFile(stream)
            yield from _parquet_pages(source, file, options, skip)
        except pa.ArrowException as error:
            raise BadDataError(f"{file.source.name}: no Parquet file, or damaged; write it again") from error


def _parquet_pages(source: parquet.ParquetFile, file: OpenFile, options: FileOptions, skip: int) -> Iterator[Chunk]:
    geometry = _geometry_column(source)
    total, row = max(source.metadata.num_rows, 1), 0
    for batch in source.iter_batches(batch_size=options.page_rows, use_threads=False):
        first, row = row, row + batch.num_rows
        if row <= skip:
            continue
        fresh = batch.slice(max(skip - first, 0))
        frame = fresh.to_pandas(integer_object_nulls=True).rename(columns={geometry: GEOMETRY})
        yield Chunk(frame, row - len(frame) + 1, row, file.source.size * row // total)
    if row <= skip:
        yield Chunk(source.schema_arrow.empty_table().to_pandas(), row + 1, row, file.source.size)


def _geometry_column(source: parquet.ParquetFile) -> str | None:
    stated = (source.schema_arrow.metadata or {}).get(b"geo")
    return json.loads(stated).get("primary_column") if stated else None

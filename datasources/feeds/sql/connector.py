"""feeds.sql: a table, view or query of another database, in the order of a column that grows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError
from datasources.feeds.sql.opening import open_database, place_of, reading
from datasources.feeds.sql.options import SqlOptions
from datasources.feeds.sql.values import earlier, packed, unpacked


class SqlConnector:
    """Rows after the last one, by (by, key).

    Cursor: {"after": [value of by, value of key], "row": rows so far, "whole": whether the fetch had reached the end}.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: SqlOptions. Raises config.ConfigError."""
        del zone, clock  # times keep the zone that the database gives them; the mapping reads the others
        self.options = read_model(SqlOptions, options, "options")
        self.engine = open_database(self.options.url, folder)
        self.origin = self.options.table or place_of(self.engine.url)

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Pages of page_rows rows; native values. A fetch that follows a whole one begins `overlap` earlier."""
        after, row = self._start(cursor)
        with reading(self.engine, self.options.seconds) as connection:
            self._no_gaps(connection)
        while found := self._rows_after(after):
            after = [found[-1][name] for name in self.options.order]
            whole = len(found) < self.options.page_rows
            told = {"after": [packed(value) for value in after], "row": row + len(found), "whole": whole}
            yield Page(_frame(found), self.origin, row + 1, told)
            row += len(found)

    def _rows_after(self, after: Sequence[Any] | None) -> Sequence[sa.RowMapping]:
        """One page, in a transaction of its own: nobody waits there while we store."""
        with reading(self.engine, self.options.seconds) as connection:
            return connection.execute(self._statement(after)).mappings().all()

    def _start(self, cursor: Cursor | None) -> tuple[Sequence[Any] | None, int]:
        if cursor is None:
            return None, 0
        try:
            after, row = [unpacked(value) for value in cursor["after"]], int(cursor["row"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadDataError(
                f"{self.origin}: the cursor is not of feeds.sql; read it afresh (sync --once)"
            ) from error
        if len(after) != len(self.options.order):
            raise BadDataError(f"{self.origin}: by or key has changed since; read it afresh (sync --once)")
        if cursor.get("whole") and self.options.overlap:
            after = [earlier(after[0], self.options.overlap)]
        return after, row

    @property
    def _rows(self) -> sa.FromClause:
        options = self.options
        columns = [sa.column(name) for name in options.order]
        if options.table is not None:
            schema, _dot, name = options.table.rpartition(".")
            return sa.table(name, *columns, schema=schema or None)
        return sa.text(str(options.query).rstrip().rstrip(";")).columns(*columns).subquery("rows_asked_for")

    def _no_gaps(self, connection: sa.Connection) -> None:
        """Rows without a place in the order would never be read: say so instead."""
        rows = self._rows
        for name in self.options.order:
            empty = connection.execute(
                sa.select(sa.func.count()).select_from(rows).where(rows.c[name].is_(None))
            ).scalar_one()
            if empty:
                raise BadDataError(f"{self.origin}: {empty} rows have no {name}; name a column that every row has")

    def _statement(self, after: Sequence[Any] | None) -> sa.Select[Any]:
        rows = self._rows
        order = [rows.c[name] for name in self.options.order]
        statement = sa.select(sa.text("*")).select_from(rows).order_by(*order).limit(self.options.page_rows)
        return statement if after is None else statement.where(_later(order, after))


def _later(columns: Sequence[sa.ColumnElement[Any]], after: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Rows behind `after` in the order of the columns; said without row values, which not every database knows."""
    first, value = columns[0], after[0]
    if len(after) == 1:
        return first >= value if len(columns) > 1 else first > value
    return sa.or_(first > value, sa.and_(first == value, columns[1] > after[1]))


def _frame(found: Sequence[sa.RowMapping]) -> pd.DataFrame:
    names = list(found[0].keys())
    return pd.DataFrame({name: pd.Series([row[name] for row in found], dtype=object) for name in names})

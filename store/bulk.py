"""Writing many rows at once, each database by its quickest exact way."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
import sqlalchemy as sa

Row = tuple[Any, ...]


def listed(names: Iterable[str]) -> str:
    """Column names for a statement; quoted, because PostgreSQL keeps some of them (placing) for itself."""
    return ", ".join(f'"{name}"' for name in names)


def reserve_ids(connection: sa.Connection, table: sa.Table, count: int) -> list[int]:
    """Fresh ids for `count` rows; on SQLite the caller holds the write lock, so the greatest id is enough."""
    if not count:
        return []
    if connection.dialect.name == "postgresql":
        found: list[int] = connection.exec_driver_sql(
            "SELECT array_agg(nextval(pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s)",
            (table.name, count),
        ).scalar_one()
        return found
    greatest = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table.name}").scalar_one()  # noqa: S608
    return list(range(greatest + 1, greatest + 1 + count))


def insert(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Append rows: COPY on PostgreSQL, one prepared statement on SQLite."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table.name, columns, rows)
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({listed(columns)}) VALUES ({marks})", list(rows))  # noqa: S608


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[str],
    key: Sequence[str],
    rows: Sequence[Row],
    *,
    keep: Sequence[str] = ("id",),
) -> None:
    """Insert rows, or overwrite the columns of those with the same key, except the columns to `keep`."""
    if not rows:
        return
    changed = [name for name in columns if name not in key and name not in keep]
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
    conflict = f"ON CONFLICT ({listed(key)}) DO UPDATE SET {updates}"
    names = listed(columns)
    if connection.dialect.name == "postgresql":
        staged = f"staged_{table.name}"
        connection.exec_driver_sql(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} "
            f"(LIKE {table.name} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS"
        )
        connection.exec_driver_sql(f"TRUNCATE {staged}")
        _copy(connection, staged, columns, rows)
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {staged} {conflict}")  # noqa: S608
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks}) {conflict}", list(rows))  # noqa: S608


def upsert_changed(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[Row]) -> int:
    """Upsert those rows of one source that are not stored as they are; how many they were.

    columns: source_id, external_id, …, content_hash; no two rows have one external id.
    """
    known = with_keys(
        connection,
        f"SELECT external_id, content_hash FROM {table.name} WHERE source_id = :source AND external_id IN (:keys)",  # noqa: S608
        [row[1] for row in rows],
        source=rows[0][0] if rows else None,
    )
    stored = {row.external_id: row.content_hash for row in known}
    changed = [row for row in rows if stored.get(row[1]) != row[-1]]
    upsert(connection, table, columns, ("source_id", "external_id"), changed)
    return len(changed)


def _copy(connection: sa.Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    driver: Any = connection.connection.dbapi_connection
    statement = f"COPY {table} ({listed(columns)}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:  # the driver's own way, so SQLAlchemy does not see it
        raise sa.exc.DBAPIError(statement, None, error) from error


def with_keys(connection: sa.Connection, statement: str, keys: Sequence[Any], **values: Any) -> list[Any]:
    """Rows of a statement that asks for `… IN (:keys)`: the keys travel as one JSON value, however many there are."""
    values["keys"] = orjson.dumps(list(keys)).decode()
    if connection.dialect.name == "postgresql":
        kind = "bigint" if keys and isinstance(keys[0], int) else "text"
        elements = "jsonb_array_elements_text(CAST (:keys AS jsonb)) AS key"
        listed_keys = f"= ANY (ARRAY (SELECT CAST (key AS {kind}) FROM {elements}))"  # noqa: S608
        return list(connection.execute(sa.text(statement.replace("IN (:keys)", listed_keys)), values))
    text = statement.replace("IN (:keys)", "IN (SELECT value FROM json_each(:keys))").replace(" FOR UPDATE", "")
    return list(connection.execute(sa.text(text), values))

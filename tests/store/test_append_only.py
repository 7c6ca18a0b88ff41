"""What happened stays as it was written: neither database changes or removes rows of a record."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from domain.actor import SYSTEM
from store import audit
from store.engine import write
from tests.factories import NOW, Town


@pytest.fixture
def town(tables_url):
    town = Town(tables_url)
    town.take({})
    with write(town.engine) as connection:
        audit.append(connection, SYSTEM, "case.move", "case:1", now=NOW)
    yield town
    town.close()


@pytest.mark.parametrize("table", ["audit", "case_steps", "audit_seals"])
@pytest.mark.parametrize("order", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_rows_of_a_record_are_only_appended(town, table, order):
    with write(town.engine) as connection:
        connection.execute(sa.text("INSERT INTO audit_seals VALUES (1, 1, 1, 1, 'p', 'h', 1, :marks)"), {"marks": b""})
    before = town.rows(f"SELECT * FROM {table}")
    with pytest.raises(DBAPIError, match=f"rows of {table} are only appended"), write(town.engine) as connection:
        connection.execute(sa.text(order.format(table)))
    assert town.rows(f"SELECT * FROM {table}") == before != []


def test_nor_is_a_record_emptied(town):
    if town.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="only appended"), write(town.engine) as connection:
            connection.execute(sa.text("TRUNCATE audit"))
    assert len(town.rows("SELECT id FROM audit")) == 1

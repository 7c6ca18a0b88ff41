"""feeds.sql against real databases: nothing lost or doubled at any edge, nothing written, complaints in plain words."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.feeds.sql.connector import SqlConnector
from datasources.feeds.sql.opening import reading
from datasources.feeds.sql.values import earlier, packed, unpacked
from tests.datasources.feeds.sql.situations import OPTIONS, made


def connector(folder: Path, **options) -> SqlConnector:
    return SqlConnector({**OPTIONS, **options}, folder=folder, zone=ZoneInfo("UTC"), clock=lambda: 0)


def ids(pages) -> list[int]:
    return [number for page in pages for number in page.frame["id"].tolist()]


def through_json(cursor):
    return json.loads(json.dumps(cursor))


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sql")


@given(times=st.lists(st.integers(0, 3), max_size=25), page_rows=st.integers(1, 6), later=st.lists(st.integers(3, 5)))
def test_rows_with_equal_values_are_neither_lost_nor_doubled_at_the_edge_of_a_page(town, times, page_rows, later):
    path = town / "city.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE requests (id INTEGER, changed INTEGER)")
        database.executemany("INSERT INTO requests VALUES (?, ?)", list(enumerate(times)))
    pages = list(connector(town, page_rows=page_rows).pages(None))
    assert sorted(ids(pages)) == list(range(len(times)))
    cursor = through_json(pages[-1].cursor) if pages else None
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany("INSERT INTO requests VALUES (?, ?)", [(100 + n, at) for n, at in enumerate(later)])
    found = ids(connector(town, page_rows=page_rows).pages(cursor))
    assert sorted(found) == [100 + n for n in range(len(later))]


def test_what_was_committed_late_is_read_by_the_overlap(tmp_path):
    path = made(tmp_path, 10)
    options = {
        "query": "SELECT id, CAST(strftime('%s', changed) AS INTEGER) AS at FROM requests;",
        "table": None,
        "by": "at",
    }
    first = list(connector(tmp_path, **options, overlap=60).pages(None))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO requests VALUES (99, '2024-05-01T07:59:50', 'late', 1)")
    cursor = through_json(first[-1].cursor)
    assert 99 in ids(connector(tmp_path, **options, overlap=60).pages(cursor))
    assert 99 not in ids(connector(tmp_path, **options).pages(cursor))


def test_nothing_can_be_written_and_a_file_that_is_not_there_is_not_made(tmp_path):
    made(tmp_path, 1)
    engine = connector(tmp_path).engine
    with pytest.raises(TemporaryError, match="readonly"), reading(engine, 5) as connection:
        connection.exec_driver_sql("DELETE FROM requests")
    with pytest.raises(TemporaryError, match=r"nowhere\.db cannot be read now .*unable to open"):
        list(connector(tmp_path, url="sqlite:///nowhere.db").pages(None))
    assert not (tmp_path / "nowhere.db").exists()


def test_rows_without_a_place_in_the_order_are_told(tmp_path):
    path = made(tmp_path, 3)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO requests VALUES (99, NULL, 'lost', 1)")
    with pytest.raises(BadDataError, match="1 rows have no changed; name a column that every row has"):
        list(connector(tmp_path).pages(None))


def test_a_page_that_takes_too_long_is_given_up(tmp_path):
    made(tmp_path, 1)
    endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
    with pytest.raises(TemporaryError, match="longer than 1 seconds"):
        list(connector(tmp_path, query=endless, table=None, by="id", seconds=1).pages(None))


@pytest.mark.parametrize(
    "value",
    [7, 1.5, "2024", datetime(2024, 5, 1, 8, tzinfo=UTC), date(2024, 5, 1), Decimal("1.10"), UUID(int=7)],
)
def test_a_value_of_any_kind_comes_back_out_of_a_cursor(value):
    found = unpacked(through_json(packed(value)))
    assert found == value and type(found) is type(value)


def test_a_while_before_a_value_is_of_its_kind():
    assert earlier(datetime(2024, 5, 1, tzinfo=UTC), 60) == datetime(2024, 4, 30, 23, 59, tzinfo=UTC)
    assert earlier(date(2024, 5, 1), 60) == date(2024, 4, 30)
    assert (earlier(10, 3), earlier(Decimal(10), 3), earlier("b", 3)) == (7, Decimal(7), "b")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"url": "nonsense"}, "options.url: is no SQLAlchemy address"),
        ({"url": "oracle+nothing://me:s3cret@host/x"}, "the driver of 'oracle\\+nothing' is not installed"),
        ({"query": "SELECT 1"}, "options: name either a table or a query"),
    ],
)
def test_a_wrong_option_is_one_sentence_without_the_password(tmp_path, options, told):
    with pytest.raises(ConfigError, match=told) as caught:
        connector(tmp_path, **options)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("cursor", [{"after": [1]}, {"row": 2}, {"after": [{"what": 1}, 2], "row": 1}])
def test_the_cursor_of_another_source_is_refused(tmp_path, cursor):
    made(tmp_path, 3)
    with pytest.raises(BadDataError, match="read it afresh"):
        list(connector(tmp_path).pages(cursor))


@pytest.fixture
def city(postgres_server):
    """URL of a PostgreSQL database with a table of requests, and of an account that may not read it."""
    url = postgres_server()
    parsed = sa.engine.make_url(url)
    with psycopg.connect(parsed.set(drivername="postgresql").render_as_string(hide_password=False)) as database:
        database.execute("CREATE TABLE requests (id bigint PRIMARY KEY, changed timestamptz NOT NULL, size numeric)")
        database.execute(
            "INSERT INTO requests SELECT n, timestamptz '2024-05-01 08:00Z' + n / 3 * interval '1 s', n FROM generate_series(1, 50) n"
        )
    yield url
    postgres_server.drop(url)


def test_postgresql_is_read_in_order_with_its_own_kinds_of_values(city, tmp_path):
    pages = list(connector(tmp_path, url=city, page_rows=7).pages(None))
    assert ids(pages) == list(range(1, 51))
    assert ids(connector(tmp_path, url=city, page_rows=7).pages(through_json(pages[2].cursor))) == list(range(22, 51))
    assert isinstance(pages[0].frame["changed"].iat[0], datetime)


def test_postgresql_refuses_to_write_for_us_and_gives_up_in_time(city, tmp_path):
    with (
        pytest.raises(TemporaryError, match="read-only transaction"),
        reading(connector(tmp_path, url=city).engine, 5) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM requests")
    slow = "SELECT id, changed, pg_sleep(5) FROM requests"
    with pytest.raises(TemporaryError, match="longer than 1 seconds"):
        list(connector(tmp_path, url=city, query=slow, table=None, seconds=1).pages(None))


def test_a_table_that_is_not_there_and_a_role_that_is_not_are_told_apart_from_an_outage(city, tmp_path):
    with pytest.raises(BadDataError, match='relation "nothing" does not exist'):
        list(connector(tmp_path, url=city, table="nothing").pages(None))
    nobody = sa.engine.make_url(city).set(username="nobody_here", password="s3cret")
    with pytest.raises(AuthenticationError) as caught:
        list(connector(tmp_path, url=nobody.render_as_string(hide_password=False)).pages(None))
    assert "s3cret" not in str(caught.value)
    away = sa.engine.make_url(city).set(port=9)
    with pytest.raises(TemporaryError, match="cannot be read now"):
        list(connector(tmp_path, url=away.render_as_string(hide_password=False)).pages(None))

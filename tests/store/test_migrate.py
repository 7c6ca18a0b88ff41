"""The migrations make exactly the tables that the program works with, on both stores."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from store.engine import StoreError, open_engine, read, write
from store.migrate import migrate, newest
from store.tables import metadata


@pytest.fixture
def engine(store_url):
    opened = open_engine(store_url)
    yield opened
    opened.dispose()


def test_the_migrations_make_the_tables_of_the_program(engine):
    migrate(engine)
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_keys_uniqueness_and_defaults_are_those_of_the_program_too(engine, tmp_path, request):
    other = request.getfixturevalue("postgres_server")() if engine.dialect.name == "postgresql" else None
    made = open_engine(other or f"sqlite:///{tmp_path}/other.db")
    metadata.create_all(made)
    migrate(engine)
    assert _described(engine) == _described(made)
    made.dispose()


def _described(engine: sa.Engine) -> dict[str, Any]:
    """What a database says of each table that the program declares."""
    look = sa.inspect(engine)

    def plain(value) -> str:
        return repr(sorted((k, plain(v)) for k, v in value.items())) if isinstance(value, dict) else str(value)

    def ordered(found) -> list[str]:
        return sorted(plain({k: v for k, v in each.items() if k != "comment"}) for each in found)

    return {
        name: (
            ordered(look.get_columns(name)), look.get_pk_constraint(name)["constrained_columns"],
            ordered(look.get_unique_constraints(name)), ordered(look.get_indexes(name)),
            ordered(look.get_foreign_keys(name)),
        )
        for name in metadata.tables
    }  # fmt: skip


def test_to_migrate_twice_changes_nothing(engine):
    migrate(engine)
    with write(engine) as connection:
        connection.execute(sa.text("INSERT INTO categories (name) VALUES ('kept')"))
    before = _described(engine)
    migrate(engine)
    assert _described(engine) == before
    with read(engine) as connection:
        assert connection.execute(sa.text("SELECT name FROM categories")).scalars().all() == ["kept"]
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == [newest()]


def test_a_store_of_a_newer_program_is_refused_untouched(engine):
    migrate(engine)
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer GridHall; install that version or name another store"):
        migrate(engine)
    with read(engine) as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_a_migration_that_breaks_leaves_no_table(engine, monkeypatch):
    original = sa.Connection.execute

    def breaks(self, statement, *rest, **words):
        if "CREATE TABLE ratings" in str(statement):
            raise StoreError("the lights went out")
        return original(self, statement, *rest, **words)

    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.Connection.execute", breaks)
        with pytest.raises(StoreError, match="the lights"):
            migrate(engine)
    assert sa.inspect(engine).get_table_names() == []
    migrate(engine)
    assert set(metadata.tables) < set(sa.inspect(engine).get_table_names())

"""Bring the tables to this version of the program."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from store.engine import StoreError, write
from store.locks import lock_migration

FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: sa.Engine) -> None:
    """Create or upgrade the tables in one transaction. Raises StoreError for a store of a newer program."""
    with write(engine) as connection:
        lock_migration(connection)
        try:
            command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise _newer(engine) from error


def revision(engine: sa.Engine, message: str) -> None:
    """Write a migration for what store.schema says more than the tables of `engine` (for developers)."""
    with write(engine) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def newest() -> str | None:
    """The newest migration there is."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def is_newest(engine: sa.Engine, version: str) -> bool:
    """Whether a store at this version is up to date. Raises StoreError for one of a newer program."""
    if version not in {each.revision for each in ScriptDirectory(str(FOLDER)).walk_revisions()}:
        raise _newer(engine)
    return version == newest()


def _newer(engine: sa.Engine) -> StoreError:
    return StoreError(
        f"the store {engine.url.render_as_string(hide_password=True)} was made by a newer GridHall; "
        "install that version or name another store"
    )


def _config(connection: sa.Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config

from collections.abc import Iterator

import pytest

from tests.store.counts.world import World


@pytest.fixture
def world(tables_url: str, tmp_path) -> Iterator[World]:
    """A store with areas, categories and sources, and no case."""
    made = World(tables_url, tmp_path / "counts")
    yield made
    made.engine.dispose()


@pytest.fixture
def little_world(tmp_path) -> Iterator[World]:
    """The same on SQLite alone, for what does not depend on the database."""
    made = World(f"sqlite:///{tmp_path}/little.db", tmp_path / "counts")
    yield made
    made.engine.dispose()

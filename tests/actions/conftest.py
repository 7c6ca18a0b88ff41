from collections.abc import Iterator

import pytest

from tests.factories import ZONE, Town
from tests.recount import assert_counts_equal_a_recount


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept_town(request, tmp_path_factory) -> Iterator[Town]:
    """One store of each kind for all tests of a run: making the tables takes longer than most tests."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('town')}/store.db"
    else:
        url = request.getfixturevalue("postgres_server")()
    made = Town(url)
    yield made
    made.close()


@pytest.fixture
def town(kept_town, tmp_path) -> Iterator[Town]:
    """A town without cases; at the end of every test its counts equal a recount of its rows."""
    kept_town.clear()
    yield kept_town
    assert_counts_equal_a_recount(kept_town.engine, ZONE, tmp_path / "counts")

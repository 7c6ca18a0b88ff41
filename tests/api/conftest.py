"""A small town behind the routes, open to a viewer of all of it."""

from collections.abc import Iterator

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import exports, geometry, health, values
from tests.accounts import Open
from tests.tiletown import ZONE, Town, open_town, some_cases


@pytest.fixture
def street(tmp_path) -> Iterator[Town]:
    """Two communities of two grids with 300 cases."""
    town = open_town(tmp_path)
    town.house.zone, town.house.site = ZONE, town.site
    town.take(some_cases(np.random.default_rng(1), 300))
    yield town
    town.close()


@pytest.fixture
def routes(street) -> TestClient:
    """The machine routes of the town."""
    app = FastAPI()
    app.state.house = street.house
    for module in (values, geometry, exports, health):
        app.include_router(module.router)
    return TestClient(Open(app), base_url="http://127.0.0.1", client=("127.0.0.1", 1))

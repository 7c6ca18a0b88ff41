"""Which layers lie off the areas is told to whoever minds the services, whatever they see of the map."""

import pytest
import sqlalchemy as sa

from domain.scope import Scope
from geo.offset import gcj02_shift_m
from store.engine import write
from store.schema_services import overlays as table
from tests.tiletown import open_town
from views.overlays import WORTH_SAYING_M, overlays
from views.watch import services

ROW = {"kind": "vector", "west": 114.0, "south": 30.5, "east": 114.04, "north": 30.51, "content_hash": 1}
GCJ02 = gcj02_shift_m(114.02, 30.505)


@pytest.fixture
def town(tmp_path):
    town = open_town(tmp_path)
    yield town
    town.close()


def offer(town, *rows) -> None:
    with write(town.engine) as connection:
        for number, row in enumerate(rows, start=1):
            connection.execute(sa.insert(table), {**ROW, "source_id": 1, "external_id": f"x{number}", **row})


def test_the_watch_room_is_told_of_each_layer_that_lies_off(town):
    offer(
        town, {"title": "Hydrants", "offset_m": GCJ02}, {"title": "Roads", "offset_m": 300.0},
        {"title": "In place", "offset_m": WORTH_SAYING_M - 1}, {"title": "Unknown", "offset_m": None},
    )  # fmt: skip
    told = {each.name: [(off.title, off.like_gcj02) for off in each.off] for each in services(town.reader, 99.0)}
    assert told == {"one": [("Hydrants", True), ("Roads", False)], "two": []}


def test_a_reader_without_areas_sees_no_layer(town):
    offer(town, {"title": "Roads", "offset_m": None})
    assert overlays(town.reader, Scope(frozenset(), "system_admin")) == ()
    assert len(overlays(town.reader, Scope(frozenset({""}), "viewer"))) == 1

"""Layers of a service: kept, changed, and how far they lie off the areas."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from actions.take_overlays import take_overlays
from datasources.mapping import Mapping
from datasources.visuals.layered import FIELDS, Layer
from store.engine import read, write
from store.overlays import read_overlays
from store.schema_services import overlays
from tests.datasources.sources import NOW, case_source, page
from tests.factories import EAST, NORTH, SOUTH, WEST, Town
from tests.geo.test_crs import EARTH, shifted_gcj02

NOTHING = dict.fromkeys(("at", "status", "type"))
PLAN = Layer("plan", "raster", "Plan", "District", (114.0, 30.0, 114.1, 30.1), 3, 17)
ROAD = shapely.LineString([(WEST, SOUTH), (WEST, NORTH), (EAST, NORTH), (EAST, SOUTH), (WEST, SOUTH)])
"""Along the edge of the town."""
COLUMNS = (
    "external_id", "kind", "title", "attribution", "west", "south", "east", "north", "min_zoom", "max_zoom", "offset_m",
)  # fmt: skip


@pytest.fixture
def town(tables_url):
    made = Town(tables_url)
    yield made
    made.close()


def take(town, *layers: Layer, crs: str = "EPSG:4326"):
    source = case_source(FIELDS, record="layer", connector="visuals.demo", crs=crs)
    frame = Mapping(source).apply(page(*(NOTHING | each.row() for each in layers)), NOW).frame
    number = town.feed("maps", "layer").source_id
    with write(town.engine) as connection:
        return take_overlays(connection, town.site, number, frame, now=NOW, backfill=False)


def stored(town, *columns: str) -> list[tuple]:
    with read(town.engine) as connection:
        asked = sa.select(*(overlays.c[name] for name in columns)).order_by(overlays.c.external_id)
        return [tuple(row) for row in connection.execute(asked)]


def test_a_layer_is_kept_as_its_service_tells_it(town):
    taken = take(town, PLAN)
    assert (taken.kept, taken.unchanged) == (1, 0)
    assert stored(town, *COLUMNS) == [("plan", "raster", "Plan", "District", 114.0, 30.0, 114.1, 30.1, 3, 17, None)]


def test_a_layer_is_unchanged_until_its_service_tells_it_otherwise(town):
    take(town, PLAN)
    (before,) = stored(town, "id", "content_hash")
    assert take(town, PLAN).unchanged == 1
    changed = take(town, replace(PLAN, title="New plan"), Layer("other", "raster"))
    assert (changed.kept, changed.unchanged) == (2, 0)
    after = stored(town, "id", "content_hash")
    assert after[1][0] == before[0], "its number stands in people's addresses"
    assert after[1][1] != before[1]
    assert stored(town, "title") == [(None,), ("New plan",)]


def test_a_layer_that_is_gone_is_offered_no_more_and_comes_back_under_its_number(town):
    take(town, PLAN)
    (number,) = stored(town, "id")
    take(town, Layer("plan", "gone"))
    assert offered(town) == []
    assert take(town, PLAN).kept == 1
    assert offered(town) == [(*number, "Plan")]


def offered(town) -> list[tuple]:
    with read(town.engine) as connection:
        return [(row["id"], row["title"]) for row in read_overlays(connection)]


def test_of_rows_with_one_id_the_last_counts_and_every_row_is_told(town):
    taken = take(town, PLAN, replace(PLAN, title="Later"))
    assert (taken.kept, taken.unchanged) == (1, 1)
    assert stored(town, "title") == [("Later",)]


def test_a_vector_layer_without_bounds_has_those_of_its_shape_where_it_belongs(town):
    take(town, Layer("road", "vector", shape=ROAD))
    assert stored(town, "west", "south", "east", "north", "offset_m") == [(WEST, SOUTH, EAST, NORTH, 0.0)]


def test_a_layer_that_hides_its_system_is_told_by_how_far_it_lies_off_and_one_that_says_it_is_not(town):
    shifted = shapely.transform(ROAD, lambda at: np.column_stack(shifted_gcj02(*at.T)))
    take(town, Layer("road", "vector", shape=shifted))
    expected = EARTH.inv(WEST, SOUTH, *shifted_gcj02(WEST, SOUTH))[2]
    assert 100 < expected < 700
    assert stored(town, "offset_m")[0][0] == pytest.approx(expected, abs=25)
    take(town, Layer("road", "vector", shape=shifted), crs="GCJ-02")
    assert stored(town, "offset_m") == [(0.0,)]

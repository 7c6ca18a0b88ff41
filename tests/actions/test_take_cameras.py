"""Cameras of a source: kept, moved, switched off; what is not known is said."""

import pytest
import sqlalchemy as sa

from actions.take_cameras import take_cameras
from datasources.mapping import Mapping
from domain.cameras import online, ptz_type
from store.engine import read, write
from store.schema_services import cameras
from tests.datasources.sources import NOW, case_source, page
from tests.factories import IN_A1, Town

FIELDS = {
    "external_id": "id", "name": "name", "longitude": "lon", "latitude": "lat", "status": "on", "ptz_type": "ptz",
    "area_code": "area", "stream": "url",
}  # fmt: skip
ROW = {
    "id": "c1",
    "name": "Gate",
    "lon": IN_A1[0],
    "lat": IN_A1[1],
    "on": "ON",
    "ptz": "1",
    "area": None,
    "url": "rtsp://x",
}


@pytest.fixture
def town(tables_url):
    made = Town(tables_url)
    yield made
    made.close()


def take(town, *rows):
    frame = Mapping(case_source(FIELDS, record="camera")).apply(page(*rows), NOW).frame
    source = town.feed("gates", "camera").source_id
    with write(town.engine) as connection:
        return take_cameras(connection, town.site, source, frame, now=NOW, backfill=False)


def stored(town) -> list[tuple]:
    with read(town.engine) as connection:
        columns = (cameras.c.external_id, cameras.c.name, cameras.c.online, cameras.c.ptz_type)
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(cameras.c.external_id))]


def test_a_camera_is_kept_once_and_changes_with_its_source(town):
    assert take(town, ROW).kept == 1
    again = take(town, ROW)
    assert (again.kept, again.unchanged) == (0, 1)
    assert take(town, {**ROW, "on": "OFF"}).kept == 1
    assert stored(town) == [("c1", "Gate", False, "dome")]


def test_of_rows_with_one_id_the_last_counts_and_every_row_is_told(town):
    taken = take(town, ROW, {**ROW, "name": "Door"}, {**ROW, "id": "c2", "lon": None, "lat": None, "area": "nowhere"})
    assert (taken.kept, taken.unchanged, len(taken.rejected[0].positions)) == (1, 1, 1)
    assert taken.rejected[0].reason == "unknown_area"
    assert "'nowhere'" in taken.rejected[0].detail(2)
    assert stored(town) == [("c1", "Door", True, "dome")]


@pytest.mark.parametrize(
    ("word", "works"), [("ON", True), ("true", True), ("离线", False), ("0", False), ("?", None), (None, None)]
)
def test_words_for_a_camera_that_works(word, works):
    assert online(word) is works


@pytest.mark.parametrize(
    ("word", "kind"), [("1", "dome"), ("半球", "half_dome"), ("Bullet", "fixed"), ("4", "remote"), ("", None)]
)
def test_words_for_its_kind(word, kind):
    assert ptz_type(word) == kind

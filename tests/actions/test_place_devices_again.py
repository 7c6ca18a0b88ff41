"""Sensors and cameras stand where today's boundaries put them."""

import pytest

from actions.place_devices_again import place_devices_again
from datasources.mapping import Mapping
from domain.cases import HERE, NO_PLACE
from tests.actions.test_take_readings import describe, take
from tests.datasources.sources import NOW, case_source, page
from tests.factories import IN_A1, IN_B1, LEVELS, batch, squares

EAST_OF_A1 = [
    ("community", squares({"A": (114.00, 114.02), "B": (114.02, 114.04)})),
    ("grid", squares({"N": (114.00, 114.04)})),
]
PLACES = 'SELECT d.external_id, a.code, d."placing" FROM {} d JOIN areas a ON a.id = d.area_id ORDER BY d.external_id'
FIELDS = {"external_id": "id", "name": "name", "longitude": "lon", "latitude": "lat", "area_code": "code"}


@pytest.fixture
def devices(town):
    describe(town, "s1")
    take(town, ("s2", 0, 1.0))
    rows = [
        {"id": "c1", "name": "x", "lon": IN_B1[0], "lat": IN_B1[1], "code": None},
        {"id": "c2", "name": "y", "lon": None, "lat": None, "code": "A1"},
    ]
    frame = Mapping(case_source(FIELDS, record="camera")).apply(page(*rows), NOW).frame
    town.feed("cams", "camera")(batch(frame, record="camera"))
    return town


def test_devices_follow_their_boundaries_and_come_back(devices):
    town = devices
    before = [town.rows(PLACES.format(name)) for name in ("sensors", "cameras")]
    assert before[0] == [("s1", "A1", HERE), ("s2", "", NO_PLACE)]
    assert before[1] == [("c1", "B1", HERE), ("c2", "A1", NO_PLACE)]
    assert town.import_areas(EAST_OF_A1) is True
    place_devices_again(town.site)
    assert town.rows(PLACES.format("sensors")) == [("s1", "N", HERE), ("s2", "", NO_PLACE)]
    assert town.rows(PLACES.format("cameras")) == [("c1", "N", HERE), ("c2", "A1", NO_PLACE)]
    assert town.import_areas(LEVELS) is True
    place_devices_again(town.site)
    assert [town.rows(PLACES.format(name)) for name in ("sensors", "cameras")] == before


def test_who_was_placed_again_is_known_when_its_source_tells_of_it(devices):
    town = devices
    town.import_areas(EAST_OF_A1)
    place_devices_again(town.site)
    assert describe(town, "s1").kept == 0
    town.import_areas(LEVELS)
    assert describe(town, "s1").kept == 1
    assert town.rows(PLACES.format("sensors"))[0] == ("s1", "A1", HERE)
    assert IN_A1[0] == town.rows("SELECT longitude FROM sensors WHERE external_id = 's1'")[0][0]

"""Areas as a page names and frames them."""

from collections.abc import Iterator

import pytest
from shapely.geometry import Point, box

from domain.periods import SiteZone
from domain.scope import Scope
from store.counts.reader import Counts
from tests.factories import EAST, LEVELS, NORTH, SOUTH, WEST, ZONE, Town, squares
from views.places import ground, map_levels, places, trail, whole
from views.reader import Reader

SITE = Scope.site("viewer")


@pytest.fixture
def town(tmp_path) -> Iterator[Town]:
    made = Town(f"sqlite:///{tmp_path}/store.db")
    yield made
    made.close()


def reader_of(town, tmp_path) -> Reader:
    return Reader(
        town.engine,
        Counts(town.engine, town.site.areas, tmp_path / "counts"),
        town.site.areas,
        SiteZone(ZONE),
        lambda: town.now,
    )


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    return reader_of(town, tmp_path)


@pytest.fixture
def street(town, tmp_path) -> Reader:
    """The same town below a street of its own."""
    community = LEVELS[0][1].assign(parent="S")
    town.import_areas([("street", squares({"S": (WEST, EAST)})), ("community", community), LEVELS[1]])
    return reader_of(town, tmp_path)


def names(found):
    return [place.name for place in found]


def test_the_way_to_an_area_names_every_level_above_it(reader):
    moment = reader.moment()
    assert names(trail(moment, "A2")) == ["Area A", "Area A2"]
    assert names(trail(moment, "B")) == ["Area B"]


def test_the_site_and_what_is_not_there_have_no_way(reader):
    moment = reader.moment()
    assert trail(moment, "") == trail(moment, "nowhere") == ()


def test_a_street_that_is_the_whole_site_is_not_said_twice(street):
    moment = street.moment()
    assert names(trail(moment, "A2")) == ["Area A", "Area A2"]
    assert trail(moment, "S") == ()
    assert (whole(moment).level, map_levels(moment)) == ("street", ("community", "grid"))
    assert [place.code for place, _above in places(moment, SITE)] == ["A", "A1", "A2", "B", "B1", "B2"]


def test_a_site_of_several_tops_has_no_level_of_its_own(reader):
    moment = reader.moment()
    assert (whole(moment).level, map_levels(moment)) == ("", ("community", "grid"))


def test_areas_come_with_the_one_above_and_only_those_that_may_be_seen(reader):
    moment = reader.moment()
    found = [(place.code, above and above.code) for place, above in places(moment, SITE)]
    assert found == [("A", None), ("A1", "A"), ("A2", "A"), ("B", None), ("B1", "B"), ("B2", "B")]
    assert [place.code for place, _above in places(moment, Scope(frozenset({"B"}), "viewer"))] == ["B", "B1", "B2"]
    assert places(moment, Scope.nothing()) == ()


def test_the_map_starts_with_all_that_may_be_seen_and_names_inside_their_areas(reader):
    found = ground(reader, SITE, "community")
    assert found.extent == pytest.approx((WEST, SOUTH, EAST, NORTH))
    assert names(found.names) == ["Area A", "Area B"]
    for named, (west, east) in zip(found.names, ((WEST, 114.02), (114.02, EAST)), strict=True):
        assert box(west, SOUTH, east, NORTH).contains(Point(named.longitude, named.latitude))


def test_who_sees_a_part_is_shown_no_more_of_the_map(reader):
    found = ground(reader, Scope(frozenset({"B"}), "viewer"), "community")
    assert found.extent == pytest.approx((114.02, SOUTH, EAST, NORTH))
    assert names(found.names) == ["Area B"]
    assert ground(reader, Scope.nothing(), "community").extent is None


def test_more_names_than_fit_are_none(town, tmp_path):
    step = (EAST - WEST) / 31
    many = squares({f"N{i}": (WEST + i * step, WEST + (i + 1) * step) for i in range(31)})
    town.import_areas([("community", many)])
    assert ground(reader_of(town, tmp_path), SITE, "community").names == ()

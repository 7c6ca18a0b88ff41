"""Cameras as pages show them: nobody else's, counted by area, on a wall, near a point."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from domain.cases import HERE
from domain.feeds import DOWN, LIVE
from domain.periods import SiteZone
from domain.scope import Scope
from store.counts.reader import Counts
from store.engine import write
from store.schema_services import cameras as table
from tests.factories import IN_A1, IN_A2, IN_B1, ZONE, Town
from views.cameras import WallQuery, any_camera, cameras, nearest, on_wall, parse_point, parse_wall
from views.reader import Reader

SITE, ONLY_A, ONLY_B = Scope.site("viewer"), Scope(frozenset({"A"}), "viewer"), Scope(frozenset({"B"}), "viewer")
ROWS = (
    ("Gate south", "A1", IN_A1, True), ("Gate north", "A1", (IN_A1[0] + 0.0005, IN_A1[1]), False),
    ("Bridge", "A2", IN_A2, None), ("Foreign gate", "B1", IN_B1, True),
)  # fmt: skip


@pytest.fixture
def town(tables_url) -> Iterator[Town]:
    made = Town(tables_url)
    made.feed("street", "camera")
    with write(made.engine) as connection:
        source = connection.execute(sa.text("SELECT id FROM sources")).scalar_one()
        connection.execute(sa.text("UPDATE sources SET last_success_at = :now"), {"now": made.now})
        for number, (name, area, (longitude, latitude), online) in enumerate(ROWS, start=1):
            connection.execute(
                sa.insert(table).values(
                    id=number, source_id=source, external_id=f"c{number}", name=name, placing=HERE, content_hash=0,
                    area_id=int(made.site.areas.ids[made.site.areas.position[area]]),
                    longitude=longitude, latitude=latitude, online=online, ptz_type="fixed",
                )
            )  # fmt: skip
    yield made
    made.close()


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path / "counts")
    return Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)


def names(rows):
    return [row["name"] for row in rows]


def test_cameras_come_by_area_and_name_and_those_of_foreign_areas_never(reader):
    assert names(cameras(reader, SITE).rows) == ["Gate north", "Gate south", "Bridge", "Foreign gate"]
    assert names(cameras(reader, ONLY_A).rows) == ["Gate north", "Gate south", "Bridge"]
    assert names(cameras(reader, ONLY_B).rows) == ["Foreign gate"]
    nothing = cameras(reader, Scope.nothing())
    assert (nothing.rows, nothing.sources, any_camera(reader, Scope.nothing())) == ((), (), False)


def test_they_are_counted_with_all_below_and_what_is_not_told_is_not_off(reader):
    assert cameras(reader, SITE).counts() == {
        "": (3, 4),
        "A": (2, 3),
        "A1": (1, 2),
        "A2": (1, 1),
        "B": (1, 1),
        "B1": (1, 1),
    }
    assert cameras(reader, ONLY_B).counts() == {"": (1, 1), "B": (1, 1), "B1": (1, 1)}


def test_a_source_is_as_old_as_its_own_clock_says(town, reader):
    assert [(each.name, each.state) for each in cameras(reader, SITE).sources] == [("street", LIVE)]
    town.now += 11 * 60
    assert [each.state for each in cameras(reader, SITE).sources] == [DOWN]


def test_the_nearest_to_a_point_are_online_first_and_never_foreign(reader):
    found = nearest(reader, SITE, *IN_A1, None)
    assert [(near.camera["name"], round(near.metres)) for near in found] == [("Gate south", 0), ("Gate north", 48)]
    assert nearest(reader, ONLY_B, *IN_A1, None) == nearest(reader, Scope.nothing(), *IN_A1, None) == ()
    assert nearest(reader, SITE, *IN_B1, None, limit=0) == ()


def test_a_search_looks_in_names_codes_and_areas(reader):
    found = cameras(reader, SITE)
    assert names(found.search("gate a1", 9)) == ["Gate north", "Gate south"]
    assert names(found.search("C3", 9)) == ["Bridge"]
    assert names(found.search("gate", 1)) == ["Gate north"]
    assert names(cameras(reader, ONLY_A).search("foreign", 9)) == []


def test_a_wall_shows_a_page_of_an_area_or_the_cameras_chosen(reader):
    found = cameras(reader, SITE)
    second = on_wall(found, WallQuery(wall=1, area="A", page=2))
    assert (names(second.rows), second.page, second.pages, second.total) == (["Gate south"], 2, 3, 3)
    assert names(on_wall(found, WallQuery(wall=1, area="A", page=99)).rows) == ["Bridge"]
    assert names(on_wall(found, WallQuery(wall=4, cameras=(4, 1, 77))).rows) == ["Foreign gate", "Gate south"]
    assert on_wall(cameras(reader, ONLY_A), WallQuery(cameras=(4,))).rows == ()
    empty = on_wall(found, WallQuery(area="nowhere"))
    assert (empty.rows, empty.page, empty.pages) == ((), 1, 1)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", WallQuery()),
        ("?wall=16&area=A&page=3", WallQuery(16, (), "A", 3)),
        ("?wall=4&cameras=3,1,3,x,-2,5", WallQuery(4, (3, 1, 5))),
        ("?wall=1&cameras=3,1", WallQuery(1, (3,))),
        ("?wall=7&page=0&cameras=9999999999999999999", WallQuery()),
        ("?page=12345678", WallQuery()),
    ],
)
def test_an_address_says_a_wall_and_nonsense_is_the_usual(search, expected):
    assert parse_wall(search) == expected


@pytest.mark.parametrize("query", [WallQuery(), WallQuery(16, (), "A", 3), WallQuery(4, (3, 1))])
def test_what_is_written_is_read_again(query):
    assert parse_wall(query.text()) == query


def test_a_camera_is_put_on_the_wall_and_taken_off_and_a_full_wall_lets_the_oldest_go():
    assert parse_wall(WallQuery(4, (1, 2)).with_camera(3)).cameras == (1, 2, 3)
    assert parse_wall(WallQuery(4, (1, 2)).with_camera(1)).cameras == (2,)
    assert parse_wall(WallQuery(4, (1, 2, 3, 4)).with_camera(5)).cameras == (2, 3, 4, 5)
    assert parse_wall(WallQuery(1, (1,)).with_camera(5)).cameras == (5,)


@pytest.mark.parametrize(
    ("search", "point"),
    [("?near=114.5,30.25", (114.5, 30.25)), ("?near=114.5", None), ("?near=a,b", None), ("?near=nan,1", None), ("?near=200,1", None), ("", None)],
)  # fmt: skip
def test_a_point_of_the_address(search, point):
    assert parse_point(search) == point

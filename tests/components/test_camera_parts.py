"""Cameras on screen: tiles, the wall, the tree, and those beside a place."""

import json
from zoneinfo import ZoneInfo

import pytest

from components.camera_card import cameras_card, cameras_panel, where
from components.camera_marks import camera_marks, point_marks
from components.camera_tile import camera_tile
from components.camera_tree import Branch, Leaf, camera_tree, found_list
from components.camera_wall import WallHead, no_camera, wall, wall_head
from components.camera_words import about, short_name, spoken, wind
from components.datatimes import Age
from components.words import set_language
from domain.cameras import AWAY, FACING, Near
from domain.feeds import DOWN, LIVE
from tests.components.trees import found, texts, tree

HERE = ZoneInfo("Asia/Shanghai")
ABOVE = ("Grid 02", "Wenchang", "Yunpu")
CAMERA = {
    "id": 7, "name": "Yunpu-Wenchang-North gate-east-dome", "external_id": "340200", "area_id": 3, "position": 4, "source": "one",
    "longitude": 114.005, "latitude": 30.005, "direction": 90.0, "ptz_type": "dome", "online": True,
}  # fmt: skip
NEAR = Near(CAMERA, 84.4, 181.0, FACING)


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def camera(**changes):
    return CAMERA | changes


def test_a_name_is_told_without_the_areas_that_stand_around_it():
    assert short_name(CAMERA, ABOVE) == "North gate · east · dome"
    assert short_name(camera(name="Wenchang"), ABOVE) == "Wenchang"
    assert short_name(camera(name=None), ABOVE) == "340200"
    assert about(camera(online=False)) == "Yunpu-Wenchang-North gate-east-dome · Dome · camera offline"


@pytest.mark.parametrize(("degrees", "word"), [(0, "north of it"), (22, "north of it"), (23, "northeast of it"), (181, "south of it"), (350, "north of it")])  # fmt: skip
def test_a_direction_is_one_of_eight_words(degrees, word):
    assert wind(degrees) == word


def test_a_tile_waits_for_its_picture_and_names_its_camera():
    drawn = camera_tile(camera(online=False), ABOVE)
    (figure,) = found(drawn, className="gh-cam")
    assert (figure["data-camera"], figure["data-online"], figure["data-state"]) == ("7", "no", "waiting")
    (button,) = found(drawn, className="gh-cam-open")
    assert button["aria-label"] == "North gate · east · dome: watch live"
    (view,) = found(drawn, className="gh-cam-view")
    assert view["children"] is None, "the browser fills it; Dash must leave it alone"


def test_no_address_of_a_camera_is_in_its_tile():
    row = camera(stream="rtsp://admin:secret@10.0.0.9/1", snapshot="http://10.0.0.9/still")
    said = json.dumps(tree([camera_tile(row, ABOVE), cameras_card([(NEAR, ABOVE)], "UTC")]))
    assert "10.0.0.9" not in said and "secret" not in said


def test_a_wall_is_a_square_of_tiles_and_its_last_row_is_filled_with_free_places():
    drawn = wall([(camera(id=n), ABOVE) for n in range(5)], 9, "Asia/Shanghai")
    assert (len(found(drawn, className="gh-cam")), len(found(drawn, className="gh-cam-free"))) == (5, 1)
    assert tree(drawn)["props"]["style"] == {"--n": 3}
    assert json.loads(tree(drawn)["props"]["data-words"])["playing"] == "Playing"
    assert len(found(wall([(CAMERA, ABOVE)], 1, "UTC"), className="gh-cam-free")) == 0


def head(**changes):
    usual = {
        "place": "Whole street", "online": 36, "total": 40, "sizes": [(1, "/video?wall=1", False), (9, "/video", True)],
        "pages": (1, 1, "", ""), "cleared": "", "sources": [("one", Age(100, LIVE, 160, HERE))],
    }  # fmt: skip
    return wall_head(WallHead(**usual | changes))


def test_the_head_says_how_many_are_online_and_which_size_is_chosen():
    assert texts(head()) == "Whole street 36  / 40  cameras online 1 9"
    assert [each["href"] for each in found(head(), **{"aria-current": "true"})] == ["/video"]


def test_pages_are_gone_through_and_the_first_has_none_before():
    drawn = head(pages=(1, 3, "", "/video?page=2"))
    assert "1 / 3" in texts(drawn)
    assert [each["href"] for each in found(drawn, **{"aria-label": "Next page"})] == ["/video?page=2"]
    assert found(drawn, **{"aria-label": "Page before"}) == []


def test_a_source_that_is_not_current_is_named_and_one_that_is_stays_silent():
    said = texts(head(sources=[("one", Age(100, LIVE, 160, HERE)), ("two", Age(100, DOWN, 1_600, HERE))]))
    assert "two" in said and "25 minutes" in said and "one" not in said.split()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"configured": False}, "No camera is connected"),
        ({"configured": True}, "No camera in your areas"),
        ({"configured": True, "searched": {"place": "Grid 02", "href": "/video"}}, "No camera in Grid 02"),
    ],
)
def test_nothing_is_said_in_words(given, said):
    assert said in texts(no_camera(**given))


def test_the_tree_tells_depth_openness_and_what_is_on_the_wall():
    rows = [
        Branch("/video", "Whole street", 0, 3, 4, open=True, chosen=False),
        Branch("/video?area=A", "Area A", 1, 2, 2, open=False, chosen=True),
        Leaf("/video?cameras=7", CAMERA, ABOVE, 2, on_wall=True),
    ]
    items = found(camera_tree(rows), role="treeitem")
    assert [each["aria-level"] for each in items] == ["1", "2", "3"]
    assert [each.get("aria-expanded") for each in items] == ["true", "false", None]
    assert [each["aria-selected"] for each in items] == ["false", "true", "true"]
    assert items[0]["aria-label"] == "Whole street: 3 of 4 online"


def test_a_search_says_how_many_it_does_not_show():
    leaf = Leaf("/video?cameras=7", CAMERA, ABOVE, 0, on_wall=False, place="Wenchang 02")
    assert "Wenchang 02" in texts(found_list([leaf], 12)) and "12 more" in texts(found_list([leaf], 12))
    assert "more" not in texts(found_list([leaf], 0))
    assert "No camera is called so" in texts(found_list([], 0))


def test_cameras_beside_a_case_say_how_far_in_which_direction_and_who_may_attaches():
    card = cameras_card([(NEAR, ABOVE)], "Asia/Shanghai", case_id=12)
    assert "84 m · south of it" in texts(card)
    (button,) = found(card, className="gh-evidence")
    assert (button["data-camera"], button["data-case"]) == ("7", "12")
    assert found(cameras_card([(NEAR, ABOVE)], "UTC"), className="gh-evidence") == []
    assert "No camera within 200 m." in texts(cameras_card([], "UTC", case_id=12))
    assert where(Near(CAMERA, 84.4, 181.0, AWAY)) == "84 m · south of it · looks elsewhere"


def test_a_point_of_the_map_has_a_way_to_close_its_cameras():
    drawn = cameras_panel([(NEAR, ABOVE)], "UTC")
    assert [each["data-set"] for each in found(drawn, className="trail-close")] == ["near="]
    assert found(drawn, className="gh-evidence") == []
    assert "No camera within 200 m." in texts(cameras_panel([], "UTC"))


def test_cameras_are_lettered_on_a_map_with_a_sector_where_the_direction_is_known():
    unknown = Near(camera(direction=None, longitude=114.006), 90.0, 90.0, FACING)
    sight, first, second = (each["props"] for each in tree(camera_marks([NEAR, unknown])))
    assert [first["iconOptions"]["html"], second["iconOptions"]["html"]] == ["A", "B"]
    middle = sight["positions"][4]
    assert middle[0] == pytest.approx(30.005, abs=1e-7)
    assert (middle[1] - 114.005) * 111_195 * 0.866 == pytest.approx(45, abs=0.1), "45 metres to the east"
    assert len(tree(point_marks((114.0, 30.0), [unknown]))) == 3


def test_the_words_of_tiles_come_with_the_time_zone_of_their_clocks():
    assert spoken("Asia/Shanghai")["data-zone"] == "Asia/Shanghai"

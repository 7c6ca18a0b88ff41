"""What is kept of other services' tiles: for how long, how much, and what happens while a service is away."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pytest

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.visuals.atlas import (
    AWAY_SECONDS,
    FAILED_SECONDS,
    FEATURES_SECONDS,
    NOTHING_SECONDS,
    Atlas,
    Opened,
    digest,
)
from datasources.visuals.contract import Tile
from datasources.visuals.pictures import pixels, png
from geo.tiles import TILE_SIZE, lonlat_to_pixels
from tests.geo.test_resample import drawn_in_gcj02, marks, sources_of

KEEP = 1_000
SIZE = 2_000
KEY = "s3cret-key"


@dataclass
class Service:
    """Draws a tile of noise unless it is told otherwise; counts what it is asked."""

    crs: str = "EPSG:4326"
    body: object = None
    asked: list = field(default_factory=list)

    def tile(self, layer, z, x, y):
        self.asked.append((layer, z, x, y))
        found = self.body(z, x, y) if callable(self.body) else self.body
        if isinstance(found, Exception):
            raise found
        return found

    def features(self, layer, box, limit):
        return self.tile(layer, *box[:3])


def noise(size: int = SIZE) -> Tile:
    return Tile(b"\x89PNG\r\n\x1a\n" + np.random.default_rng(1).bytes(size - 8), "image/png")


class World:
    def __init__(self, folder):
        self.now, self.folder = [1_000_000.0], folder
        self.services = {"maps": Service(body=noise()), "plans": Service(body=noise())}
        self.keys = dict.fromkeys(self.services, KEY)

    def atlas(self, **given) -> Atlas:
        def find(name):
            return Opened(self.services[name], KEEP, digest(("EPSG:4326", {"key": self.keys[name]})))

        return Atlas(find, self.folder, lambda: self.now[0], **given)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "layers")


def files(world):
    return [path for path in world.folder.rglob("*") if path.is_file()]


def test_an_answer_is_good_for_as_long_as_its_source_says_and_in_the_next_process_too(world):
    assert world.atlas().tile("maps", "a", 3, 1, 2) == noise()
    world.now[0] += KEEP - 1
    assert world.atlas().tile("maps", "a", 3, 1, 2) == noise()
    assert len(world.services["maps"].asked) == 1
    world.now[0] += 1
    world.atlas().tile("maps", "a", 3, 1, 2)
    assert len(world.services["maps"].asked) == 2


def test_each_source_layer_and_place_is_another_answer(world):
    atlas = world.atlas()
    for source, layer, x in [("maps", "a", 1), ("maps", "b", 1), ("maps", "a", 2), ("plans", "a", 1)]:
        atlas.tile(source, layer, 3, x, 2)
    assert len(world.services["maps"].asked) + len(world.services["plans"].asked) == 4
    assert len(files(world)) == 4


def test_that_there_is_nothing_is_believed_for_a_while(world):
    world.services["maps"].body = None
    atlas = world.atlas()
    for _time in range(3):
        assert atlas.tile("maps", "a", 3, 1, 2) is None
    assert len(world.services["maps"].asked) == 1
    world.now[0] += NOTHING_SECONDS
    world.services["maps"].body = noise()
    assert atlas.tile("maps", "a", 3, 1, 2) == noise()


def test_many_who_want_one_tile_ask_for_it_once(world):
    begun, gone_on = threading.Event(), threading.Event()

    def slow(*_place):
        begun.set()
        assert gone_on.wait(20)
        return noise()

    world.services["maps"].body = slow
    atlas = world.atlas()
    with ThreadPoolExecutor(6) as pool:
        asking = [pool.submit(atlas.tile, "maps", "a", 3, 1, 2) for _one in range(6)]
        assert begun.wait(20)
        gone_on.set()
        assert {each.result(20) for each in asking} == {noise()}
    assert len(world.services["maps"].asked) == 1
    assert not atlas._under_way


def test_a_service_that_is_away_is_left_alone_for_all_it_draws_and_others_go_on(world):
    world.services["maps"].body = TemporaryError("maps does not answer")
    atlas = world.atlas()
    for x in range(4):
        with pytest.raises(TemporaryError, match="does not answer"):
            atlas.tile("maps", "a", 3, x, 0)
    with pytest.raises(TemporaryError):
        atlas.features("maps", "b", (0, 0, 1, 1), 5)
    assert len(world.services["maps"].asked) == 1
    assert atlas.tile("plans", "a", 3, 0, 0) == noise()
    world.now[0] += AWAY_SECONDS
    world.services["maps"].body = noise()
    assert atlas.tile("maps", "a", 3, 0, 0) == noise()


def test_what_was_drawn_before_is_drawn_while_its_service_is_away(world):
    atlas = world.atlas()
    atlas.tile("maps", "a", 3, 1, 2)
    world.services["maps"].body = TemporaryError("away")
    with pytest.raises(TemporaryError):
        atlas.tile("maps", "a", 3, 0, 0)
    assert atlas.tile("maps", "a", 3, 1, 2) == noise()


def test_a_service_that_asks_to_be_left_alone_is(world):
    world.services["maps"].body = TemporaryError("too much", 60)
    atlas = world.atlas()
    for later in (0, 59):
        world.now[0] = 1_000_000 + later
        with pytest.raises(TemporaryError):
            atlas.tile("maps", "a", 3, 0, 0)
    assert len(world.services["maps"].asked) == 1


@pytest.mark.parametrize("error", [BadDataError("an SVG"), AuthenticationError("refused")])
def test_what_cannot_be_drawn_is_not_asked_for_again_at_once_and_harms_no_other_tile(world, error):
    world.services["maps"].body = lambda _z, x, _y: error if x == 1 else noise()
    atlas = world.atlas()
    for _time in range(3):
        with pytest.raises(type(error)):
            atlas.tile("maps", "a", 3, 1, 0)
    assert atlas.tile("maps", "a", 3, 2, 0) == noise()
    assert len(world.services["maps"].asked) == 2
    world.now[0] += FAILED_SECONDS
    with pytest.raises(type(error)):
        atlas.tile("maps", "a", 3, 1, 0)
    assert len(world.services["maps"].asked) == 3


def test_features_that_cannot_be_read_are_not_asked_for_again_at_once(world):
    world.services["maps"].body = BadDataError("half a feature")
    atlas = world.atlas()
    for _time in range(3):
        with pytest.raises(BadDataError):
            atlas.features("maps", "a", (0, 0, 1, 1), 5)
    assert len(world.services["maps"].asked) == 1


def test_a_view_that_many_look_at_is_asked_for_once_in_a_while(world):
    found = {"type": "FeatureCollection", "features": [], "numberReturned": 0}
    world.services["maps"].body = lambda *_box: found
    for atlas in (world.atlas(), world.atlas()):
        for _time in range(3):
            assert atlas.features("maps", "a", (0, 0, 1, 1), 5) == found
    assert len(world.services["maps"].asked) == 1
    world.atlas().features("maps", "a", (0, 0, 2, 1), 5)
    assert len(world.services["maps"].asked) == 2
    world.now[0] += FEATURES_SECONDS
    world.atlas().features("maps", "a", (0, 0, 1, 1), 5)
    assert len(world.services["maps"].asked) == 3


def test_the_oldest_make_room_for_what_is_new(world):
    atlas = world.atlas(most_bytes=5 * SIZE)
    for x in range(12):
        world.now[0] += 1
        atlas.tile("maps", "a", 4, x, 0)
        assert sum(path.stat().st_size for path in files(world)) <= 5 * SIZE
    asked = len(world.services["maps"].asked)
    atlas.tile("maps", "a", 4, 11, 0)
    assert len(world.services["maps"].asked) == asked
    atlas.tile("maps", "a", 4, 0, 0)
    assert len(world.services["maps"].asked) == asked + 1


def test_what_lay_there_before_counts_too(world):
    for x in range(5):
        world.atlas().tile("maps", "a", 4, x, 0)
    world.now[0] += 1
    world.atlas(most_bytes=3 * SIZE).tile("maps", "a", 4, 9, 0)
    assert sum(path.stat().st_size for path in files(world)) <= 3 * SIZE


def test_the_key_stands_in_no_name_and_no_file(world):
    world.atlas().tile("maps", "a", 3, 1, 2)
    for path in files(world):
        assert KEY not in str(path)
        assert KEY.encode() not in path.read_bytes()
        assert "maps" not in str(path.relative_to(world.folder))


def test_other_settings_are_another_answer(world):
    world.atlas().tile("maps", "a", 3, 1, 2)
    world.keys["maps"] = "another-key"
    world.atlas().tile("maps", "a", 3, 1, 2)
    assert len(world.services["maps"].asked) == 2


def test_a_disk_that_cannot_be_written_makes_it_slower_and_never_wrong(world):
    world.folder.write_text("a file where the folder should be")
    atlas = world.atlas()
    for _time in range(2):
        assert atlas.tile("maps", "a", 3, 1, 2) == noise()
    assert len(world.services["maps"].asked) == 2


def test_a_source_that_nobody_has_is_a_key_error(world):
    with pytest.raises(KeyError):
        world.atlas().tile("none", "a", 0, 0, 0)


def test_tiles_in_gcj02_come_out_on_this_map_and_are_kept(world):
    z, (x, y) = 16, (int(v) for v in lonlat_to_pixels(114.3055, 30.5928, 16, tile_size=1))
    picture, left, top = drawn_in_gcj02(sources_of(z, x, y), z, marks(x, y))

    def beneath(_z, column, row):
        at_x, at_y = (column - left) * TILE_SIZE, (row - top) * TILE_SIZE
        piece = picture[at_y : at_y + TILE_SIZE, at_x : at_x + TILE_SIZE]
        return png(np.ascontiguousarray(piece)) if piece.size else None

    world.services["maps"] = Service("GCJ-02", beneath)
    atlas = world.atlas()
    found = atlas.tile("maps", "a", z, x, y)
    rows, columns = np.nonzero(pixels(found, TILE_SIZE, "maps")[..., 3] > 128)
    for px, py in marks(x, y):
        near = np.hypot(columns + 0.5 - (px - x * TILE_SIZE), rows + 0.5 - (py - y * TILE_SIZE)) < 12
        middle = columns[near].mean() + 0.5, rows[near].mean() + 0.5
        assert np.hypot(middle[0] - (px - x * TILE_SIZE), middle[1] - (py - y * TILE_SIZE)) < 1
    asked = len(world.services["maps"].asked)
    assert asked == len(sources_of(z, x, y).tiles)
    atlas.tile("maps", "a", z, x, y)
    assert len(world.services["maps"].asked) == asked
    atlas.tile("maps", "a", z, x + 1, y)
    assert len(world.services["maps"].asked) < 2 * asked, "neighbours share what lies beneath"


def test_where_a_map_in_gcj02_has_nothing_there_is_nothing(world):
    world.services["maps"] = Service("GCJ-02", None)
    assert world.atlas().tile("maps", "a", 16, 53_577, 26_931) is None


def test_a_broken_picture_is_bad_data(world):
    world.services["maps"] = Service("GCJ-02", noise())
    with pytest.raises(BadDataError, match="broken picture"):
        world.atlas().tile("maps", "a", 16, 53_577, 26_931)

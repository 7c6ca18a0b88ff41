"""The routes of the tiles: what is an address, what the browser may keep, and that the loop stays free."""

import asyncio
import io
import threading
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from api import tiles
from components.theme import DARK, rgb
from domain.scope import Scope
from geo.tiles import lonlat_to_pixels
from tests.accounts import Open
from tests.tiletown import BOUNDS, SOUTH, STEP, WEST, Town, open_town, some_cases

X, Y = (int(v) for v in lonlat_to_pixels(WEST + STEP, SOUTH + STEP / 2, 14, tile_size=1))
PLACE = f"14/{X}/{Y}"


@pytest.fixture
def empty_town(tmp_path) -> Iterator[Town]:
    town = open_town(tmp_path)
    yield town
    town.close()


@pytest.fixture
def town(empty_town: Town) -> Town:
    town = empty_town
    town.take(some_cases(np.random.default_rng(1), 300))
    town.draw("building", shapely.box(WEST, SOUTH, WEST + STEP, SOUTH + STEP))
    town.draw("road", shapely.LineString([(WEST - STEP, SOUTH), (WEST + 5 * STEP, SOUTH + STEP)]), "main")
    return town


def client_of(town: Town) -> TestClient:
    app = FastAPI()
    app.state.house = town.house
    app.include_router(tiles.router)
    return TestClient(Open(app), base_url="http://127.0.0.1", client=("127.0.0.1", 1))


@pytest.fixture
def client(town: Town) -> TestClient:
    return client_of(town)


def picture(answer) -> np.ndarray:
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(answer.content)))


@pytest.mark.parametrize("layer", ["base", "over", "heat"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_layer_has_plain_and_double_tiles_in_both_themes(client, layer, theme):
    for suffix, size in (("", 256), ("@2x", 512)):
        found = picture(client.get(f"/tiles/{layer}/{theme}/{PLACE}{suffix}.png?period=30d"))
        assert found.shape[:2] == (size, size)
        assert len(np.unique(found.reshape(-1, found.shape[2]), axis=0)) > 1


@pytest.mark.parametrize("address", [
    "base/dark/14/-1/0.png", "base/dark/14/0/99999.png", "base/dark/2/4/0.png", "base/dark/20/0/0.png",
    "base/dark/x/0/0.png", "base/dark/1/0/0.jpg", "base/dark/1/0/0@3x.png", "base/grey/1/0/0.png",
    "under/dark/1/0/0.png", "heat/grey/1/0/0.png", "heat/dark/14/99999/0.png", "heat/dark/1/0/9999999999.png",
    "base/dark/1/0/٠.png", "base/dark/1/0/0", "base/dark/1/0/..png", "base/../dark/1/0/0.png",
])  # fmt: skip
def test_an_address_that_is_no_tile_is_not_found(client, address):
    assert client.get(f"/tiles/{address}").status_code == 404


def test_a_tile_is_kept_for_ever_only_under_its_version(client):
    version = client.get("/tiles/base/info").json()["version"]
    kept = client.get(f"/tiles/base/dark/{PLACE}.png?v={version}")
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    for other in ("", "?v=0"):
        assert client.get(f"/tiles/base/dark/{PLACE}.png{other}").headers["cache-control"] == "private, no-cache"
    assert client.get(f"/tiles/heat/dark/{PLACE}.png?v={version}").headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("layer", ["base", "over", "heat"])
def test_an_unchanged_tile_is_not_sent_again(client, layer):
    address = f"/tiles/{layer}/dark/{PLACE}.png?period=30d"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).content == first.content


def test_another_filter_and_another_write_give_another_picture(client, town):
    address = f"/tiles/heat/dark/{PLACE}.png?period=30d"
    first = client.get(address).headers["etag"]
    assert client.get(address + "&category=noise").headers["etag"] != first
    town.take(some_cases(np.random.default_rng(2), 200, first=1_000))
    assert client.get(address).headers["etag"] != first


def test_new_features_are_drawn_under_a_new_version_and_old_files_go(client, town):
    address = f"/tiles/base/dark/{PLACE}.png"
    before, info = client.get(address), client.get("/tiles/base/info").json()
    folder = town.house.settings.var / "tiles"
    assert [f.name for f in folder.iterdir()] == [info["version"]] and list(folder.rglob("*.png"))
    town.draw("water", shapely.box(*BOUNDS))
    town.now[0] += 60
    after = client.get(address)
    assert after.headers["etag"] != before.headers["etag"]
    assert client.get("/tiles/base/info").json()["features"] == {"building": 1, "road": 1, "water": 1}
    assert info["version"] not in [f.name for f in folder.iterdir()]


def test_a_finished_tile_comes_from_disk_in_the_next_process(client, town, monkeypatch):
    address = f"/tiles/base/dark/{PLACE}.png"
    first = client.get(address).content
    tiles._opened.cache_clear()
    monkeypatch.setattr("views.basemap.base_picture", None)
    assert client.get(address).content == first


def test_a_disk_that_cannot_be_written_costs_nothing_but_time(client, town):
    (town.house.settings.var / "tiles").write_text("in the way")
    assert picture(client.get(f"/tiles/base/dark/{PLACE}.png")).shape == (256, 256, 3)


def test_without_features_the_base_map_is_quiet_ground_and_says_so(empty_town):
    client = client_of(empty_town)
    info = client.get("/tiles/base/info").json()
    assert (info["plain"], info["bounds"], info["features"]) == (True, None, {})
    assert (info["min_zoom"], info["max_zoom"]) == (10, 19)
    assert (picture(client.get(f"/tiles/base/dark/{PLACE}.png")) == rgb(DARK.map.land)).all()
    assert not picture(client.get(f"/tiles/over/dark/{PLACE}.png")).any()


def test_below_its_zooms_the_base_map_is_plain(client):
    assert (picture(client.get("/tiles/base/dark/3/6/3.png")) == rgb(DARK.map.land)).all()


def test_the_extent_of_the_base_map_is_that_of_its_features(client):
    bounds = client.get("/tiles/base/info").json()["bounds"]
    assert bounds == pytest.approx([WEST - STEP, SOUTH, WEST + 5 * STEP, SOUTH + STEP])


def test_a_reader_without_scope_sees_no_heat(town):
    app = FastAPI()
    app.state.house = town.house
    app.include_router(tiles.router)

    async def nobody(scope, receive, send):
        scope.setdefault("state", {})["access"] = Scope.nothing()
        await app(scope, receive, send)

    client = TestClient(nobody)
    assert not picture(client.get(f"/tiles/heat/dark/{PLACE}.png?period=30d")).any()
    assert client.get("/tiles/heat/info?period=30d").json()["shown"] == 0


@pytest.mark.parametrize("zoom", ["14", "", "-1", "x", "99999", "٣"])
def test_the_legend_answers_whatever_zoom_is_asked(client, zoom):
    info = client.get(f"/tiles/heat/info?period=30d&z={zoom}").json()
    assert info["radius_m"] == 150 and info["shown"] > 0 and len(info["limits_per_km2"]) == 6


def test_few_drawings_run_at_a_time_and_the_loop_stays_free():
    running: list[int] = []
    most: list[int] = []
    gate, both = threading.Event(), threading.Event()

    def work(n: int) -> int:
        running.append(n)
        most.append(len(running))
        if len(running) == 2:
            both.set()
        gate.wait(10)
        running.remove(n)
        return n

    async def many() -> list[int]:
        turns = tiles.Turns(2)
        tasks = [asyncio.create_task(turns.run(work, n)) for n in range(6)]
        await asyncio.to_thread(both.wait, 10)
        gate.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(many()) == list(range(6))
    assert max(most) == 2

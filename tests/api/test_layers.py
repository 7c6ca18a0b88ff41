"""The routes of other services' layers: who sees them, what the browser may keep, what is said when a service fails."""

import asyncio
import io
import threading
from functools import partial

import numpy as np
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from api import layers
from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from domain.scope import Scope
from geo.offset import gcj02_shift_m
from store.engine import write
from store.schema import sources
from store.schema_services import overlays
from tests.accounts import Open
from tests.painted import png_of, within
from tests.tiletown import NOW, open_town

Z, X, Y = within(14)
PLAN, ROADS = 1, 2
TILE = f"/layers/{PLAN}/{Z}/{X}/{Y}.png"
ADDRESS = "http://10.1.2.3/secret/{z}/{x}/{y}.png?key=s3cret"
BOX = (114.0, 30.5, 114.04, 30.51)
ROW = dict(zip(("west", "south", "east", "north"), BOX, strict=True)) | {
    "source_id": 1, "min_zoom": 3, "max_zoom": 17, "attribution": "District", "offset_m": None,
}  # fmt: skip


class Drawing:
    """A stand-in for the atlas: answers what it is told, and counts."""

    def __init__(self):
        self.answer, self.asked, self.good = None, [], 86_400

    def keep_seconds(self, source):
        if source != "one":
            raise ConfigError(f"there is no source '{source}'")
        return self.good

    def tile(self, *asked):
        self.asked.append(asked)
        return self._now()

    features = tile

    def _now(self):
        found = self.answer() if callable(self.answer) else self.answer
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def town(tmp_path):
    town = open_town(tmp_path)
    town.house.atlas = Drawing()
    rows = [
        {**ROW, "id": PLAN, "external_id": "plan", "kind": "raster", "title": "Plan", "content_hash": 17},
        {**ROW, "id": ROADS, "external_id": "roads", "kind": "vector", "title": None, "content_hash": -1},
    ]
    with write(town.engine) as connection:
        connection.execute(sa.insert(overlays), rows)
        connection.execute(sa.update(sources).values(last_success_at=NOW, last_attempt_at=NOW, state="live"))
    yield town
    town.close()


def client_of(town, **seen) -> TestClient:
    app = FastAPI()
    app.state.house = town.house
    app.include_router(layers.router)
    return TestClient(Open(app, **seen), base_url="http://127.0.0.1", client=("127.0.0.1", 1))


@pytest.fixture
def client(town) -> TestClient:
    return client_of(town)


@pytest.fixture
def drawing(town) -> Drawing:
    town.house.atlas.answer = Picture()
    return town.house.atlas


class Picture:
    """A tile as a service draws it."""

    body, media_type = png_of(Z, X, Y), "image/png"


def change(town, **values) -> None:
    with write(town.engine) as connection:
        connection.execute(sa.update(sources).where(sources.c.id == 1).values(**values))


def told(client, number: int = PLAN) -> dict:
    return next(each for each in client.get("/layers").json()["layers"] if each["id"] == number)


def test_the_list_says_what_there_is_and_nothing_of_where_it_is(client):
    found = told(client)
    assert found == {
        "id": PLAN, "source": "one", "title": "Plan", "kind": "raster", "bounds": list(BOX), "min_zoom": 3, "max_zoom": 17,
        "attribution": "District", "offset_m": None, "warning": "", "state": "live", "said": found["said"],
        "version": found["version"], "keep": 86_400,
    }  # fmt: skip
    assert told(client, ROADS)["title"] == "one roads"
    assert client.get("/layers").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "row, state",
    [
        ({"state": "down"}, "down"), ({"state": "refused"}, "refused"), ({"state": "bad"}, "bad"),
        ({"paused_at": NOW}, "paused"), ({"last_success_at": NOW - 400}, "stale"), ({"last_success_at": None, "state": "new"}, "waiting"),
    ],
)  # fmt: skip
def test_how_a_service_feels_is_said_beside_its_layers(client, town, row, state):
    change(town, **row)
    found = told(client)
    assert found["state"] == state
    assert found["said"]


def test_a_source_that_left_the_configuration_offers_nothing(client, town):
    change(town, removed=True)
    assert client.get("/layers").json() == {"layers": []}
    assert client.get(TILE).status_code == 404


def test_a_source_that_this_process_does_not_know_yet_spoils_no_list(client, town):
    with write(town.engine) as connection:
        connection.execute(sa.update(overlays).values(source_id=2))
    assert {each["keep"] for each in client.get("/layers").json()["layers"]} == {layers.KEEP_SECONDS}


def test_who_sees_no_area_sees_no_layer(town, drawing):
    nobody = client_of(town, areas=(), role="system_admin")
    assert nobody.get("/layers").json() == {"layers": []}
    assert nobody.get(TILE).status_code == 404
    assert nobody.get(f"/layers/{ROADS}/features.geojson?bbox=114,30,115,31").status_code == 404
    assert drawing.asked == []


def test_a_tile_is_what_the_service_drew(client, town, drawing):
    answer = client.get(TILE)
    assert (answer.content, answer.headers["content-type"]) == (Picture.body, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert drawing.asked == [("one", "plan", Z, X, Y)]


def test_a_tile_is_kept_for_as_long_as_it_is_good_only_under_its_version_and_never_by_a_proxy(client, drawing):
    version = told(client)["version"]
    assert client.get(f"{TILE}?v={version}").headers["cache-control"] == "private, max-age=3600"
    for other in ("", "?v=0"):
        assert client.get(TILE + other).headers["cache-control"] == "private, max-age=30"
    drawing.good = 20
    for other in ("", f"?v={version}"):
        assert client.get(TILE + other).headers["cache-control"] == "private, max-age=20"


def test_an_unchanged_tile_is_not_sent_again(client, drawing):
    first = client.get(TILE)
    again = client.get(TILE, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_where_there_is_nothing_a_clear_tile_is_drawn(client, town, drawing):
    drawing.answer = None
    found = np.asarray(Image.open(io.BytesIO(client.get(TILE).content)))
    assert found[..., 3].max() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/layers/9/14/1/1.png", "/layers/x/14/1/1.png", f"/layers/{ROADS}/14/1/1.png", f"/layers/{PLAN}/14/-1/0.png",
        f"/layers/{PLAN}/2/4/0.png", f"/layers/{PLAN}/23/0/0.png", f"/layers/{PLAN}/1/0/0.jpg", f"/layers/{PLAN}/1/0/٠.png",
        f"/layers/{PLAN}/1/0/9999999999.png", f"/layers/{PLAN}/features.geojson?bbox=1,2,3,4", "/layers/²/1/0/0.png",
        "/layers/99999999999/1/0/0.png",
    ],
)  # fmt: skip
def test_an_address_that_is_no_layer_or_no_tile_is_not_found(client, drawing, path):
    assert client.get(path).status_code == 404
    assert drawing.asked == []


def test_features_are_asked_for_within_a_box_and_a_limit(client, drawing):
    drawing.answer = {"type": "FeatureCollection", "features": [], "numberReturned": 0, "numberMatched": 7}
    answer = client.get(f"/layers/{ROADS}/features.geojson?bbox=114.0,30.5,190,30.6&limit=99999")
    assert answer.json()["numberMatched"] == 7
    assert answer.headers["content-type"] == "application/geo+json"
    client.get(f"/layers/{ROADS}/features.geojson?bbox=114,30,115,31")
    assert drawing.asked == [
        ("one", "roads", (114.0, 30.5, 180.0, 30.6), layers.MOST), ("one", "roads", (114.0, 30.0, 115.0, 31.0), layers.LIMIT),
    ]  # fmt: skip


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "3,2,1,4", "1,4,3,2", "nan,0,1,1", "0,0,inf,1", "1,2,3,4,5"])
def test_what_is_no_box_is_said(client, drawing, box):
    answer = client.get(f"/layers/{ROADS}/features.geojson?bbox={box}")
    assert answer.status_code == 422
    assert "west,south,east,north" in answer.json()["detail"]


@pytest.mark.parametrize(
    "error, status",
    [(TemporaryError(ADDRESS), 503), (AuthenticationError(ADDRESS), 502), (BadDataError(ADDRESS), 502)],
)
def test_a_failure_is_said_in_words_for_people_without_the_address_of_the_service(client, drawing, error, status):
    drawing.answer = error
    for path in (TILE, f"/layers/{ROADS}/features.geojson?bbox=114,30,115,31"):
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.headers["cache-control"] == "no-store"
        assert ("retry-after" in answer.headers) == (status == 503)
        assert not {"10.1.2.3", "s3cret"} & set(answer.text.replace("/", " ").split())
        assert answer.json()["detail"]


@pytest.mark.parametrize("off, said", [(40.0, ""), (300.0, "约 300 米"), (None, "")])
def test_how_far_a_layer_lies_off_is_said_where_it_matters(client, town, off, said):
    with write(town.engine) as connection:
        connection.execute(sa.update(overlays).values(offset_m=off))
    assert said in told(client, ROADS)["warning"]
    assert bool(told(client, ROADS)["warning"]) == bool(said)


def test_a_layer_that_is_off_by_just_the_shift_of_gcj02_is_told_so(client, town):
    off = gcj02_shift_m(114.02, 30.505)
    with write(town.engine) as connection:
        connection.execute(sa.update(overlays).values(offset_m=off))
    warning = told(client, ROADS)["warning"]
    assert 'crs = "GCJ-02"' in warning
    assert f"约 {round(off, -1):.0f} 米" in warning


def test_a_slow_service_holds_up_no_other(town):
    """Of one service at most AT_ONCE are asked at a time; the others wait without a thread."""
    held, full, most, now, lock = threading.Event(), threading.Event(), [0], [0], threading.Lock()

    def slow():
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
            if now[0] == layers.AT_ONCE:
                full.set()
        held.wait(20)
        with lock:
            now[0] -= 1
        return Picture()

    town.house.atlas.answer = slow
    layer = next(each for each in layers.overlays(town.reader, Scope(frozenset({""}), "viewer")) if each.id == PLAN)

    async def many():
        asking = [asyncio.create_task(layers._drawn(layer, partial(town.house.atlas.tile, n))) for n in range(12)]
        assert await asyncio.to_thread(full.wait, 20)
        held.set()
        await asyncio.gather(*asking)

    asyncio.run(many())
    assert most[0] == layers.AT_ONCE
    assert len(town.house.atlas.asked) == 12

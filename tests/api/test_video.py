"""Pictures of cameras: for one session, ten minutes, its own areas; fetched once for all, and a dead camera harms none."""

import hashlib
import io
import re
import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from api import video
from datasources.errors import TemporaryError
from datasources.video.contract import Picture, Playlist, Relay
from datasources.video.relay import FullError
from domain.scope import Scope
from domain.streamnames import sealed
from domain.videomarks import VALID_SECONDS
from store.engine import read, write
from store.schema import areas, case_steps, cases
from store.schema_public import photos
from store.schema_services import cameras
from tests.servers.http import Asked, Reply
from tests.worktown import picture, work_in, worker
from views import stills
from views.stills import Stills, reduced
from views.streams import Streams

SOURCE = 1


class As:
    """A stand-in for the gate: a session and its scope."""

    def __init__(self, app) -> None:
        self.app, self.session, self.access = app, "mine", Scope(("A",), "officer")
        self.actor = worker("officer", "A")

    async def __call__(self, scope, receive, send):
        told = {"session": self.session, "access": self.access, "actor": self.actor, "client": "127.0.0.1"}
        scope.setdefault("state", {}).update(told)
        await self.app(scope, receive, send)


class Connector:
    """Cameras that answer as they are told: a picture, an error, or not before they are let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.trouble: dict[str, Exception] = {}
        self.let = threading.Event()
        self.let.set()
        self.body: bytes | None = picture()
        self.way: Playlist | Relay | None = None
        self.played: list[str] = []

    def picture(self, camera):
        self.asked.append(camera.external_id)
        self.let.wait(20)
        if camera.external_id in self.trouble:
            raise self.trouble[camera.external_id]
        return None if self.body is None else Picture(self.body, "image/jpeg", 1_700_000_000)

    def play(self, camera):
        self.played.append(camera.external_id)
        return self.way


class Relays:
    """Relays that have written what lies in a folder."""

    def __init__(self, folder) -> None:
        self.folder, self.trouble = folder, None

    def playlist(self, key, relay):
        if self.trouble:
            raise self.trouble
        return (self.folder / "index.m3u8").read_bytes()

    def segment(self, key, name):
        found = self.folder / name
        return found if found.is_file() and found.parent == self.folder else None

    def still(self, key, relay):
        return Picture(picture(), "image/jpeg", 1_700_000_050)


@pytest.fixture
def connector() -> Connector:
    return Connector()


@pytest.fixture
def relays(tmp_path) -> Relays:
    folder = tmp_path / "relay"
    folder.mkdir()
    return Relays(folder)


@pytest.fixture
def gate(street, connector, relays, tmp_path):
    house = street.house
    house.work = work_in(street, tmp_path)
    house.secret, house.now = b"s" * 32, 1_700_000_100
    house.clock = lambda: house.now
    house.stills = Stills(lambda _name: connector, relays, house.clock)
    house.streams = Streams(lambda _name: connector, relays, house.secret)
    app = FastAPI()
    app.state.house = house
    app.include_router(video.router)
    with write(street.engine) as connection:
        number = {
            code: connection.execute(sa.select(areas.c.id).where(areas.c.code == code)).scalar_one() for code in "AB"
        }
        for code in "AB":
            values = {"source_id": SOURCE, "external_id": f"camera-{code}", "area_id": number[code], "placing": 0}
            connection.execute(sa.insert(cameras).values(**values, stream="rtsp://me:s3cret@inner/1", content_hash=0))
    return As(app)


@pytest.fixture
def client(gate):
    return TestClient(gate, base_url="http://127.0.0.1")


def camera_of(gate, code: str) -> int:
    with read(gate.app.state.house.engine) as connection:
        wanted = cameras.c.external_id == f"camera-{code}"
        return connection.execute(sa.select(cameras.c.id).where(wanted)).scalar_one()


def address(client, camera: int) -> str:
    answer = client.get(f"/video/sign/{camera}")
    assert answer.status_code == 200
    assert "s3cret" not in answer.text
    return answer.json()["at"]


def test_a_picture_comes_below_the_address_that_was_signed(gate, client):
    answer = client.get(f"{address(client, camera_of(gate, 'A'))}/picture.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert answer.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(answer.content)).width <= stills.TILE_PX


def test_an_address_serves_its_session_its_camera_and_ten_minutes(gate, client):
    gate.access = Scope(("A", "B"), "officer")
    mine, other = camera_of(gate, "A"), camera_of(gate, "B")
    at = address(client, mine)
    assert client.get(f"{at.rpartition('/')[0]}/{other}/picture.jpg").status_code == 410
    gate.session = "another"
    assert client.get(f"{at}/picture.jpg").status_code == 410
    gate.session = "mine"
    gate.app.state.house.now += VALID_SECONDS - 1
    assert client.get(f"{at}/picture.jpg").status_code == 200
    gate.app.state.house.now += 1
    assert client.get(f"{at}/picture.jpg").status_code == 410


@pytest.mark.parametrize("made_up", ["0-0", "x", "ffffffffffff-", "sign", "６5f-abc"])
def test_a_made_up_address_is_none(gate, client, made_up):
    assert client.get(f"/video/{made_up}/{camera_of(gate, 'A')}/picture.jpg").status_code == 410


def test_a_camera_of_a_foreign_area_is_as_one_that_is_not_there(gate, client):
    foreign, mine = camera_of(gate, "B"), camera_of(gate, "A")
    answers = [client.get(f"/video/sign/{number}") for number in (foreign, 9_999, "x", "²")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    at = address(client, mine)
    gate.access = Scope(("B",), "officer")
    assert client.get(f"{at}/picture.jpg").status_code == 404
    gate.access, gate.session = Scope(("A",), "officer"), None
    assert client.get(f"/video/sign/{mine}").status_code == 404


def test_a_dead_camera_is_said_so_and_left_alone_for_a_while(gate, client, connector):
    connector.trouble["camera-A"] = TemporaryError("rtsp://me:s3cret@inner/1 is gone")
    at = address(client, camera_of(gate, "A"))
    answers = [client.get(f"{at}/picture.jpg") for _turn in range(3)]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "10")] * 3
    assert "s3cret" not in answers[0].text
    assert connector.asked == ["camera-A"]
    gate.app.state.house.stills.forget(camera_of(gate, "A"))
    connector.trouble.clear()
    assert client.get(f"{at}/picture.jpg").status_code == 200


def test_many_who_look_at_once_cost_one_picture(gate, connector):
    house = gate.app.state.house
    with read(house.engine) as connection:
        camera = video.read_camera(connection, camera_of(gate, "A"))
    connector.let.clear()
    found = []
    threads = [threading.Thread(target=lambda: found.append(house.stills.of(camera))) for _who in range(8)]
    for thread in threads:
        thread.start()
    connector.let.set()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8
    assert connector.asked == ["camera-A"]


def test_a_camera_that_waits_for_its_turn_is_told_from_a_dead_one(gate, client, connector):
    at = address(client, camera_of(gate, "A"))
    connector.trouble["camera-A"] = FullError("32 cameras are already")
    said = client.get(f"{at}/picture.jpg")
    assert (said.status_code, "Close one" in said.text or "关闭一路" in said.text) == (503, True)


def test_a_camera_that_keeps_silent_is_given_up(gate, client, connector, monkeypatch):
    monkeypatch.setattr(stills, "PATIENCE_SECONDS", 0.05)
    connector.let.clear()
    at = address(client, camera_of(gate, "A"))
    assert client.get(f"{at}/picture.jpg").status_code == 503
    connector.let.set()


SEGMENT = b"\x47" + bytes(187)
RELAY = Relay(("-i", "rtsp://me:s3cret@inner/1"), ("rtsp",))


def served(http_server, **files: bytes) -> None:
    kinds = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t", "html": "text/html"}

    def answer(asked: Asked) -> Reply:
        name = asked.path.rpartition("/")[2].replace(".", "_")
        if name not in files:
            return Reply(status=404)
        return Reply(files[name], headers={"Content-Type": kinds.get(asked.path.rpartition(".")[2], "x/y")})

    http_server.answer = answer


def test_a_playlist_is_given_on_piece_by_piece_and_names_nothing_within(gate, client, connector, http_server):
    served(
        http_server,
        main_m3u8=b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/one.m3u8?token=s3cret\n",
        one_m3u8=b'#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI="k.key"\n#EXTINF:1,\n/a/b.ts\n',
        b_ts=SEGMENT, k_key=b"0123456789abcdef",
    )  # fmt: skip
    connector.way = Playlist(f"{http_server.url}/x/main.m3u8", (http_server.url,), {"Authorization": "Basic s3cret"})
    at = address(client, camera_of(gate, "A"))
    first = client.get(f"{at}/index.m3u8")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-store")
    second = client.get(f"{at}/{first.text.splitlines()[-1]}")
    assert http_server.asked[-1].path == "/x/low/one.m3u8"
    key, part = re.search(r'URI="(.*)"', second.text)[1], second.text.splitlines()[-1]
    assert client.get(f"{at}/{part}").content == SEGMENT
    assert client.get(f"{at}/{key}").content == b"0123456789abcdef"
    assert not re.search("s3cret|127|one|http", first.text + second.text)
    assert {asked.headers["authorization"] for asked in http_server.asked} == {"Basic s3cret"}


def test_a_playlist_leads_nowhere_but_to_named_hosts(gate, client, connector, http_server):
    at = address(client, camera_of(gate, "A"))
    connector.way = Playlist(f"{http_server.url}/main.m3u8", (http_server.url,))
    for line in (b"http://other.test/a.ts", b"file:///etc/passwd", b"//169.254.169.254/a.ts", b"data:text/plain,x"):
        served(http_server, main_m3u8=b"#EXTM3U\n#EXTINF:1,\n" + line + b"\n")
        gate.app.state.house.streams.forget(camera_of(gate, "A"))
        answer = client.get(f"{at}/index.m3u8")
        assert (answer.status_code, "other" in answer.text) == (503, False)
    assert {asked.path for asked in http_server.asked} == {"/main.m3u8"}


def test_a_name_that_we_did_not_give_or_gave_to_another_camera_is_none(gate, client, connector, http_server):
    gate.access = Scope(("A", "B"), "officer")
    connector.way = Playlist(f"{http_server.url}/main.m3u8", (http_server.url,))
    served(http_server, main_m3u8=b"#EXTM3U\n#EXTINF:1,\na.ts\n", a_ts=SEGMENT, a_html=b"<script>")
    ours = address(client, camera_of(gate, "A"))
    name = client.get(f"{ours}/index.m3u8").text.splitlines()[-1]
    assert client.get(f"{ours}/{name}").status_code == 200
    for at, given in ((address(client, camera_of(gate, "B")), name), (ours, "a.ts"), (ours, "x" * 300), (ours, "..")):
        assert client.get(f"{at}/{given}").status_code in (404, 405)
    page = sealed(b"s" * 32, camera_of(gate, "A"), f"{http_server.url}/a.html")
    assert client.get(f"{ours}/{page}").status_code == 503


def test_a_part_of_a_piece_is_asked_for_as_a_part(gate, client, connector, http_server):
    def answer(asked: Asked) -> Reply:
        if asked.path == "/main.m3u8":
            return Reply(b"#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:4@8\nall.mp4\n")
        assert asked.headers["range"] == "bytes=8-11"
        return Reply(b"WXYZ", 206, {"Content-Range": "bytes 8-11/100", "Content-Type": "video/mp4"})

    http_server.answer = answer
    connector.way = Playlist(f"{http_server.url}/main.m3u8", (http_server.url,))
    at = address(client, camera_of(gate, "A"))
    name = client.get(f"{at}/index.m3u8").text.splitlines()[-1]
    part = client.get(f"{at}/{name}", headers={"Range": "bytes=8-11"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"WXYZ", "bytes 8-11/100")


def test_a_relay_is_played_and_gives_the_picture_of_a_camera_that_has_none(gate, client, connector, relays):
    connector.way, connector.body = RELAY, None
    (relays.folder / "index.m3u8").write_bytes(b"#EXTM3U\n#EXTINF:1,\n7.ts\n")
    (relays.folder / "7.ts").write_bytes(SEGMENT)
    at = address(client, camera_of(gate, "A"))
    assert client.get(f"{at}/index.m3u8").text.splitlines()[-1] == "7.ts"
    found = client.get(f"{at}/7.ts")
    assert (found.content, found.headers["content-type"]) == (SEGMENT, "video/mp2t")
    assert client.get(f"{at}/8.ts").status_code == 404
    assert client.get(f"{at}/picture.jpg").headers["last-modified"] == "Tue, 14 Nov 2023 22:14:10 GMT"


def test_a_relay_that_starts_says_when_to_ask_again_and_a_camera_of_pictures_says_so(gate, client, connector, relays):
    relays.trouble = TemporaryError("rtsp://me:s3cret@inner/1 starts", 1)
    connector.way = RELAY
    at = address(client, camera_of(gate, "A"))
    answer = client.get(f"{at}/index.m3u8")
    assert (answer.status_code, answer.headers["retry-after"], "s3cret" in answer.text) == (503, "1", False)
    connector.way = None
    gate.app.state.house.streams.forget(camera_of(gate, "A"))
    assert client.get(f"{at}/index.m3u8").status_code == 404


def test_a_stream_ends_with_its_address_its_session_and_its_scope(gate, client, connector, relays):
    connector.way = RELAY
    (relays.folder / "index.m3u8").write_bytes(b"#EXTM3U\n#EXTINF:1,\n7.ts\n")
    (relays.folder / "7.ts").write_bytes(SEGMENT)
    at = address(client, camera_of(gate, "A"))
    assert client.get(f"{at}/7.ts").status_code == 200
    gate.session = "another"
    assert [client.get(f"{at}/{name}").status_code for name in ("index.m3u8", "7.ts")] == [410, 410]
    gate.session, gate.access = "mine", Scope(("B",), "officer")
    assert [client.get(f"{at}/{name}").status_code for name in ("index.m3u8", "7.ts")] == [404, 404]
    gate.access = Scope(("A",), "officer")
    gate.app.state.house.now += VALID_SECONDS
    assert [client.get(f"{at}/{name}").status_code for name in ("index.m3u8", "7.ts")] == [410, 410]


def test_many_who_look_at_once_cost_one_fetch(gate, client, connector, http_server):
    served(http_server, main_m3u8=b"#EXTM3U\n#EXTINF:1,\na.ts\n", a_ts=SEGMENT)
    connector.way = Playlist(f"{http_server.url}/main.m3u8", (http_server.url,))
    house = gate.app.state.house
    with read(house.engine) as connection:
        camera = video.read_camera(connection, camera_of(gate, "A"))
    found = {asked.result(20).body for asked in [house.streams.index(camera) for _who in range(8)]}
    assert (len(found), len(http_server.asked), connector.played) == (1, 1, ["camera-A"])


def case_in(gate, code: str) -> int:
    low, high = gate.app.state.house.site.areas.range(code)
    ids = [int(number) for number in gate.app.state.house.site.areas.ids[low:high]]
    open_ones = sa.select(cases.c.id).where(cases.c.area_id.in_(ids), cases.c.status == "handling").limit(1)
    with read(gate.app.state.house.engine) as connection:
        return connection.execute(open_ones).scalar_one()


def test_a_picture_becomes_evidence_with_camera_time_and_the_hash_of_the_kept_file(gate, client):
    case, house = case_in(gate, "A"), gate.app.state.house
    answer = client.post(f"/video/{camera_of(gate, 'A')}/evidence", json={"case": case})
    assert (answer.status_code, answer.json()["case"]) == (201, case)
    with read(house.engine) as connection:
        photo = connection.execute(sa.select(photos).where(photos.c.case_id == case)).one()
        step = connection.execute(sa.select(case_steps).where(case_steps.c.id == photo.step_id)).one()
    (kept,) = house.work.uploads.rglob(f"{photo.digest}*")
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == photo.digest
    assert (photo.kind, step.move, step.case_id) == ("evidence", "note", case)
    assert photo.digest in step.note and "camera-A" in step.note and "2023-11-15 06:13:20" in step.note


def test_evidence_asks_for_both_camera_and_case_and_for_a_role_that_works(gate, client, connector):
    mine, abroad = case_in(gate, "A"), case_in(gate, "B")
    assert client.post(f"/video/{camera_of(gate, 'B')}/evidence", json={"case": mine}).status_code == 404
    assert client.post(f"/video/{camera_of(gate, 'A')}/evidence", json={"case": abroad}).status_code == 404
    assert client.post(f"/video/{camera_of(gate, 'A')}/evidence", json={"case": "x"}).status_code == 422
    gate.actor = worker("viewer", "A")
    assert client.post(f"/video/{camera_of(gate, 'A')}/evidence", json={"case": mine}).status_code == 403
    gate.actor = worker("officer", "A")
    connector.trouble["camera-A"] = TemporaryError("gone")
    gate.app.state.house.stills.forget(camera_of(gate, "A"))
    assert client.post(f"/video/{camera_of(gate, 'A')}/evidence", json={"case": mine}).status_code == 503
    with read(gate.app.state.house.engine) as connection:
        taken = sa.select(sa.func.count()).select_from(photos).where(photos.c.case_id.is_not(None))
        assert connection.execute(taken).scalar_one() == 0


@contextmanager
def bad_picture():
    with pytest.raises(stills.BadDataError) as caught:
        yield caught


def test_what_is_no_picture_or_far_too_large_a_one_is_refused(monkeypatch):
    with bad_picture():
        reduced(Picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 0), 640)
    monkeypatch.setattr(stills, "MOST_PIXELS", 100)
    with bad_picture():
        reduced(Picture(picture(), "image/jpeg", 0), 640)

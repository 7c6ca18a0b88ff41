"""The pages for residents without any script: report, track, rate; what is refused is said and leaves nothing."""

import asyncio
import re
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from actions.places import NewPlace, make_places
from api import places as routes_of_places
from api import public, tracking
from api.application import ROUTERS
from api.bodies import TooLargeError, limited
from components.words import set_language
from config_public import Public
from domain.catalogue import Catalogue
from domain.scope import Scope
from domain.tracking import new_form
from store.schema import cases
from store.schema_public import photos, reporters
from tests.actions.test_photos import bomb
from tests.actions.test_report_publicly import to_the_end
from tests.tiletown import NOW, SOUTH, STEP, WEST
from tests.worktown import CATALOGUE, SECRET, USUAL, picture, work_in, worker

HERE = {"longitude": str(WEST + STEP / 2), "latitude": str(SOUTH + STEP / 2)}
URL = "https://hall.example"


class Nobody:
    """A stand-in for the gate: a resident, or whoever `actor` is."""

    def __init__(self, app) -> None:
        self.app, self.actor = app, None

    async def __call__(self, scope, receive, send):
        known = self.actor or worker("public")
        access = Scope(known.areas, known.role) if self.actor else Scope.nothing()
        scope.setdefault("state", {}).update(actor=known, access=access, client="10.0.0.1")
        await self.app(scope, receive, send)


@pytest.fixture
def hall(street, tmp_path):
    house = street.house
    house.work, house.secret, house.catalogue = work_in(street, tmp_path), SECRET, CATALOGUE
    house.settings = SimpleNamespace(
        public=Public(reports_per_hour=50), site=SimpleNamespace(name="Town", public_url=URL), var=tmp_path
    )
    app = FastAPI()
    app.state.house = house
    for module in (public, tracking, routes_of_places):
        app.include_router(module.router)
    gate = Nobody(app)
    yield SimpleNamespace(client=TestClient(gate, base_url="http://127.0.0.1"), gate=gate, house=house, work=house.work)
    set_language("zh_CN")


def test_every_route_of_the_channel_is_served():
    assert all(module.router in ROUTERS for module in (public, tracking, routes_of_places))


def token(page: str) -> str:
    return re.search(r'name="form" value="([^"]+)"', page)[1]


def counted(hall) -> tuple[int, ...]:
    with hall.work.site.engine.connect() as connection:
        tables = (cases, reporters, photos)
        return tuple(connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in tables)


def send(hall, files=None, **fields):
    form = fields.pop("form", None) or token(hall.client.get("/report").text)
    body = {"form": form, "group": "road", **HERE, **fields}
    return hall.client.post("/report", data=body, files=files or {"photo": ("", b"")}, follow_redirects=False)


def test_a_report_leads_to_its_code_and_the_code_to_the_report(hall):
    answer = send(hall, {"photo": ("a.jpg", picture(), "image/jpeg")}, text="cracked", phone="13812345678")
    assert answer.status_code == 303
    shown = hall.client.get(answer.headers["location"])
    assert shown.status_code == 200
    assert "已提交" in shown.text
    assert "13812345678" not in shown.text
    (name,) = set(re.findall(r'src="/public/photos/([^"]+)"', shown.text))
    assert hall.client.get(f"/public/photos/{name}").headers["content-type"] == "image/jpeg"
    assert hall.client.get(f"/public/photos/{name}x").status_code == 404
    for answer in (shown, hall.client.get("/report"), hall.client.get("/track")):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"


def test_a_form_sent_twice_leads_to_the_same_code(hall):
    form = token(hall.client.get("/report").text)
    photo = {"photo": ("a.jpg", picture(), "image/jpeg")}
    first, second = send(hall, photo, form=form), send(hall, photo, form=form)
    assert first.headers["location"] == second.headers["location"]
    assert counted(hall) == (301, 1, 1)


BAD = [
    ({"group": ""}, None, "哪类问题"), ({"longitude": "", "latitude": ""}, None, ""),
    ({"text": "x" * 10_000}, None, "2000"), ({"phone": "none of it"}, None, "11 位"),
    ({"website": "http://spam.example"}, None, "看不见的栏目"), ({"form": "made.up.token"}, None, "打开太久"),
    ({}, {"photo": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")}, "JPEG"),
    ({}, {"photo": ("a.png", bomb(60_000, 60_000))}, "JPEG"), ({}, {"photo": ("a.jpg", b"\0" * 13_000_000)}, "12 MB"),
    ({"text": "a\u0007b"}, None, "无法识别"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "files", "said"), BAD)
def test_bad_input_is_refused_in_the_readers_language_logged_once_and_kept_nowhere(hall, fields, files, said):
    form = token(hall.client.get("/report").text)
    before = counted(hall)
    with structlog.testing.capture_logs() as logs:
        answer = send(hall, files, **{"form": form, "spot": "18 North Street"} | fields)
    assert answer.status_code in {422, 429}
    problem = re.search(r'role="alert" id="report-problem">([^<]+)<', answer.text)[1]
    assert said in problem
    assert re.search("[\u4e00-\u9fff]", problem)
    assert counted(hall) == before
    assert len(logs) == 1
    assert "North" not in str(logs)
    if not fields.get("website"):
        assert "18 North Street" in answer.text, "what was written is still there"


def test_more_photos_than_a_report_takes_are_refused_with_the_rest_kept(hall):
    many = [("photo", (f"{n}.jpg", picture(), "image/jpeg")) for n in range(5)]
    answer = send(hall, many, text="cracked")
    assert answer.status_code == 422
    assert "最多提交 3 张" in answer.text
    assert "cracked" in answer.text
    assert send(hall, text="x" * 200_000).status_code == 422
    assert counted(hall)[1:] == (0, 0)


def test_a_site_that_offers_residents_nothing_says_so(hall):
    hall.house.catalogue = Catalogue((), USUAL)
    answer = hall.client.get("/report")
    assert (answer.status_code, "group" in answer.text) == (404, True)


def test_a_script_in_a_title_is_text(hall):
    script = "<script>alert(1)</script>"
    shown = hall.client.get(send(hall, spot=script, text=script).headers["location"])
    assert script not in shown.text
    assert "&lt;script&gt;" in shown.text


def test_half_a_character_is_refused(hall):
    form = token(hall.client.get("/report").text)
    body = b"form=" + form.encode() + b"&group=road&text=a%ED%A0%80b&longitude=114.005&latitude=30.505"
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    assert hall.client.post("/report", content=body, headers=head).status_code == 422
    assert counted(hall)[1] == 0


def test_a_photo_of_40_mb_is_refused_before_it_is_read():
    scope = {"path": "/report/photos", "headers": [(b"content-length", b"40000001")]}
    with pytest.raises(TooLargeError):
        asyncio.run(limited(scope, None))


def test_a_photo_that_was_kept_comes_back_with_the_form(hall):
    answer = send(hall, {"photo": ("a.jpg", picture(), "image/jpeg")}, group="")
    assert answer.status_code == 422
    (number,) = re.findall(r'name="kept" value="(\d+)" checked', answer.text)
    assert send(hall, form=token(answer.text), kept=number).status_code == 303
    assert counted(hall) == (301, 1, 1)


def test_a_script_is_told_in_json(hall):
    json = {"Accept": "application/json"}
    form = token(hall.client.get("/report").text)
    sent = hall.client.post("/report/photos", data={"form": form}, files={"photo": ("x", picture())})
    assert sent.status_code == 201
    bad = hall.client.post("/report", data={"form": form, **HERE}, headers=json)
    assert (bad.status_code, set(bad.json())) == (422, {"detail", "form"})
    body = {"form": form, "group": "road", "kept": sent.json()["id"], **HERE}
    assert hall.client.post("/report", data=body, headers=json).json()["to"].startswith("/track/")
    assert hall.client.post("/report/photos", data={"form": "x"}, files={"photo": ("x", picture())}).status_code == 422
    old = new_form(SECRET, b"0" * 16, NOW - 90 * 86_400)
    told = hall.client.post("/report", data={"form": old, "group": "road", **HERE}, headers=json).json()
    assert told["form"] != old


def test_a_code_is_opened_with_its_place_and_a_revoked_one_without(hall):
    (place,) = make_places(hall.work.site, worker("leader"), [NewPlace("North gate", "A1")], now=NOW)
    assert "North gate" in hall.client.get(f"/p/{place}").text
    for other in ("nosuchplace", "x" * 500, "%00", "é"):
        answer = hall.client.get(f"/p/{other}")
        assert answer.status_code == 200
        assert "作废" in answer.text


def test_where_a_point_lies_is_said_by_the_name_of_its_community(hall):
    ask = "/report/where?longitude={}&latitude={}"
    assert hall.client.get(ask.format(*HERE.values())).json() == {"name": "A"}
    assert hall.client.get(ask.format(20.3, 40.7)).json() == {"name": None}
    assert hall.client.get(ask.format("", "")).json() == {"name": None}
    assert hall.client.get(ask.format("x", "nan")).status_code == 422


CODES = ["AAAABBBBCCCC", "aaaa-bbbb-cccc", "x", "0000-0000-0000", "%00", "' OR 1=1", "A" * 3_000]


@pytest.mark.parametrize("code", CODES)
def test_unknown_codes_are_answered_alike(hall, code):
    usual = hall.client.get("/track/ZZZZZZZZZZZZ")
    assert usual.status_code == 404
    for answer in (
        hall.client.get(f"/track/{code}"), hall.client.post("/track", data={"code": code}),
        hall.client.post("/rate", data={"code": code, "level": "satisfied"}),
    ):  # fmt: skip
        assert (answer.status_code, answer.text) == (404, usual.text)


def test_an_expired_code_is_answered_like_one_that_never_was(hall):
    code = send(hall).headers["location"].split("/")[2].partition("?")[0]
    assert hall.client.get(f"/track/{code}").status_code == 200
    hall.house.clock = lambda: NOW + 366 * 86_400
    assert hall.client.get(f"/track/{code}").text == hall.client.get("/track/ZZZZZZZZZZZZ").text


def closed(hall) -> str:
    code = send(hall).headers["location"].split("/")[2].partition("?")[0]
    with hall.work.site.engine.connect() as connection:
        to_the_end(hall.work, connection.execute(sa.select(reporters.c.case_id)).scalar_one())
    return code


def test_a_closed_case_is_rated_with_nothing_chosen_before(hall):
    code = closed(hall)
    page = hall.client.get(f"/track/{code}").text
    assert page.count('name="level"') == 3
    assert "checked" not in page
    assert hall.client.post("/rate", data={"code": code}).status_code == 422
    assert hall.client.post("/rate", data={"code": code, "level": "splendid"}).status_code == 422
    done = hall.client.post("/rate", data={"code": code, "level": "basically", "comment": "fine\r\nwork"})
    assert "基本满意" in done.text
    with hall.work.site.engine.connect() as connection:
        rated = sa.select(cases.c.level).join(reporters, reporters.c.case_id == cases.c.id)
        assert connection.execute(rated).scalar_one() == 1


def test_a_low_rating_takes_it_up_once_more_and_says_so(hall):
    code = closed(hall)
    assert "重新办理" in hall.client.get(f"/track/{code}").text
    answer = hall.client.post("/rate", data={"code": code, "level": "dissatisfied"})
    assert "已重新办理" in answer.text
    assert 'name="level"' not in answer.text
    assert hall.client.post("/rate", data={"code": code, "level": "satisfied"}).status_code == 409


def test_an_open_case_cannot_be_rated(hall):
    code = send(hall).headers["location"].split("/")[2].partition("?")[0]
    assert hall.client.post("/rate", data={"code": code, "level": "satisfied"}).status_code == 409


def test_a_leader_makes_prints_and_revokes_codes_in_their_areas_and_sees_no_others(hall):
    make_places(hall.work.site, worker("leader"), [NewPlace("Elsewhere", "B1")], now=NOW)
    hall.gate.actor = worker("leader", "A")
    done = hall.client.post("/places", data={"area": "A", "each": "grid", "name": ""})
    assert done.status_code == 200
    assert done.text.count("/revoke?") == 2
    assert "Elsewhere" not in done.text
    assert hall.client.post("/places", data={"area": "B", "name": "x"}).status_code == 404
    ids = re.findall(r"/places/([^/]+)/revoke", done.text)
    assert hall.client.post(f"/places/{ids[0]}/revoke").text.count("/revoke?") == 1
    assert hall.client.post(f"/places/{ids[0]}/revoke").status_code == 409
    assert hall.client.post("/places/nosuch/revoke").status_code == 404
    pdf = hall.client.get("/places/sheet.pdf?area=A")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert hall.client.get("/places/sheet.pdf?area=B").status_code == 404


def test_without_its_address_the_site_prints_no_code(hall):
    hall.gate.actor = worker("leader")
    hall.client.post("/places", data={"area": "A", "name": "Gate"})
    hall.house.settings.site.public_url = ""
    answer = hall.client.get("/places/sheet.pdf", headers={"Host": "evil.example"})
    assert answer.status_code == 409
    assert "public_url" in answer.text
    assert "evil" not in answer.text

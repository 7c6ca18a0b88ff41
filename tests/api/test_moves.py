"""POST /moves, /reports and /duplicates: one step of one case, once, by who may; and clear sentences for all else."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import moves, photos
from components.words import _
from domain.scope import Scope
from store.engine import read
from store.schema import case_steps, cases
from store.schema_public import reporters
from tests.worktown import picture, work_in, worker


class As:
    """A stand-in for the gate: whoever it is told, in their areas."""

    def __init__(self, app) -> None:
        self.app, self.actor = app, worker("intake")

    async def __call__(self, scope, receive, send):
        access = Scope(self.actor.areas, self.actor.role)
        scope.setdefault("state", {}).update(actor=self.actor, access=access, client="127.0.0.1")
        await self.app(scope, receive, send)


@pytest.fixture
def gate(street, tmp_path):
    street.house.work = work_in(street, tmp_path)
    app = FastAPI()
    app.state.house = street.house
    for module in (moves, photos):
        app.include_router(module.router)
    return As(app)


@pytest.fixture
def client(gate):
    return TestClient(gate, base_url="http://127.0.0.1")


def point(street) -> dict[str, float]:
    """A place that lies in an area of the town."""
    with read(street.engine) as connection:
        found = connection.execute(sa.select(cases.c.longitude, cases.c.latitude).where(cases.c.placing == 0)).first()
    return {"longitude": found[0], "latitude": found[1]}


def report(client, street, once="r1", **fields):
    given = {"category": "manhole", "text": "a hole", **point(street), **fields}
    return client.post("/reports", json={"fields": {k: v for k, v in given.items() if v is not None}, "once": once})


def step(client, case, move="register", version=1, once="m1", **fields):
    return client.post(
        "/moves", json={"case": case, "move": move, "version": version, "seen": 0, "fields": fields, "once": once}
    )


def steps(street, case) -> list[str]:
    with read(street.engine) as connection:
        query = sa.select(case_steps.c.move).where(case_steps.c.case_id == case).order_by(case_steps.c.id)
        return [row[0] for row in connection.execute(query)]


def test_a_report_becomes_a_case_with_who_said_so_apart_from_it(client, street):
    answer = report(client, street, name="Li Lei", phone="138 1234 5678", order_no="GD-1", channel="Telephone")
    assert answer.status_code == 200
    case = answer.json()["case"]
    with read(street.engine) as connection:
        row = connection.execute(sa.select(cases).where(cases.c.id == case)).mappings().one()
        who = connection.execute(sa.select(reporters).where(reporters.c.case_id == case)).mappings().one()
    assert (row["order_no"], row["channel"], row["status"]) == ("GD-1", "Telephone", "reported")
    assert (who["name"], who["phone"]) == ("Li Lei", "13812345678")
    assert steps(street, case) == ["report"]


def test_a_form_that_is_sent_twice_makes_one_case_and_one_reporter(client, street):
    first, second = (report(client, street, name="Li").json() for _i in range(2))
    assert first == second
    with read(street.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(reporters)).scalar_one() == 1


def test_a_step_is_made_once_however_often_its_form_is_sent(client, street):
    case = report(client, street).json()["case"]
    first, second = (step(client, case, condition="cracked").json() for _i in range(2))
    assert first == second == {"case": case, "version": 2, "state": "registered"}
    assert steps(street, case) == ["report", "register"]


def test_who_comes_second_is_told_what_has_changed(client, street):
    case = report(client, street).json()["case"]
    step(client, case, condition="cracked")
    late = step(client, case, once="m2", condition="cracked")
    assert late.status_code == 409
    assert late.json()["detail"] == _("Somebody else has moved this case meanwhile; look at it again.")
    assert [line.split(" · ")[1] for line in late.json()["changed"]] == ["上报", "立案"]
    assert steps(street, case) == ["report", "register"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"move": "close"}, 409), ({"move": "dispatch", "department": "roads"}, 403), ({"move": "nonsense"}, 409), ({"case": 999_999}, 404),
        ({}, 422), ({"condition": "nonsense"}, 422), ({"condition": "cracked", "colour": "red"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_a_sentence_and_changes_nothing(client, street, sent, status):
    case = report(client, street).json()["case"]
    answer = step(client, **{"case": case} | sent)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert answer.headers["cache-control"] == "no-store"
    assert steps(street, case) == ["report"]


def test_a_case_of_another_area_is_not_there(gate, client, street):
    case = report(client, street).json()["case"]
    with read(street.engine) as connection:
        area = connection.execute(sa.select(cases.c.area_id).where(cases.c.id == case)).scalar_one()
    position = int(street.site.areas.position_of_id[area])
    mine = next(c for c in street.site.areas.code[1:] if not range(*street.site.areas.range(c)).count(position))
    gate.actor = worker("intake", mine)
    assert step(client, case, condition="cracked").status_code == 404
    assert report(client, street, once="r2").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"case": "1"}', b'{"case": true, "move": "note", "version": 1, "fields": {}, "once": ""}',
        b'{"case": 99999999999999999999, "move": "note", "version": 1, "fields": {}, "once": ""}',
        b'{"case": 1, "move": "\\ud800", "version": 1, "fields": {}, "once": ""}', b"\xff\xfe",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/moves", "/reports", "/duplicates"])
def test_what_cannot_be_read_is_refused(client, path, body):
    answer = client.post(path, content=body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "fields",
    [
        {"photos": ["1"]}, {"photos": [True]}, {"photos": {"a": 1}}, {"longitude": "114"}, {"text": 7}, {"phone": "none"},
        {"name": "x" * 41}, {"photos": [999_999]}, {"text": None}, {"category": "nonsense"}, {"longitude": None},
        {"text": "x" * 2_001}, {"longitude": 1e300},
    ],
)  # fmt: skip
def test_a_form_with_something_that_does_not_fit_makes_no_case(client, street, fields):
    with read(street.engine) as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one()
    answer = report(client, street, **fields)
    assert answer.status_code == 422
    with read(street.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one() == before


def test_what_was_put_right_on_the_spot_needs_both_photos(gate, client, street):
    gate.actor = worker("officer")
    kept = [client.post("/photos", files={"photo": ("x.jpg", picture(), "image/jpeg")}).json()["id"] for _i in range(2)]
    body = {"self_handled": True, "once": "s", "fields": {"category": "litter", "text": "swept", **point(street)}}
    assert client.post("/reports", json=body).status_code == 422
    body["fields"] |= {"before": kept[:1], "after": kept[1:]}
    answer = client.post("/reports", json=body)
    assert answer.status_code == 200
    with read(street.engine) as connection:
        row = connection.execute(sa.select(cases.c.status).where(cases.c.id == answer.json()["case"])).scalar_one()
    assert row == "self_handled"


def test_what_looks_alike_is_told_within_the_areas_of_who_asks(gate, client, street):
    made = report(client, street).json()
    asked = {"category": "manhole", **point(street)}
    (alike,) = client.post("/duplicates", json=asked).json()["cases"]
    assert (alike["id"], alike["number"]) == (made["case"], made["number"])
    assert client.post("/duplicates", json=asked | {"category": "puddle"}).json() == {"cases": []}
    far = {**asked, "latitude": asked["latitude"] + 0.001}
    assert client.post("/duplicates", json=far).json() == {"cases": []}

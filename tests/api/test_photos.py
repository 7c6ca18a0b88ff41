"""POST /photos and GET /photos/{id}: a picture is shown to who may see its case, before that to its uploader."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.testclient import TestClient

from api import photos as routes_of_photos
from domain.scope import Scope
from store.engine import write
from store.schema import cases
from store.schema_public import photos
from tests.worktown import picture, work_in, worker


class As:
    """A stand-in for the gate: whoever it is told, in their areas."""

    def __init__(self, app) -> None:
        self.app, self.actor = app, worker("officer", "A")

    async def __call__(self, scope, receive, send):
        access = Scope(self.actor.areas, self.actor.role)
        scope.setdefault("state", {}).update(actor=self.actor, access=access, client="127.0.0.1")
        await self.app(scope, receive, send)


@pytest.fixture
def gate(street, tmp_path):
    street.house.work = work_in(street, tmp_path)
    app = FastAPI()
    app.state.house = street.house
    app.include_router(routes_of_photos.router)
    return As(app)


@pytest.fixture
def client(gate):
    return TestClient(gate, base_url="http://127.0.0.1")


def send(client, data: bytes):
    return client.post("/photos", files={"photo": ("x.jpg", data, "image/jpeg")})


def case_in(street, community: str) -> int:
    low, high = street.site.areas.range(community)
    ids = [int(i) for i in street.site.areas.ids[low:high]]
    with street.engine.connect() as connection:
        query = sa.select(cases.c.id).where(cases.c.area_id.in_(ids)).limit(1)
        return connection.execute(query).scalar_one()


def test_who_sent_it_sees_it_and_nobody_else(gate, client):
    number = send(client, picture()).json()["id"]
    answer = client.get(f"/photos/{number}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    gate.actor = worker("intake")
    assert client.get(f"/photos/{number}").status_code == 404


@pytest.mark.parametrize(("community", "status"), [("A", 200), ("B", 404)])
def test_with_a_case_it_is_shown_within_its_area(street, gate, client, community, status):
    number = send(client, picture()).json()["id"]
    with write(street.engine) as connection:
        connection.execute(sa.update(photos).values(case_id=case_in(street, community)))
    assert client.get(f"/photos/{number}").status_code == status
    gate.actor = worker("intake", "B")
    assert client.get(f"/photos/{number}").status_code == (404 if community == "A" else 200)


@pytest.mark.parametrize("name", ["0", "-1", "1e3", "x", "9" * 30, "%00"])
def test_a_number_that_is_no_photo_is_answered_alike(client, name):
    assert client.get(f"/photos/{name}").status_code == 404


def test_what_is_no_photo_is_refused_in_the_readers_language(client):
    answer = send(client, b"<svg><script>alert(1)</script></svg>")
    assert answer.status_code == 422
    assert "JPEG" in answer.json()["detail"]
    assert client.post("/photos").status_code == 422

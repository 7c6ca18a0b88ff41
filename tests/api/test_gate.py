"""The gate: this machine comes in, nobody else does, whatever name they call us by."""

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from api.gate import Gate


async def whoami(scope, receive, send):
    request = Request(scope)
    state = request.scope["state"]
    await JSONResponse({"name": state["principal"].name, "areas": sorted(state["access"].areas)})(scope, receive, send)


def ask(path: str = "/", *, client: str = "127.0.0.1", host: str = "127.0.0.1:8050"):
    return TestClient(Gate(whoami), client=(client, 5)).get(path, headers={"Host": host})


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.1", "::1"])
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8050", "localhost", "localhost:8050", "[::1]", "[::1]:8050"])
def test_this_machine_sees_the_whole_site(client, host):
    answer = ask(client=client, host=host)
    assert (answer.status_code, answer.json()) == (200, {"name": "local", "areas": [""]})


@pytest.mark.parametrize("client", ["10.0.0.7", "192.168.1.4", "::2", "fe80::1", "testclient", "::ffff:10.0.0.1"])
def test_another_machine_is_turned_away(client):
    answer = ask(client=client)
    assert answer.status_code == 403
    assert "this machine only" in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8050",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.7:8050",
        "",
        "[::2]:80",
        "127.0.0.1@evil.example",
    ],
)
def test_a_foreign_page_cannot_borrow_our_address_by_a_name_of_its_own(host):
    assert ask(host=host).status_code == 403


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_the_server_lives_may_be_asked_by_anyone_who_then_sees_nothing(path):
    answer = ask(path, client="10.0.0.7", host="hall.example")
    assert (answer.status_code, answer.json()) == (200, {"name": "nobody", "areas": []})
    for near in (f"{path}/", f"{path}x", f"/x{path}"):
        assert ask(near, client="10.0.0.7").status_code == 403


def test_a_foreign_name_in_a_forwarding_header_opens_nothing():
    headers = {"Host": "127.0.0.1", "X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    assert TestClient(Gate(whoami), client=("10.0.0.7", 5)).get("/", headers=headers).status_code == 403

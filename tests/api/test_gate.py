"""The gate: who comes in, with what in their hands; what is turned away, and how it is told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.testclient import TestClient

from actions.keys import add_key
from actions.people import People
from api.bodies import MOST, USUAL
from api.callers import Callers
from api.gate import Gate
from config import Site
from config_security import Security
from domain.actor import ADMINISTRATORS, ROLES
from domain.ways import OPEN, is_open
from store.engine import open_engine, write
from tests import accounts
from tests.servers.tables import make_tables

NOW = 1_800_000_000
PAGE = {"Accept": "text/html"}
HERE = {"Origin": "http://testserver"}


async def whoami(scope, receive, send):
    request = Request(scope, receive)
    state = scope["state"]
    size = len(await request.body())
    told = {
        "login": state["actor"].login, "areas": sorted(state["access"].areas), "session": state["session"],
        "client": state["client"], "local": state["local"], "bytes": size,
    }  # fmt: skip
    answer = HTMLResponse(json.dumps(told)) if request.url.path == "/page" else JSONResponse(told)
    await answer(scope, receive, send)


class Hall:
    """A gate before an application that says who asks, with a store and a clock of its own."""

    def __init__(self, folder, **site):
        self.engine = open_engine(f"sqlite:///{folder}/store.db")
        make_tables(self.engine)
        self.now = NOW
        self.people = People(self.engine, b"s" * 32, Security(), frozenset({"", "A"}))
        self.callers = Callers(self.people, lambda: self.now)
        self.gate = Gate(whoami, self.callers, Site(**site))
        self.client = self.of("10.0.0.7")

    def of(self, address: str) -> TestClient:
        return TestClient(self.gate, client=(address, 5), follow_redirects=False)

    def enter(self, role: str = "viewer", areas=("A",), **values) -> dict[str, str]:
        """The headers of a fresh session of a fresh account."""
        account = accounts.add(self.engine, f"{role}{self.now}", role, areas, **values)
        token = f"token-{account.id}"
        self.account = account
        with write(self.engine) as connection:
            row = accounts.Session(accounts.digest(token), account.id, "in", "10.0.0.7", self.now, self.now, None)
            accounts.accounts.open_session(connection, row)
        return {"Cookie": f"{accounts.COOKIE}={token}"}

    def tick(self, seconds: int) -> None:
        self.now += seconds
        self.callers.forget()


@pytest.fixture
def hall(tmp_path):
    made = Hall(tmp_path)
    yield made
    made.engine.dispose()


def test_nobody_passes_a_machine_gets_401_and_a_person_the_way_to_sign_in(hall):
    answer = hall.client.get("/values?area=A")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"]
    answer = hall.client.get("/cases/1?x=a&y=b", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/cases/1%3Fx%3Da%26y%3Db")
    assert hall.client.post("/cases", headers=PAGE | HERE).status_code == 401


@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
def test_this_machine_has_no_privilege(hall, client):
    assert hall.of(client).get("/values", headers={"Host": "localhost"}).status_code == 401


def test_figures_for_machines_are_open_to_this_machine_and_to_accounts_alone(hall):
    here = {"Host": "127.0.0.1:8050"}
    assert hall.of("127.0.0.1").get("/metrics", headers=here).status_code == 200
    assert hall.of("127.0.0.1").get("/metrics", headers={"Host": "gov.example"}).status_code == 401
    assert hall.of("127.0.0.1").get("/metricsx", headers=here).status_code == 401
    assert hall.client.get("/metrics", headers=here).status_code == 401
    assert hall.client.get("/metrics", headers=hall.enter("viewer")).status_code == 200


def test_an_account_comes_in_with_its_areas(hall):
    told = hall.client.get("/values", headers=hall.enter()).json()
    assert told | {"session": ""} == {
        "login": hall.account.login, "areas": ["A"], "session": "", "client": "10.0.0.7", "local": False, "bytes": 0,
    }  # fmt: skip
    assert told["session"] == accounts.digest(f"token-{hall.account.id}")


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_sees_no_area_whatever_the_account_says(hall, role):
    headers = hall.enter(role, ("", "A"))
    hall.callers.people = People(hall.engine, b"s" * 32, Security(two_factor=()), frozenset())
    assert hall.client.get("/values", headers=headers).json()["areas"] == []


@pytest.mark.parametrize("path", [*OPEN, *(f"{way}/x/y" for way in OPEN)])
def test_what_is_open_is_open_to_anyone_who_then_sees_nothing(hall, path):
    told = hall.client.get(path).json()
    assert (told["login"], told["areas"]) == ("public", [])


@pytest.mark.parametrize("way", OPEN)
@pytest.mark.parametrize("change", ["{}x", "{}s", "/x{}", "{}%20", "{}.json", "/{}"])
def test_what_only_looks_open_is_shut(hall, way, change):
    assert hall.client.get("http://testserver" + change.format(way)).status_code == 401


@given(st.text(max_size=40))
def test_no_path_is_open_but_the_listed_and_what_lies_below(text):
    path = f"/{text}"
    assert is_open(path) == any(path.split("/")[: way.count("/") + 1] == way.split("/") for way in OPEN)


def test_a_session_ends_by_itself_when_its_owner_is_away(hall):
    headers = hall.enter()
    hall.tick(29 * 60)
    assert hall.client.get("/values", headers=headers).status_code == 200
    hall.tick(2 * 60)
    assert hall.client.get("/values", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("path", "method", "extra", "extends"),
    [
        ("/values", "GET", {}, False), ("/live", "GET", {"Accept": "text/event-stream"}, False),
        ("/_dash-update-component", "POST", HERE, False), ("/tiles/heat/dark/1/0/0.png", "GET", {}, False),
        ("/page", "GET", PAGE, True), ("/session/alive", "POST", HERE, True),
    ],
)  # fmt: skip
def test_only_a_page_opened_or_a_key_pressed_keeps_a_session_alive(hall, path, method, extra, extends):
    headers = hall.enter()
    hall.tick(20 * 60)
    assert hall.client.request(method, path, headers=headers | extra).status_code == 200
    hall.tick(20 * 60)
    assert hall.client.get("/values", headers=headers).status_code == (200 if extends else 401)


def test_a_session_ends_after_its_longest_time_whoever_is_there(hall):
    headers = hall.enter()
    for _quarter in range(48):
        hall.tick(15 * 60 - 1)
        assert hall.client.get("/page", headers=headers | PAGE).status_code == 200
    hall.tick(60)
    assert hall.client.get("/values", headers=headers).status_code == 401


@pytest.mark.parametrize("change", [{"disabled": True}, {"must_change": True}])
def test_a_disabled_account_and_one_with_a_first_password_are_not_let_in(hall, change):
    headers = hall.enter()
    with write(hall.engine) as connection:
        accounts.accounts.change(connection, hall.account.id, **change)
    hall.callers.forget()
    assert hall.client.get("/values", headers=headers).status_code == 401


def test_a_first_password_and_a_missing_second_factor_lead_to_the_account(hall):
    for headers in (hall.enter(must_change=True), (hall.tick(1), hall.enter("auditor", ()))[1]):
        assert hall.client.get("/", headers=headers | PAGE).headers["location"] == "/account"
        told = hall.client.get("/account", headers=headers).json()
        assert (told["login"], told["areas"], bool(told["session"])) == ("public", [], True)


def test_a_session_that_awaits_its_code_opens_nothing(hall):
    headers = hall.enter()
    with write(hall.engine) as connection:
        connection.exec_driver_sql("UPDATE sessions SET stage = 'code'")
    for path in ("/values", "/account", "/live"):
        assert hall.client.get(path, headers=headers).status_code == 401


def test_what_is_revoked_here_ends_at_once(hall):
    headers = hall.enter()
    assert hall.client.get("/values", headers=headers).status_code == 200
    with write(hall.engine) as connection:
        accounts.accounts.end_sessions(connection, hall.account.id, now=NOW)
    hall.client.post("/account", headers=headers | HERE)
    assert hall.client.get("/values", headers=headers).status_code == 401


def test_a_key_stands_for_its_account_and_beside_it_no_cookie_counts(hall):
    cookie = hall.enter("intake", ("",))
    mine = hall.account
    key = add_key(hall.people, mine.actor(), mine.id, "map", now=NOW)
    hall.tick(1)
    other = hall.enter("viewer")
    bearer = {"Authorization": f"Bearer {key}"}
    assert hall.client.get("/values", headers=bearer | other).json()["login"] == mine.login
    assert hall.client.post("/values", headers=bearer).json()["login"] == mine.login
    assert hall.client.get("/values", headers=cookie | {"Authorization": "Bearer gh_wrong"}).status_code == 401
    assert hall.client.get(f"/values?api_key={key}").status_code == 401


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Origin": "http://testserver"}, True), ({"Origin": "https://testserver"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True), ({}, False), ({"Origin": "null"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://evil.example"}, False), ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://testserver:81"}, False), ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False), ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_changes_something_comes_from_our_own_page(hall, method, headers, passes):
    answer = hall.client.request(method, "/page", headers=hall.enter() | headers)
    assert answer.status_code == (200 if passes else 403)
    assert hall.client.post("/login", headers=headers).status_code == (200 if passes else 403)


def test_what_anyone_may_send_is_sent_in_nobodys_name_unless_our_own_page_sent_it(hall):
    cookie = hall.enter("officer", ("A",))
    for headers, name in (({}, "public"), ({"Origin": "http://evil.example"}, "public"), (HERE, hall.account.login)):
        assert hall.client.post("/report", headers=cookie | headers).json()["login"] == name


def test_the_public_url_is_our_own_too(tmp_path):
    hall = Hall(tmp_path, public_url="https://hall.example/")
    headers = hall.enter() | {"Origin": "https://hall.example"}
    answer = hall.client.post("/page", headers=headers)
    assert (answer.status_code, answer.headers["strict-transport-security"]) == (200, "max-age=31536000")
    hall.engine.dispose()


@pytest.mark.parametrize("path", ["/healthz", "/values", "/page", "/login", "/accounts", "/track/x"])
def test_every_answer_tells_the_browser_to_be_careful(hall, path):
    for headers in ({}, PAGE, hall.enter()):
        found = hall.client.get(path, headers=headers).headers
        assert found["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in found["content-security-policy"]
        assert found["referrer-policy"] == ("no-referrer" if path == "/track/x" else "same-origin")
        hall.tick(1)


@pytest.mark.parametrize(("path", "limit"), [("/values", USUAL), *MOST])
def test_a_body_that_is_too_large_is_refused(hall, path, limit):
    headers = hall.enter() | HERE
    told = hall.client.post(path, headers=headers | {"Content-Length": str(limit + 1)}, content=iter([b"x"]))
    assert told.status_code == 413
    if limit == USUAL:
        chunks = [b"x" * 1_000] * (limit // 1_000)
        assert hall.client.post(path, headers=headers, content=iter(chunks)).json()["bytes"] == limit
        assert hall.client.post(path, headers=headers, content=iter([*chunks, b"x"])).status_code == 413
    for odd in ("-1", "x", "1e3", "\xb2"):
        assert hall.client.post(path, headers=headers | {"Content-Length": odd.encode("latin-1")}).status_code == 413


@pytest.mark.parametrize("role", ROLES)
def test_a_role_goes_the_ways_that_are_its_own(hall, role):
    hall.callers.people = People(hall.engine, b"s" * 32, Security(two_factor=()), frozenset())
    headers = hall.enter(role, ())
    worker = role not in {*ADMINISTRATORS, "viewer"}
    expected = {
        "/accounts": (role in {"security_admin", "system_admin"}, role == "security_admin"),
        "/audit": (role == "auditor", role == "auditor"),
        "/calendar": (True, role == "system_admin"),
        "/places/x": (role in {"system_admin", "shift_leader", "leader"},) * 2,
        "/inbox": (worker, worker),
        "/values": (True, True),
    }
    for path, (reads, writes) in expected.items():
        assert hall.client.get(path, headers=headers).status_code == (200 if reads else 403), path
        assert hall.client.post(path, headers=headers | HERE).status_code == (200 if writes else 403), path


def test_a_forwarded_address_counts_from_a_trusted_proxy_only(tmp_path):
    hall = Hall(tmp_path, trusted_proxies=("10.0.0.0/24",))
    forwarded = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.8"}
    assert hall.client.get("/healthz", headers=forwarded).json()["client"] == "203.0.113.9"
    assert hall.of("192.0.2.1").get("/healthz", headers=forwarded).json()["client"] == "192.0.2.1"
    assert hall.client.get("/healthz", headers={"X-Forwarded-For": "rubbish"}).json()["client"] == "10.0.0.7"
    hall.engine.dispose()


def test_a_refused_page_says_so_in_a_document(hall):
    answer = hall.client.get("/audit", headers=hall.enter() | PAGE)
    assert answer.status_code == 403
    assert "<h1>" in answer.text and answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("site", "ours"), [("same-origin", True), ("cross-site", False), (None, False)])
def test_a_form_of_a_page_that_tells_nobody_its_address_is_known_by_fetch_metadata_alone(site, ours):
    headers = {"Origin": "null"} | ({"Sec-Fetch-Site": site} if site else {})
    assert Gate(None, None, Site())._is_our_page(Headers(headers)) is ours


def test_while_the_store_is_away_signs_of_life_are_given_and_everything_else_waits(hall, monkeypatch):
    headers = hall.enter()

    def gone(*_arguments):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(hall.callers, "_by_session", gone)
    assert hall.client.get("/healthz", headers=headers).json()["login"] == "public"
    answer = hall.client.get("/values", headers=headers)
    assert answer.status_code == 503 and "SELECT" not in answer.text

"""The doors as people use them: sign in, the second factor, one's own account, and the accounts of all."""

import re
from types import SimpleNamespace

import pyotp
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from actions import accounts as acts
from actions import sign_in
from actions.people import People
from actions.second_factor import STEP_SECONDS
from api import accounts as managing
from api import doors, own_account
from api.callers import COOKIE, Callers
from api.gate import Gate
from config import Site
from config_security import Security
from store import accounts as stored
from store.engine import read
from tests import accounts
from tests.tiletown import ZONE, open_town

NOW = 1_800_000_000
HERE = {"Origin": "http://testserver", "Accept": "text/html"}
NEW = "quite-another-1"


class Hall:
    """The doors of a small town behind its gate, and browsers that come to them."""

    def __init__(self, town, **rules):
        self.engine, self.now = town.engine, NOW
        self.rules = Security(**rules)
        self.people = People(town.engine, b"s" * 32, self.rules, frozenset(town.site.areas.code))
        house = town.house
        house.__dict__.update(
            people=self.people, site=town.site, zone=ZONE, clock=lambda: self.now,
            settings=SimpleNamespace(site=Site(name="Town"), security=self.rules),
        )  # fmt: skip
        app = FastAPI()
        app.state.house = house
        for module in (doors, own_account, managing):
            app.include_router(module.router)
        self.callers = Callers(self.people, lambda: self.now)
        self.gate = Gate(app, self.callers, house.settings.site)

    def browser(self, address: str = "10.0.0.7") -> TestClient:
        return TestClient(self.gate, client=(address, 5), follow_redirects=False, headers=HERE)

    def sign_in(self, login: str, password: str = accounts.PASSWORD, browser: TestClient | None = None) -> TestClient:
        browser = browser or self.browser()
        answer = browser.post("/login", data={"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return browser

    def account(self, login: str) -> stored.Account:
        with read(self.engine) as connection:
            found = stored.by_login(connection, login)
        assert found is not None
        return found

    def tick(self, seconds: int) -> None:
        self.now += seconds
        self.callers.forget()

    def audited(self) -> list[tuple[str, ...]]:
        with read(self.engine) as connection:
            return [
                tuple(row)
                for row in connection.exec_driver_sql("SELECT actor, action, subject, result FROM audit ORDER BY id")
            ]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    for module in (sign_in, acts):
        monkeypatch.setattr(module, "HASHER", accounts.HASHER)


@pytest.fixture
def town(tmp_path):
    made = open_town(tmp_path)
    yield made
    made.close()


@pytest.fixture
def hall(town) -> Hall:
    return Hall(town, two_factor=())


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, text
    return found[1]


def test_without_an_account_the_form_says_how_to_make_the_first(hall):
    assert "app.py user add" in hall.browser().get("/login").text
    accounts.add(hall.engine, "ann", "viewer")
    assert "app.py user add" not in hall.browser().get("/login").text


def test_the_right_password_opens_a_session_and_leads_on(hall):
    accounts.add(hall.engine, "ann", "viewer")
    answer = hall.browser().post("/login", data={"login": " Ann ", "password": accounts.PASSWORD, "next": "/cases?q=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?q=1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie and "secure" not in cookie
    assert hall.audited()[-1] == ("ann", "session.open", f"account:{hall.account('ann').id}", "done")


def test_a_site_reached_by_https_gives_its_cookie_to_https_alone(town):
    hall = Hall(town, two_factor=())
    town.house.settings.site = Site(name="Town", public_url="https://hall.example")
    accounts.add(hall.engine, "ann", "viewer")
    answer = hall.browser().post("/login", data={"login": "ann", "password": accounts.PASSWORD})
    assert "; Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "onward",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:x", "", "/a\nb", "/\t/x"],
)
def test_sign_in_leads_to_no_other_site(hall, onward):
    accounts.add(hall.engine, "ann", "viewer")
    answer = hall.browser().post("/login", data={"login": "ann", "password": accounts.PASSWORD, "next": onward})
    assert answer.headers["location"] == "/"
    assert 'name="next" value="/"' in hall.browser().get("/login", params={"next": onward}).text


def test_an_unknown_login_a_wrong_password_and_a_shut_account_get_the_same_answer(hall):
    accounts.add(hall.engine, "ann", "viewer")
    accounts.add(hall.engine, "shut", "viewer", disabled=True)
    asked = [("ann", "wrong"), ("nobody", "wrong"), ("shut", accounts.PASSWORD), ("", "")]
    told = set()
    for login, password in asked:
        answer = hall.browser().post("/login", data={"login": login, "password": password})
        told.add((answer.status_code, answer.text, answer.headers.get("set-cookie")))
    assert len(told) == 1
    assert next(iter(told))[0] == 422


def test_an_account_locks_after_five_failures_and_opens_again_after_its_time(hall):
    accounts.add(hall.engine, "ann", "viewer")
    for _failure in range(5):
        assert hall.browser().post("/login", data={"login": "ann", "password": "no"}).status_code == 422
    right = {"login": "ann", "password": accounts.PASSWORD}
    assert hall.browser().post("/login", data=right).status_code == 422
    hall.tick(30 * 60 - 1)
    assert hall.browser("10.0.0.8").post("/login", data=right).status_code == 422
    hall.tick(1)
    assert hall.browser("10.0.0.9").post("/login", data=right).status_code == 303
    assert hall.account("ann").failures == 0


def test_four_failures_are_forgiven_by_the_right_password(hall):
    accounts.add(hall.engine, "ann", "viewer")
    for _round in range(3):
        for _failure in range(4):
            hall.browser().post("/login", data={"login": "ann", "password": "no"})
        hall.sign_in("ann")


def test_a_client_that_tries_too_often_is_held_back_whatever_names_it_gives(hall):
    for n in range(doors.TRIES):
        assert hall.browser().post("/login", data={"login": f"x{n}", "password": "no"}).status_code == 422
    assert hall.browser().post("/login", data={"login": "y", "password": "no"}).status_code == 429
    assert hall.browser("10.0.0.8").post("/login", data={"login": "y", "password": "no"}).status_code == 422
    hall.tick(doors.TRY_SECONDS)
    assert hall.browser().post("/login", data={"login": "y", "password": "no"}).status_code == 422


def test_signing_out_ends_the_session_on_the_server_too(hall):
    accounts.add(hall.engine, "ann", "viewer")
    browser = hall.sign_in("ann")
    kept = browser.cookies[COOKIE]
    assert browser.get("/session").status_code == 204
    assert browser.post("/logout").headers["location"] == "/login"
    assert hall.browser().get("/session", headers={"Cookie": f"{COOKIE}={kept}", "Accept": "*/*"}).status_code == 401


def test_the_store_holds_no_cookie_and_no_password(hall):
    accounts.add(hall.engine, "ann", "viewer")
    browser = hall.sign_in("ann")
    key = re.search(r"gh_[\w-]+", browser.post("/account/keys", data={"label": "map"}).text)
    assert key
    with read(hall.engine) as connection:
        rows = [
            str(row)
            for table in ("accounts", "sessions", "api_keys", "audit")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert not [row for row in rows if browser.cookies[COOKIE] in row or key[0] in row or accounts.PASSWORD in row]


def test_an_administrator_sets_up_the_second_factor_first_and_signs_in_with_it_then(town):
    hall = Hall(town)
    accounts.add(hall.engine, "guard", "security_admin", ())
    browser = hall.sign_in("guard")
    assert browser.get("/accounts").headers["location"] == "/account"
    text = browser.get("/account").text
    totp = re.search(r"<code>([A-Z2-7]{32})</code>", text)
    assert totp
    sealed, codes = hidden(text, "sealed"), pyotp.TOTP(totp[1])
    assert browser.post("/account/factor", data={"sealed": sealed, "code": "000000"}).status_code == 422
    assert browser.post("/account/factor", data={"sealed": "forged", "code": codes.at(NOW)}).status_code == 409
    assert browser.post("/account/factor", data={"sealed": sealed, "code": codes.at(NOW)}).status_code == 303
    assert browser.get("/accounts").status_code == 200
    assert totp[1] not in hall.account("guard").totp_secret

    again = hall.browser()
    answer = again.post("/login", data={"login": "guard", "password": accounts.PASSWORD, "next": "/accounts"})
    assert answer.headers["location"] == "/login?next=%2Faccounts"
    half = again.cookies[COOKIE]
    assert again.get("/accounts").status_code == 303
    assert 'name="code"' in again.get("/login?next=/accounts").text
    assert (
        again.post("/login/code", data={"code": codes.at(NOW), "next": "/accounts"}).status_code == 422
    )  # used before
    hall.tick(STEP_SECONDS)
    answer = again.post("/login/code", data={"code": codes.at(hall.now), "next": "/accounts"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/accounts")
    assert again.cookies[COOKIE] != half
    assert again.get("/accounts").status_code == 200
    late = hall.browser()
    late.cookies.set(COOKIE, half)
    assert late.post("/login/code", data={"code": codes.at(hall.now + STEP_SECONDS)}).status_code == 422


def test_codes_are_guessed_no_more_often_than_passwords(town):
    hall = Hall(town)
    accounts.add(hall.engine, "guard", "auditor", ())
    browser = hall.sign_in("guard")
    text = browser.get("/account").text
    totp = pyotp.TOTP(re.search(r"<code>([A-Z2-7]{32})</code>", text)[1])
    browser.post("/account/factor", data={"sealed": hidden(text, "sealed"), "code": totp.at(NOW)})
    hall.tick(60)
    again = hall.sign_in("guard")
    for _guess in range(4):
        again.post("/login/code", data={"code": "000000"})
    assert again.post("/login/code", data={"code": totp.at(hall.now)}).status_code == 422
    assert hall.account("guard").locked_until == hall.now + 1800


def test_a_given_password_is_changed_before_anything_else(hall):
    accounts.add(hall.engine, "ann", "viewer", must_change=True)
    accounts.add(hall.engine, "ben", "viewer")
    browser, elsewhere = hall.sign_in("ann"), hall.sign_in("ann")
    assert browser.get("/").headers["location"] == "/account"
    old = accounts.PASSWORD
    for new, again in (
        (NEW, "other"),
        ("short-1", "short-1"),
        ("onlyletters", "onlyletters"),
        (old, old),
        ("xx-ann-yy-1", "xx-ann-yy-1"),
    ):
        assert browser.post("/account/password", data={"old": old, "new": new, "again": again}).status_code == 422
    assert browser.post("/account/password", data={"old": "no", "new": NEW, "again": NEW}).status_code == 422
    assert browser.post("/account/password", data={"old": old, "new": NEW, "again": NEW}).status_code == 303
    assert browser.get("/session").status_code == 204
    assert elsewhere.get("/account").headers["location"].startswith("/login")
    hall.sign_in("ann", NEW)


def test_one_ends_ones_own_sessions_and_keys_and_nobody_elses(hall):
    ann, ben = accounts.add(hall.engine, "ann", "viewer"), accounts.add(hall.engine, "ben", "viewer")
    browser, elsewhere, other = hall.sign_in("ann"), hall.sign_in("ann"), hall.sign_in("ben")
    with read(hall.engine) as connection:
        of_ben = stored.sessions_of(connection, ben.id)[0].id
        mine = {s.id for s in stored.sessions_of(connection, ann.id)}
    assert browser.post("/account/sessions/end", data={"session": of_ben}).status_code == 404
    assert browser.post("/account/sessions/end").status_code == 404
    assert other.get("/session").status_code == elsewhere.get("/session").status_code == 204
    (open_elsewhere,) = mine - {accounts.digest(browser.cookies[COOKIE])}
    assert browser.post("/account/sessions/end", data={"session": open_elsewhere}).status_code == 303
    assert elsewhere.get("/session").status_code == 303
    other.post("/account/keys", data={"label": "map"})
    with read(hall.engine) as connection:
        (key,) = stored.keys_of(connection, ben.id)
    assert browser.post("/account/keys/revoke", data={"key": str(key.id)}).status_code == 404
    assert other.post("/account/keys/revoke", data={"key": str(key.id)}).status_code == 303
    assert other.post("/account/keys", data={"label": " "}).status_code == 422


@pytest.fixture
def guard(hall) -> TestClient:
    accounts.add(hall.engine, "guard", "security_admin", ())
    return hall.sign_in("guard")


def test_the_security_administrator_adds_an_account_whose_password_is_shown_once(hall, guard):
    answer = guard.post("/accounts", data={"login": "Cai", "role": "officer", "name": "<b>Cai", "area": ["A1", "B"]})
    assert answer.status_code == 200
    password = re.search(r'plain-code">([\w-]+)<', answer.text)[1]
    assert "<b>" not in answer.text and "&lt;b&gt;Cai" in answer.text
    made = hall.account("cai")
    assert (made.role, made.areas, made.must_change) == ("officer", {"A1", "B"}, True)
    assert password not in guard.get(f"/accounts/{made.id}").text
    assert hall.sign_in("cai", password).get("/").headers["location"] == "/account"
    assert ("guard", "account.add", f"account:{made.id}", "done") in hall.audited()


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "guard"}, {"login": "x"}, {"login": "a b"}, {"login": "../x"}, {"role": "king"}, {"area": ["nowhere"]},
        {"role": "auditor", "area": ["A"]}, {"login": "王"},
    ],
)  # fmt: skip
def test_a_bad_account_is_refused_and_none_is_made(hall, guard, wrong):
    assert guard.post("/accounts", data={"login": "cai", "role": "officer", "area": ["A"]} | wrong).status_code == 422
    with read(hall.engine) as connection:
        assert [a.login for a in stored.every(connection)] == ["guard"]


def test_whatever_is_done_to_an_account_ends_what_it_had_open(hall, guard):
    ann = accounts.add(hall.engine, "ann", "viewer", ("A",))
    for what, data, ends in (
        ("areas", {"area": ["B", "*"]}, False), ("role", {"role": "officer"}, True), ("password", {}, True),
        ("disable", {}, True), ("enable", {}, False),
    ):  # fmt: skip
        with hall.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE accounts SET must_change = 0, disabled = 0")
            connection.exec_driver_sql(f"UPDATE accounts SET password_hash = '{accounts.QUICK}'")
        browser = hall.sign_in("ann")
        assert guard.post(f"/accounts/{ann.id}/{what}", data=data).status_code in {200, 303}
        assert browser.get("/session").status_code == (303 if ends else 204), what
    found = hall.account("ann")
    assert (found.role, found.areas) == ("officer", {"", "B"})


def test_nobody_changes_themself_and_a_system_administrator_only_reads(hall, guard):
    mine, ann = hall.account("guard"), accounts.add(hall.engine, "ann", "viewer")
    for what in ("role", "areas", "disable", "password", "unlock", "enable"):
        assert guard.post(f"/accounts/{mine.id}/{what}", data={"role": "viewer"}).status_code == 403
    accounts.add(hall.engine, "ops", "system_admin", ())
    ops = hall.sign_in("ops")
    text = ops.get("/accounts").text
    assert "ann" in text and "<form" not in text.partition("<main")[2]
    assert ops.post("/accounts", data={"login": "cai", "role": "viewer"}).status_code == 403
    assert ops.post(f"/accounts/{ann.id}/disable").status_code == 403
    assert hall.sign_in("ann").get("/accounts").status_code == 403
    assert hall.account("ann").disabled is False


def test_what_is_not_there_is_said(guard):
    for path in ("/accounts/999", "/accounts/999/disable", "/accounts/999/nothing"):
        assert guard.request("GET" if path.count("/") == 2 else "POST", path).status_code == 404


def test_an_administrator_given_another_role_loses_areas_only_when_it_is_apart(hall, guard):
    ann = accounts.add(hall.engine, "ann", "viewer", ("A",))
    guard.post(f"/accounts/{ann.id}/role", data={"role": "auditor"})
    assert (hall.account("ann").role, hall.account("ann").areas) == ("auditor", frozenset())

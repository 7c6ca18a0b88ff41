"""The whole loop in Chromium, one account a role: from the QR code on a phone to the rating and the figure on the map."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from actions.places import NewPlace, make_places
from actions.site import Site
from domain.actor import Actor
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import read_areas, read_tree
from store.engine import open_engine, read
from tests.accounts import COOKIES, add, enter
from tests.servers.app import (
    CASES,
    CONFIG,
    RATINGS,
    SOUTH,
    STEP,
    WEST,
    AppServer,
    make_cases,
    make_ratings,
    write_areas,
)
from tests.servers.browser import until, violations
from tests.servers.processes import Account, free_port

SPOT = (WEST + 0.5 * STEP, SOUTH + 0.5 * STEP)
TEAM = (
    "intake", "dispatcher", "verifier", "shift_leader", "return_visitor", "leader", "viewer", "auditor", "security_admin",
)  # fmt: skip
CATEGORIES = """
[[categories]]
name = "Lamp"
group = "Lamp"
department = "Lights"
conditions = [{ name = "dark", limit = { amount = 3, unit = "work_days" }, close = "lit" }]
[[categories]]
name = "Noise"
group = "Noise"
department = "Police"
conditions = [{ name = "usual", limit = { amount = 5, unit = "work_days" } }]
"""


class Loop:
    """The street served, its team, and the phone of a resident."""

    def __init__(self, app: AppServer, browser: Browser, place: str) -> None:
        self.app, self.browser, self.place = app, browser, place
        self.contexts: dict[str, Page] = {}

    def phone(self) -> Page:
        """A phone that knows nothing of accounts."""
        if "phone" not in self.contexts:
            context = self.browser.new_context(
                viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="zh-CN"
            )
            self.contexts["phone"] = context.new_page()
        return self.contexts["phone"]

    def desk(self, login: str) -> Page:
        """A desk at which this account is signed in."""
        if login not in self.contexts:
            context = self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
            context.add_cookies([{**COOKIES[0], "value": f"token-of-{login}"}])
            self.contexts[login] = context.new_page()
        return self.contexts[login]

    def rows(self, query: str, *values: object) -> list[tuple]:
        return self.app.rows(query, *values)

    def state(self, case: int) -> tuple[str, int]:
        return self.rows("SELECT state, version FROM casework WHERE case_id = ?", case)[0]

    def step(self, login: str, case: int, move: str, **fields: object) -> str:
        """Make a step as a person does: open the case, open the step, fill in, send; the state that it leads to."""
        page, (_state, version) = self.desk(login), self.state(case)
        page.goto(f"{self.app.url}/cases/{case}")
        row = page.locator(f"li[data-possible={move}]")
        row.locator("summary").first.click()
        form = row.locator("form.gh-move-form")
        for name, value in fields.items():
            fill(form, name, value)
        form.locator("button[type=submit]").click()
        for _ in range(400):
            if self.state(case)[1] > version:
                return self.state(case)[0]
            page.wait_for_timeout(50)
        said = form.locator(".gh-form-said").all_inner_texts()
        pytest.fail(f"{login} could not {move}: {said}")

    def impossible(self, login: str, case: int, move: str) -> str:
        """Why a step cannot be made."""
        page = self.desk(login)
        page.goto(f"{self.app.url}/cases/{case}")
        row = page.locator(f"li[data-impossible={move}]")
        row.wait_for(state="attached")
        return row.inner_text()

    def report(self, photo: Path) -> tuple[int, str]:
        """Scan the code, report a dark lamp with a photo; (case, address of the tracking page)."""
        page = self.phone()
        page.goto(f"{self.app.url}/p/{self.place}")
        page.locator("label.public-tile:has(input[value=Lamp])").click()
        page.locator("textarea[name=text]").fill("The lamp at the gate is dark")
        page.locator("input[type=file]").first.set_input_files(photo)
        until(page, "document.querySelectorAll('.public-shot img').length > 0")
        page.locator("#report-send").click()
        page.wait_for_url("**/track/**")
        return self.rows("SELECT max(id) FROM cases")[0][0], page.url.partition("?")[0]

    def rate(self, address: str, level: str, words: str = "") -> Page:
        """Rate on the tracking page."""
        page = self.phone()
        page.goto(address)
        page.locator(f"label.public-tile:has(input[value={level}])").click()
        page.locator("textarea[name=comment]").fill(words)
        page.locator("form.public-rate button").click()
        page.locator(".plain-done").wait_for()
        return page

    def satisfaction(self) -> str:
        """The figure of satisfaction on / of the last seven days."""
        page = self.desk("viewer")
        page.goto(f"{self.app.url}/?period=7d")
        card = page.locator(".kpi-card[data-kpi=satisfaction]")
        page.wait_for_selector(".kpi-card.is-live .kpi-value")
        return card.locator(".kpi-value").inner_text()

    def counted(self) -> str:
        """The same by plain arithmetic over the rows: cases closed in the last seven days of the site and their last rating."""
        levels = self.rows(
            "SELECT c.level FROM cases c WHERE c.status IN ('closed', 'self_handled') AND c.level IS NOT NULL AND c.closed_at >= "
            "(SELECT (cast((strftime('%s', 'now') + 28800) / 86400 AS INTEGER) - 6) * 86400 - 28800)"
        )
        points = sum({0: 1.0, 1: 0.9, 2: 0.0}[level] for (level,) in levels)
        return f"{100 * points / len(levels):.1f}"


def fill(form, name: str, value: object) -> None:
    """Fill in one field of a step, whatever it is made of."""
    if isinstance(value, Path):
        form.locator(f".gh-photos-input[data-name={name}] input[type=file]").set_input_files(value)
        form.locator(f".gh-photos-input[data-name={name}] li[data-photo]").first.wait_for()
        return
    field = form.locator(f"[name={name}]").first
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(str(value))
    else:
        field.fill(str(value))


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "lamp.jpg"
    noise = np.random.default_rng(1).integers(0, 255, (900, 1200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, "JPEG")
    return path


@pytest.fixture(scope="module")
def loop(chromium) -> Iterator[Loop]:
    with Account(None).folder("gridhall-loop-") as folder:
        write_areas(folder)
        text = CONFIG.format(language="zh_CN") + CASES.format(name="hall", pin=(WEST, SOUTH)) + RATINGS + CATEGORIES
        (folder / "zh_CN.toml").write_text(text)
        cases = make_cases(np.random.default_rng(3), "h", 120, datetime.now().astimezone())
        cases.to_csv(folder / "hall.csv", index=False)
        make_ratings(np.random.default_rng(4), cases).to_csv(folder / "ratings.csv", index=False)
        app = AppServer(folder, free_port())
        app.sync()
        place = people_and_place(app)
        app.start()
        made = Loop(app, chromium, place)
        try:
            yield made
        finally:
            for page in made.contexts.values():
                page.context.close()
            app.stop()


def people_and_place(app: AppServer) -> str:
    """One account a role, signed in; a place with a code."""
    engine = open_engine(f"sqlite:///{app.folder}/var/gridhall.db")
    for login in TEAM:
        enter(engine, add(engine, login, login), f"token-of-{login}")
    for login, department in (("ann", "Lights"), ("bob", "Police")):
        enter(engine, add(engine, login, "handler", department=department), f"token-of-{login}")
    with read(engine) as connection:
        site = Site(engine, SiteZone("Asia/Shanghai"), read_areas(connection), Locator(read_tree(connection)))
    boss = Actor("leader", "leader", "leader", frozenset({""}))
    (place,) = make_places(site, boss, [NewPlace("Gate 3", "C1", *SPOT)], now=1)
    engine.dispose()
    return place


def test_a_report_from_a_phone_goes_through_every_hand_and_its_rating_changes_the_figure(loop, photo):
    before = loop.satisfaction()
    case, address = loop.report(photo)
    assert loop.state(case)[0] == "reported"
    assert loop.step("intake", case, "register", condition="dark") == "registered"
    assert loop.step("dispatcher", case, "dispatch", department="Lights") == "dispatched"
    assert loop.step("ann", case, "accept", handler="ann") == "handling"
    assert loop.step("ann", case, "finish", result="A new lamp is in", after=photo) == "verifying"
    assert "核查" in loop.impossible("intake", case, "close")
    assert loop.step("verifier", case, "check", passed="yes") == "verifying"
    assert loop.step("intake", case, "close", close_condition="lit") == "closed"
    assert barriers(loop.phone(), address) == []
    loop.rate(address, "satisfied", "Thank you")
    assert loop.rows("SELECT level FROM cases WHERE id = ?", case) == [(0,)]
    after = loop.satisfaction()
    assert after != before
    assert after.startswith(loop.counted())
    assert loop.step("return_visitor", case, "archive", reached="yes", contacted="yes", resolved="yes") == "archived"


def test_return_hold_rework_and_a_low_rating_lead_back_and_are_told(loop, photo):
    case, address = loop.report(photo)
    loop.step("intake", case, "register", condition="dark")
    loop.step("dispatcher", case, "dispatch", department="Police")
    assert loop.step("bob", case, "return", reason="Not a matter of the police") == "registered"
    loop.step("dispatcher", case, "dispatch", department="Lights")
    loop.step("ann", case, "accept", handler="ann")
    [(due,)] = loop.rows("SELECT due_at FROM cases WHERE id = ?", case)
    loop.step("ann", case, "suspend_ask", until=soon(20), reason="The part is on its way")
    assert loop.step("dispatcher", case, "suspend_approve") == "suspended"
    assert loop.rows("SELECT due_at FROM cases WHERE id = ?", case) == [(None,)]
    assert loop.step("ann", case, "resume") == "handling"
    [(later,)] = loop.rows("SELECT due_at FROM cases WHERE id = ?", case)
    assert later >= due
    loop.step("ann", case, "finish", result="Done", after=photo)
    loop.step("verifier", case, "check", passed="no", note="Still dark")
    assert loop.step("intake", case, "rework", reason="Still dark") == "handling"
    loop.step("ann", case, "finish", result="Done again", after=photo)
    loop.step("verifier", case, "check", passed="yes")
    assert loop.step("intake", case, "close", close_condition="lit") == "closed"
    loop.rate(address, "dissatisfied", "It flickers")
    assert loop.state(case)[0] == "registered"
    assert loop.rows("SELECT returns, reworks, reopens, low_reopened FROM casework WHERE case_id = ?", case) == [
        (0, 1, 1, 1)
    ]
    moves = [row[0] for row in loop.rows("SELECT move FROM case_steps WHERE case_id = ? ORDER BY id", case)]
    assert moves == [
        "report", "register", "dispatch", "return", "dispatch", "accept", "suspend_ask", "suspend_approve", "resume", "finish",
        "check", "rework", "finish", "check", "close", "reopen",
    ]  # fmt: skip
    page = loop.phone()
    page.goto(address)
    assert page.locator("form.public-rate").count() == 0
    assert "It flickers" not in page.content()


def soon(days: int) -> str:
    return (datetime.now().astimezone() + timedelta(days=days)).strftime("%Y-%m-%d")


def test_two_people_who_move_one_case_get_one_success_and_one_clear_refusal(loop, photo):
    case, _address = loop.report(photo)
    page = loop.desk("shift_leader")
    page.goto(f"{loop.app.url}/cases/{case}")
    row = page.locator("li[data-possible=void]")
    row.locator("summary").first.click()
    fill(row.locator("form.gh-move-form"), "reason", "A test")
    assert loop.step("intake", case, "register", condition="dark") == "registered"
    row.locator("button[type=submit]").click()
    row.locator("button[type=submit].is-sure").click()
    said = row.locator(".gh-form-said")
    said.wait_for()
    assert "刚被他人办理" in said.inner_text()
    assert loop.state(case)[0] == "registered"


def test_a_form_that_is_sent_twice_makes_one_case(loop, photo):
    page = loop.phone()
    page.goto(f"{loop.app.url}/p/{loop.place}")
    token = page.locator("input[name=form]").input_value()
    form = {"form": token, "place": loop.place, "group": "Lamp", "text": "twice", "website": ""}
    with contextlib.closing(sqlite3.connect(loop.app.folder / "var" / "gridhall.db")) as store:
        before = store.execute("SELECT count(*) FROM cases").fetchone()[0]
        answers = [
            page.request.post(f"{loop.app.url}/report", form=form, max_redirects=0).headers["location"]
            for _ in range(2)
        ]
        assert answers[0] == answers[1]
        assert store.execute("SELECT count(*) FROM cases").fetchone()[0] == before + 1


WIDTHS = ((1920, 1080), (390, 844))
OPEN_PAGES = ("/login", "/report", "/track", "/open311/v2/docs")
PAGES = (
    ("viewer", "/outcomes"), ("viewer", "/account"), ("leader", "/inbox"), ("leader", "/board"),
    ("leader", "/places"), ("intake", "/new"), ("intake", "/cases/{case}"), ("viewer", "/cases/{case}"),
    ("viewer", "/calendar"), ("auditor", "/audit"), ("security_admin", "/accounts"), ("security_admin", "/accounts/1"),
)  # fmt: skip


def barriers(page: Page, address: str) -> list[str]:
    """What axe finds serious or worse on a page, in either width."""
    found = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        page.wait_for_load_state("load")
        until(page, "!document.querySelector('#frame') || document.querySelector('#frame-page').children.length > 0")
        found += [
            f"{address} at {width}: {v['id']} {v['nodes'][0]['html'][:120]}"
            for v in violations(page)
            if v["impact"] in {"serious", "critical"}
        ]
    return found


def test_no_page_of_the_loop_has_a_serious_barrier_on_a_desk_or_a_phone(loop, photo):
    case, tracked = loop.report(photo)
    found = []
    for path in (*OPEN_PAGES, f"/p/{loop.place}"):
        found += barriers(loop.phone(), loop.app.url + path)
    found += barriers(loop.phone(), tracked)
    for login, path in PAGES:
        found += barriers(loop.desk(login), loop.app.url + path.format(case=case))
    assert found == []

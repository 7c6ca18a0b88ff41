"""Lists of work, the board, a new case and the steps of one, as people use them: on a desk, on a phone, by keyboard alone."""

import contextlib

import pytest

from demo.people import PASSWORD
from tests.browser.conftest import App
from tests.servers.browser import comes_true, until, violations

PAGES = ("/inbox", "/board", "/new", "/cases/{case}")
SIZES = [(1920, 1080), (390, 844)]
SERIOUS = {"serious", "critical"}
PLACED = """async (fields) => {
  const answer = await fetch("/reports", { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ fields, once: String(Math.random()) }) });
  return answer.json();
}"""
MOVED = """async (body) => {
  const answer = await fetch("/moves", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}"""


def enter(page, app: App, login: str) -> None:
    """Sign in as one of the demo town, whoever was signed in before."""
    page.context.clear_cookies()
    page.goto(f"{app.url}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def made(page, app: App, **fields) -> int:
    """A new case, made by who is signed in."""
    ((longitude, latitude),) = app.rows(
        "SELECT longitude, latitude FROM cases WHERE placing = 0 AND id = (SELECT min(id) FROM cases WHERE placing = 0)"
    )
    usual = {"category": "路灯不亮", "text": "门口的路灯不亮", "longitude": longitude, "latitude": latitude}
    return page.evaluate(PLACED, usual | fields)["case"]


def opened(page, app: App, case: int, move: str):
    """The form of a step, opened."""
    page.goto(f"{app.url}/cases/{case}")
    row = page.locator(f"li[data-possible={move}]")
    row.locator("summary").click()
    return row.locator("form")


@contextlib.contextmanager
def sized(chromium, browser_watch, size, scheme="light"):
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai", color_scheme=scheme,
        bypass_csp=True,
    )  # fmt: skip
    browser_watch.attach(context)
    yield context.new_page()
    context.close()
    assert browser_watch.foreign == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_work_fit_and_axe_finds_nothing_serious(demo_app, chromium, browser_watch, size, scheme):
    with sized(chromium, browser_watch, size, scheme) as page:
        enter(page, demo_app, "officer")
        case = made(page, demo_app)
        enter(page, demo_app, "intake")
        page.context.add_cookies([{"name": "gridhall-scheme", "value": scheme, "url": demo_app.url}])
        for path in PAGES:
            page.goto(demo_app.url + path.format(case=case))
            page.wait_for_selector(".gh-work-row, .gh-board-card, #new-form input, .gh-moves-card")
            if "cases" in path:
                page.locator("[data-possible] summary").first.click()
            found = violations(page)
            assert [f"{v['id']}: {v['nodes'][0]['target']}" for v in found if v["impact"] in SERIOUS] == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_list_is_gone_through_by_keyboard_alone(demo_app, quiet_page):
    page = quiet_page
    enter(page, demo_app, "dispatcher")
    page.goto(f"{demo_app.url}/board?stage=Handling")
    page.wait_for_selector(".gh-work-row")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    href = page.evaluate("document.activeElement.getAttribute('href')")
    assert href == page.locator(".gh-work-row").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_selector(".gh-moves-card")
    assert page.url == demo_app.url + href


def test_a_step_is_made_by_keyboard_alone(demo_app, quiet_page):
    page = quiet_page
    enter(page, demo_app, "officer")
    case = made(page, demo_app)
    enter(page, demo_app, "intake")
    page.goto(f"{demo_app.url}/cases/{case}")
    page.locator("li[data-possible=register] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#case-said').textContent.includes('立案')")
    assert demo_app.rows("SELECT state FROM casework WHERE case_id = ?", case) == [("registered",)]
    page.wait_for_selector(".gh-case-title >> text=待派遣")


def test_who_comes_second_reads_what_has_changed_and_sees_the_case_as_it_is(demo_app, page):
    enter(page, demo_app, "officer")
    case = made(page, demo_app)
    enter(page, demo_app, "intake")
    form = opened(page, demo_app, case, "register")
    form.locator("select").select_option(index=1)
    form.locator("textarea").fill("first come")
    status, _told = page.evaluate(
        MOVED, {"case": case, "move": "refuse", "version": 1, "fields": {"reason": "elsewhere"}, "once": "x"}
    )
    assert status == 200
    until(page, "!document.querySelector('#case-changed').hidden")
    assert form.locator("textarea").input_value() == "first come", "what was written stays"
    form.locator("button[type=submit]").click()
    page.wait_for_selector(".gh-form-said li")
    assert "不予受理" in form.locator(".gh-form-said").inner_text()
    form.locator(".gh-form-said button").click()
    page.wait_for_selector(".gh-case-title >> text=不予受理")
    until(page, "!document.querySelector('li[data-possible=register]')")
    assert page.locator("#case-changed").is_hidden()


def test_an_end_that_cannot_be_undone_is_asked_for_twice(demo_app, quiet_page):
    page = quiet_page
    enter(page, demo_app, "officer")
    case = made(page, demo_app)
    enter(page, demo_app, "intake")
    form = opened(page, demo_app, case, "refuse")
    form.locator("textarea").first.fill("not ours")
    form.locator("button[type=submit]").click()
    assert "不可撤销" in form.locator("button[type=submit]").inner_text()
    assert demo_app.rows("SELECT state FROM casework WHERE case_id = ?", case) == [("reported",)]
    form.locator("button[type=submit]").click()
    page.wait_for_selector(".gh-case-title >> text=不予受理")


def test_a_refusal_is_a_sentence_beside_the_form_and_what_was_written_stays(demo_app, page):
    enter(page, demo_app, "officer")
    case = made(page, demo_app)
    enter(page, demo_app, "intake")
    form = opened(page, demo_app, case, "merge")
    form.locator("input[name=main]").fill("no such case")
    form.locator("button[type=submit]").click()
    form.locator("button[type=submit]").click()
    page.wait_for_selector(".gh-form-said:visible")
    assert "no such case" in form.locator(".gh-form-said").inner_text()
    assert form.locator("input[name=main]").input_value() == "no such case"


def test_a_blocked_step_says_why(demo_app, page):
    enter(page, demo_app, "intake")
    ((case,),) = demo_app.rows("SELECT id FROM cases WHERE status = 'verifying' LIMIT 1")
    page.goto(f"{demo_app.url}/cases/{case}")
    assert "需先核查通过" in page.locator("li[data-impossible=close]").inner_text()


def test_the_tabs_and_the_stages_count_what_the_store_holds(demo_app, quiet_page):
    page = quiet_page
    enter(page, demo_app, "leader")
    page.goto(f"{demo_app.url}/board")
    page.wait_for_selector(".gh-board-column")
    shown = [int(c.get_attribute("data-total")) for c in page.locator(".gh-board-column").all()]
    states = ({"reported"}, {"registered"}, {"dispatched"}, {"accepted", "handling", "suspended"}, {"verifying"})
    for number, of in zip(shown, states, strict=False):
        marks = ",".join("?" * len(of))
        assert [(number,)] == demo_app.rows(f"SELECT count(*) FROM cases WHERE status IN ({marks})", *of)
    page.locator(".gh-board-more").first.click()
    page.wait_for_url("**/board?stage=**")
    page.wait_for_selector(".gh-work-row")


def test_a_new_case_is_taken_on_a_phone(demo_app, chromium, browser_watch, tmp_path):
    with sized(chromium, browser_watch, (390, 844)) as page:
        enter(page, demo_app, "officer")
        page.goto(f"{demo_app.url}/new")
        page.wait_for_selector("#new-map.leaflet-container")

        def is_placed():  # a tap before the map listens is lost
            page.locator("#new-map").click(position={"x": 150, "y": 120})
            page.wait_for_timeout(500)
            return "网格" in page.locator("#new-where").text_content()

        comes_true(page, is_placed, "the case has a grid")
        page.fill("[name=category]", "暴露垃圾")
        page.fill("#new-form [name=text]", "一堆垃圾")
        page.locator("#new-form button[type=submit]").click()
        page.wait_for_url("**/cases/*")
        page.wait_for_selector(".gh-case-title >> text=暴露垃圾")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_open_list_follows_what_others_do(demo_app, chromium, browser_watch):
    with sized(chromium, browser_watch, (1280, 800)) as page, sized(chromium, browser_watch, (1280, 800)) as other:
        enter(page, demo_app, "intake")
        page.goto(f"{demo_app.url}/inbox")
        page.wait_for_selector(".gh-tab b")
        before = int(page.locator(".gh-tab[aria-current] b").inner_text())
        enter(other, demo_app, "officer")
        made(other, demo_app)
        until(page, f"document.querySelector('.gh-tab[aria-current] b').textContent === '{before + 1}'")

"""Sign-in, one's own account and the accounts of all, as people use them, on a desk and on a phone."""

import pytest

from demo.people import PASSWORD
from tests.servers.browser import until, violations

SIZES = [(1920, 1080), (390, 844)]


def enter(page, url: str, login: str, password: str = PASSWORD) -> None:
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("main button.is-first")


def complaints(page) -> list[str]:
    found = violations(page)
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_plain_documents_of_sign_in_fit_and_axe_finds_nothing(demo_app, chromium, browser_watch, size, scheme):
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="zh-CN", bypass_csp=True
    )
    browser_watch.attach(context)
    page = context.new_page()
    page.goto(f"{demo_app.url}/accounts")
    assert page.url == f"{demo_app.url}/login?next=/accounts"
    assert complaints(page) == []
    enter(page, demo_app.url, "security_admin")
    page.wait_for_url(f"{demo_app.url}/accounts")
    with page.expect_navigation():
        page.click("tbody a >> nth=0")
    for path in (page.url.removeprefix(demo_app.url), "/accounts", "/account", "/audit/nothing"):
        page.goto(demo_app.url + path)
        assert complaints(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=hidden]), select, .plain-bar a')]"
            ".filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"
        )
        assert small == [], path
    context.close()
    assert browser_watch.foreign == []


def test_one_comes_back_to_where_one_wanted_to_and_leaves_by_the_header(demo_app, page):
    """The console is not held to be quiet: what is under way when one leaves is refused."""
    page.context.clear_cookies()
    page.goto(f"{demo_app.url}/cases?period=30d")
    enter(page, demo_app.url, "leader1")
    page.wait_for_selector(".frame-person")
    assert page.url == f"{demo_app.url}/cases?period=30d"
    assert page.inner_text(".frame-person")
    page.click(".frame-out")
    page.wait_for_url(f"{demo_app.url}/login")
    page.goto(f"{demo_app.url}/cases")
    assert page.url.startswith(f"{demo_app.url}/login")


def test_an_open_page_leads_to_sign_in_when_its_session_has_ended(demo_app, page):
    page.clock.install()
    page.context.clear_cookies()
    page.goto(f"{demo_app.url}/sources")
    enter(page, demo_app.url, "viewer")
    page.clock.run_for(5_000)
    page.wait_for_selector(".frame-person")
    page.context.clear_cookies()
    page.clock.run_for(45_000)
    until(page, "location.pathname === '/login'")
    assert page.url == f"{demo_app.url}/login?next=%2Fsources"

"""The auditor's page, the page on Open311, and who reported a case: as people see them, on a desk and on a phone."""

import re

import httpx
import pytest

from demo.people import PASSWORD
from tests.servers.browser import violations

SIZES = [(1920, 1080), (390, 844)]


def complaints(page) -> list[str]:
    found = violations(page)
    return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['html'][:100]}" for one in found]


def enter(page, app, login: str) -> None:
    page.goto(f"{app.url}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button.is-first")


@pytest.fixture(params=SIZES, ids=["desk", "phone"])
def sized(request, chromium, browser_watch):
    """(new page of a size and scheme, its size)."""
    contexts = []

    def opened(scheme: str):
        width, height = request.param
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="zh-CN", bypass_csp=True
        )
        context.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
        browser_watch.attach(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert browser_watch.foreign == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_auditor_reads_filters_and_verifies(demo_app, sized, scheme):
    page = sized(scheme)
    enter(page, demo_app, "auditor")
    page.goto(f"{demo_app.url}/audit")
    page.wait_for_selector(".gh-audit tbody tr")
    assert page.locator(".gh-audit tbody tr").count() > 3
    page.click("#audit-verify")
    page.wait_for_selector(".gh-verdict.is-good")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints(page) == []
    page.fill(".gh-audit-form [name=actor]", "auditor")
    page.click(".gh-audit-form button")
    page.wait_for_url(re.compile("actor=auditor"))
    page.wait_for_function("[...document.querySelectorAll('.gh-audit b')].every((b) => b.textContent === 'auditor')")
    assert page.locator("#audit-head a[download]").get_attribute("href").startswith("/export/audit.csv?")


def test_nobody_else_comes_to_the_record(demo_app, sized):
    page = sized("light")
    enter(page, demo_app, "leader1")
    assert page.goto(f"{demo_app.url}/audit").status == 403
    assert page.request.get(f"{demo_app.url}/export/audit.csv").status == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_on_open311_fits_and_asks_no_script(demo_app, sized, scheme):
    page = sized(scheme)
    page.goto(f"{demo_app.url}/open311/v2/docs")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.scripts.length") == 0
    assert complaints(page) == []


def test_the_demo_town_answers_open311(demo_app, chromium):
    found = httpx.get(f"{demo_app.url}/open311/v2/services.json").json()
    assert found
    assert httpx.get(f"{demo_app.url}/open311/v2/requests.json", params={"page_size": 5}).status_code == 200


def test_a_name_is_shown_for_a_reason_for_a_minute_and_not_without(demo_app, sized):
    page = sized("light")
    enter(page, demo_app, "intake")
    area = httpx.get(f"{demo_app.url}/open311/v2/requests.json", params={"page_size": 1}).json()[0]
    fields = {
        "category": area["service_name"], "text": "垃圾堆积", "name": "张小三", "phone": "13812345678",
        "longitude": area["long"], "latitude": area["lat"],
    }  # fmt: skip
    answer = page.request.post(
        f"{demo_app.url}/reports",
        data={"fields": fields, "once": f"trust-{id(page)}"},
        headers={"Origin": demo_app.url},
    )
    assert answer.ok, answer.text()
    page.goto(f"{demo_app.url}/cases/{answer.json()['case']}")
    page.wait_for_selector(".gh-contact-card")
    assert page.inner_text(".gh-contacts").split() == ["张*三", "138****5678"]
    assert "13812345678" not in page.content()
    page.click(".gh-reveal button")
    page.wait_for_selector(".gh-form-no")
    page.fill(".gh-reveal [name=reason]", "回电核实地点")
    page.click(".gh-reveal button")
    page.get_by_text("张小三 · 13812345678").wait_for()
    assert complaints(page) == []

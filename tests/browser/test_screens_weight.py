"""What a page carries, what it sends again, and whether everybody can use it."""

import pytest

from tests.servers.browser import violations

READY = {
    "/cases": ".gh-case-link", "/cases/40000": ".gh-timeline", "/outcomes": ".gh-chart .main-svg", "/sources": ".gh-feed",
}  # fmt: skip


@pytest.mark.parametrize("path", READY)
def test_a_page_carries_the_grid_and_the_charts_only_where_it_shows_them(demo_app, quiet_page, path):
    asked = []
    quiet_page.on("request", lambda request: asked.append(request.url))
    quiet_page.goto(demo_app.url + path)
    quiet_page.wait_for_selector(READY[path])
    assert any("dash_ag_grid" in url for url in asked) == (path == "/cases")
    assert any("plotly.min.js" in url for url in asked) == (path == "/outcomes")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", READY)
def test_axe_finds_nothing_to_complain_of(demo_app, quiet_page, path, scheme):
    quiet_page.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    quiet_page.goto(demo_app.url + path)
    quiet_page.wait_for_selector(READY[path])
    found = violations(quiet_page)
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []


def test_a_list_of_which_several_may_be_chosen_stays_open(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/cases?period=90d")
    quiet_page.click("[data-facet=status] summary")
    for word in ("处置中", "待签收"):
        quiet_page.locator("[data-facet=status][open] a", has_text=word).click()
        quiet_page.wait_for_selector(f"[data-facet=status][open] a[aria-current] >> text={word}")
    assert quiet_page.locator("[data-facet=status] a[aria-current]").count() == 2
    quiet_page.keyboard.press("Escape")
    assert quiet_page.locator("details.gh-menu[open]").count() == 0
    quiet_page.click("[data-facet=kind] summary")
    quiet_page.keyboard.press("ArrowDown")
    quiet_page.wait_for_selector("[data-facet=kind] .gh-choice:focus")
    quiet_page.click("h1")
    assert quiet_page.locator("details.gh-menu[open]").count() == 0


def test_what_has_not_changed_is_not_sent_again(street_app, quiet_page):
    quiet_page.goto(f"{street_app.url}/sources?source=street")
    quiet_page.locator(".gh-bad-rows summary").first.click()
    with quiet_page.expect_response(lambda answer: "sources-bad.children" in (answer.request.post_data or "")):
        quiet_page.evaluate("dash_clientside.set_props('live', {data: {counts: 'x', sources: 'x'}})")
    assert quiet_page.locator(".gh-bad-rows details[open]").count() == 1

"""/ in real Chromium: every number equals the list it opens, the page follows the doorbell, and it recovers by itself."""

import csv
import io
import random
import re
from datetime import datetime
from urllib.parse import urlencode

import pytest

from domain.measures import CARDS, KPIS, MAP_MEASURES
from tests.servers.app import CATEGORIES, running_app
from tests.servers.browser import until, violations

READY = ".kpi-card.is-live .kpi-value"
CHART = "#overview-trend-graph .js-plotly-plot"
PAINTED = "window.gridhall?.map?.state?.values && document.querySelectorAll('path.cell').length > 0"
CJK = re.compile(r"[\u3400-\u9fff]")
BYTES_A_CLICK = 10_000


def number(text: str) -> int:
    return int(re.sub(r"[^\d]", "", text))


def filters(seed: int) -> str:
    """A made-up choice of period, area, kind, categories, source and measure, as in an address."""
    rng = random.Random(seed)
    chosen = {
        "period": rng.choice(["7d", "30d", "90d", "13d", datetime.now().astimezone().strftime("%Y-%m")]),
        "area": rng.choice(["", "", "C1", "C2", "C3"]),
        "kind": rng.choice(["", "", "problem", "hazard"]),
        "category": rng.sample(CATEGORIES, rng.choice([0, 0, 1, 2])),
        "source": rng.choice(["", "", "hall", "hotline"]),
        "measure": rng.choice(MAP_MEASURES),
    }
    return f"?{urlencode({k: v for k, v in chosen.items() if v}, doseq=True)}"


SEEDS = range(6)


@pytest.fixture
def said(page):
    """What the console of the page complained of."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def overview(app_server, page, said):
    """Opens / with a query and waits until it is complete; the console must have stayed silent."""

    def open_it(query: str = "", url: str = ""):
        page.goto(f"{url or app_server.url}/{query}")
        complete(page)
        return page

    yield open_it
    assert said == []


def complete(page) -> None:
    page.wait_for_selector(READY)
    until(page, PAINTED)
    until(page, f"document.querySelector('{CHART}')?.data?.length > 0")


def exported(page, app_server, href: str) -> list[dict[str, str]]:
    """The rows of the file of a list."""
    path = href.replace("/cases", "/export/cases.csv", 1)
    answer = page.request.get(path if path.startswith("http") else app_server.url + path)
    assert answer.ok
    return list(csv.DictReader(io.StringIO(answer.text().removeprefix("\ufeff"))))


def listed(page, app_server, href: str) -> int:
    """The number of cases that the page of a list tells."""
    page.goto(app_server.url + href)
    page.wait_for_selector("#cases-total")
    return number(page.inner_text("#cases-total"))


def cards(page) -> dict[str, tuple[str, str, str]]:
    """Figure → its value as printed, its number of cases, its list."""
    found = {}
    for name in CARDS:
        card = page.locator(f"[data-kpi={name}]")
        link = card.locator(".kpi-list")
        found[name] = card.locator(".kpi-value").inner_text(), link.inner_text(), link.get_attribute("href")
    return found


def test_the_page_is_complete_asks_nobody_else_and_its_console_is_silent(overview, browser_watch):
    page = overview()
    assert page.locator(".kpi-card.is-live, .kpi-card.is-empty").count() == len(CARDS)
    until(page, "[...document.querySelectorAll('.leaflet-tile')].every(tile => tile.complete)")
    assert page.locator(".bars .bar").count() > 0
    assert page.locator(".newest tbody tr").count() > 0
    assert page.locator(".modebar").count() == 0
    assert browser_watch.foreign == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_card_equals_the_list_it_opens_and_its_file(overview, app_server, seed):
    page = overview(filters(seed))
    for name, (value, rows, href) in cards(page).items():
        assert number(rows) == len(exported(page, app_server, href)), name
        if KPIS[name].denominator is None:
            assert number(value) == number(rows)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_page_of_each_list_tells_the_number_of_its_card(overview, app_server, seed):
    page = overview(filters(seed))
    for name, (_value, rows, href) in cards(page).items():
        assert listed(page, app_server, href) == number(rows), name


def test_a_press_on_the_number_of_a_card_opens_its_list_without_loading_anew(overview):
    page = overview("?period=30d")
    rows = page.inner_text("[data-kpi=overdue] .kpi-list")
    page.evaluate("window.mark = 1")
    page.click("[data-kpi=overdue] .kpi-list")
    page.wait_for_selector("#cases-total")
    assert number(page.inner_text("#cases-total")) == number(rows)
    assert page.evaluate("window.mark") == 1


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_every_area_of_the_map_equals_its_list(overview, app_server, seed):
    query = filters(seed)
    page = overview(query)
    shown = page.evaluate("window.gridhall.map.state.values")
    kpi = KPIS[shown["measure"]]
    known = dict(zip(shown["codes"], zip(shown["values"], shown["rows"], strict=True), strict=True))
    for code, (value, rows) in known.items():
        wanted = re.sub(r"[?&](area|measure)=[^&]*", "", query).lstrip("?&")
        lines = exported(page, app_server, f"/cases?figure={kpi.name}&area={code}&{wanted}")
        assert len(lines) == rows, code
        if kpi.denominator is None and value is not None:
            assert value == rows


def test_satisfaction_and_response_of_every_community_are_what_its_rows_say(overview, app_server):
    page = overview("?period=90d&level=community")
    for code in ("C1", "C2", "C3", "C4"):
        ratings = [
            row["评价"] for row in exported(page, app_server, f"/cases?figure=satisfaction&period=90d&area={code}")
        ]
        weights = {"满意": 100, "基本满意": 90, "不满意": 0}
        answer = page.request.get(f"{app_server.url}/values?period=90d&level=community&measure=satisfaction").json()
        value = answer["values"][answer["codes"].index(code)]
        assert value == pytest.approx(sum(weights[r] for r in ratings) / len(ratings), abs=0.001)
        rows = exported(page, app_server, f"/cases?figure=response&period=90d&area={code}")
        waits = [datetime.fromisoformat(r["首次响应"]) - datetime.fromisoformat(r["上报时间"]) for r in rows]
        answer = page.request.get(f"{app_server.url}/values?period=90d&level=community&measure=response").json()
        value = answer["values"][answer["codes"].index(code)]
        assert value == pytest.approx(sum(w.total_seconds() for w in waits) / len(waits) / 86_400, abs=0.001)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_point_of_the_series_equals_its_list(overview, app_server, seed):
    page = overview(filters(seed))
    bars = page.evaluate(
        f"(({{y, customdata, hovertext}}) => ({{y, customdata, hovertext}}))(document.querySelector('{CHART}').data[0])"
    )
    assert len(bars["y"]) == len(bars["customdata"]) > 0
    for value, href, told in zip(bars["y"], bars["customdata"], bars["hovertext"], strict=True):
        rows = len(exported(page, app_server, href))
        count = re.search(r"共 ([\d,]+) 件", told)
        assert rows == (number(count[1]) if count else value), href


@pytest.mark.parametrize("seed", SEEDS)
def test_the_number_off_the_map_equals_its_lists(overview, app_server, seed):
    page = overview(filters(seed))
    links = page.locator(".off-map a")
    told = [(links.nth(i).inner_text(), links.nth(i).get_attribute("href")) for i in range(links.count())]
    for text, href in told:
        assert number(text) == len(exported(page, app_server, href)), text
    if told:
        assert number(told[0][0]) == sum(number(text) for text, _href in told[1:])


SEEN = (
    "() => ['.overview > .filters', '.overview-cards', '.area-summary', '#overview-rail .bars', '#overview-legend', '#overview-off-map'].map(part =>"
    " document.querySelector(part).innerText.replace(/\\d\\d:\\d\\d:\\d\\d/g, ''))"
)


def seen(page) -> list[str]:
    """What the page says, but for the time of its data."""
    return page.evaluate(SEEN)


def test_choosing_changes_the_address_back_undoes_it_and_a_pasted_link_shows_the_same(
    overview, app_server, browser_context
):
    page = overview()
    first = seen(page)
    page.click("#overview-period-pill")
    page.get_by_label("近 30 日").click()
    page.wait_for_url("**/?period=30d")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('[data-kpi=reported] .kpi-list').getAttribute('href').includes('30d')")
    page.click("#overview-kind-pill")
    page.get_by_label("问题", exact=True).click()
    page.wait_for_url("**/?period=30d&kind=problem")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('[data-kpi=reported] .kpi-list').getAttribute('href').includes('kind=problem')")
    until(page, "document.querySelector('.area-number').getAttribute('href').includes('kind=problem')")
    second = seen(page)
    other = browser_context.new_page()
    other.goto(page.url)
    complete(other)
    other.wait_for_selector(".area-number")
    assert seen(other) == second != first
    page.go_back()
    page.go_back()
    page.wait_for_url(f"{app_server.url}/")
    until(page, "!document.querySelector('[data-kpi=reported] .kpi-list').getAttribute('href').includes('30d')")
    until(page, "!document.querySelector('.area-number').getAttribute('href').includes('30d')")
    until(page, f"first => ({SEEN})().join('|') === first.join('|')", first)


def trail(page) -> list[str]:
    return page.locator(".trail-step, .trail-here").all_inner_texts()


def press(page, code: str) -> None:
    """Press the middle of an area, as a hand does."""
    page.wait_for_selector(f"path.cell[data-code='{code}']")
    page.locator(f"path.cell[data-code='{code}']").dispatch_event("click")


def test_the_way_from_the_street_to_a_grid_and_back(overview, app_server):
    page = overview("?level=community&period=90d")
    page.wait_for_selector("path.cell[data-code='C1']")
    assert trail(page) == ["全街道"]
    press(page, "C1")
    until(page, "document.querySelector('.trail-here').innerText === 'Area C1'")
    assert trail(page) == ["全街道", "Area C1"]
    (grid, rows), *_others = app_server.rows(
        "SELECT g.code, count(*) FROM cases c JOIN areas g ON g.id = c.area_id WHERE g.level = 'grid' AND g.code LIKE 'C1%' GROUP BY 1 ORDER BY 2 DESC"
    )
    assert rows > 0
    press(page, grid)
    until(page, "document.querySelectorAll('.trail-step').length === 2")
    assert f"area={grid}" in page.url
    assert number(page.inner_text(".area-number")) == len(
        exported(page, app_server, page.get_attribute(".area-number", "href"))
    )
    page.locator(".trail-step").nth(1).click()
    until(page, "document.querySelector('.trail-here').innerText === 'Area C1'")
    page.locator(".trail-step").first.click()
    until(page, "document.querySelector('.trail-here').innerText === '全街道'")
    assert "area=" not in page.url


def test_a_grid_is_reached_and_opened_by_keyboard(overview):
    page = overview()
    page.wait_for_selector("path.cell[tabindex='0']")
    page.locator("path.cell[tabindex='0']").focus()
    first = page.evaluate("document.activeElement.dataset.code")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.dataset.code")
    assert second != first
    page.keyboard.press("Enter")
    page.wait_for_url(f"**area={second}*")


class Traffic:
    """Bytes that came over the wire, headers and all, by address."""

    def __init__(self, page) -> None:
        self.bytes: dict[str, float] = {}
        self.addresses: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on(
            "Network.requestWillBeSent", lambda e: self.addresses.setdefault(e["requestId"], e["request"]["url"])
        )
        session.on("Network.loadingFinished", self.add)

    def add(self, event) -> None:
        url = self.addresses.get(event["requestId"], "")
        self.bytes[url] = self.bytes.get(url, 0) + event["encodedDataLength"]

    def total(self) -> float:
        """All bytes but those of map tiles and of the doorbell."""
        return sum(n for url, n in self.bytes.items() if "/tiles/" not in url and "/live" not in url)


def fills(page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('path.cell')].map(cell => cell.getAttribute('fill'))")


def test_another_measure_recolours_without_shapes_in_few_bytes(overview):
    page = overview("?period=90d")
    before, traffic = fills(page), Traffic(page)
    page.click("[data-kpi=satisfaction] .kpi-choose")
    until(page, "window.gridhall.map.state.values.measure === 'satisfaction'")
    until(
        page,
        "[...document.querySelectorAll('path.cell')].map(cell => cell.getAttribute('fill')).join() !== "
        + repr(",".join(before)),
    )
    until(
        page,
        f"document.querySelector('{CHART}').layout.xaxis && document.querySelector('.trend-head h2').innerText.includes('满意')",
    )
    page.wait_for_load_state("networkidle")
    assert not [url for url in traffic.bytes if "/geometry/" in url]
    assert 0 < traffic.total() < BYTES_A_CLICK, traffic.bytes


def test_another_level_asks_for_no_shapes_that_are_there(overview):
    page = overview("?period=90d")
    traffic = Traffic(page)
    page.locator("#overview-layer label", has_text="社区").click()
    page.wait_for_selector("path.cell[data-code='C1']")
    until(page, "window.gridhall.map.state.values.level === 'community'")
    page.wait_for_load_state("networkidle")
    assert traffic.total() < BYTES_A_CLICK, traffic.bytes
    assert all(n < 500 for url, n in traffic.bytes.items() if "/geometry/" in url)


def test_heat_is_shown_as_tiles_and_its_legend_says_so(overview):
    page = overview("?period=90d")
    page.locator("#overview-layer label", has_text="热力").click()
    page.wait_for_url("**layer=heat**")
    page.wait_for_selector("img.leaflet-tile[src*='/tiles/heat/']")
    page.wait_for_selector(".legend.is-heat")


def test_a_definition_shows_what_is_divided_by_what(overview, app_server):
    page = overview("?period=90d")
    for name, row in (("on_time_rate", "按期"), ("satisfaction", "满意")):
        page.click(f"[data-kpi={name}] .kpi-about")
        page.wait_for_selector(".definition")
        top, bottom, value = re.fullmatch(
            r"([\d,.]+) ÷ ([\d,]+) = ([\d.]+)%", page.inner_text(".definition-sum")
        ).groups()
        assert number(bottom) == len(exported(page, app_server, page.get_attribute(".definition-list", "href")))
        assert 100 * float(top.replace(",", "")) / number(bottom) == pytest.approx(float(value), abs=0.06)
        assert row in page.inner_text(".definition")
        page.keyboard.press("Escape")
        page.wait_for_selector(".definition", state="detached")


def test_an_english_site_has_no_chinese_on_it(overview, app_server, page):
    with running_app(app_server.folder, "en") as english:
        shown = overview("?period=90d", english.url)
        assert shown.get_attribute("html", "lang") == "en"
        assert "On-time" in shown.inner_text("[data-kpi=on_time_rate]")
        for path in ("/", "/cases", "/outcomes", "/sources"):
            page.goto(english.url + path)
            page.wait_for_selector("#frame-page > *")
            page.wait_for_load_state("load")
            assert not CJK.search(page.inner_text("#frame")), path
        page.goto("about:blank")


@pytest.mark.parametrize("width", [390, 760, 1280, 1920])
def test_nothing_sticks_out_sideways(overview, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    page = overview()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_for_accessibility_finds_nothing_serious(overview, page, scheme):
    page.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    page = overview()
    found = violations(page)
    serious = [
        (v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found if v["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_the_theme_turns_map_chart_and_page_at_once_and_is_remembered(overview, page):
    page = overview()
    axis = f"getComputedStyle(document.querySelector('{CHART} .xtick text')).fill"
    light = page.evaluate(axis)
    page.click("#frame-scheme-switch")
    page.wait_for_selector("img.leaflet-tile[src*='/tiles/base/dark/']")
    until(page, f"{axis} !== {light!r}")
    page.reload()
    complete(page)
    assert page.get_attribute("html", "data-mantine-color-scheme") == "dark"


def test_a_fetch_in_a_second_terminal_changes_an_open_page(overview, app_server):
    page = overview()
    before = number(page.inner_text("[data-kpi=reported] .kpi-value"))
    point = page.evaluate(f"document.querySelector('{CHART}').data[0].y.at(-1)")
    page.evaluate("window.mark = 1")
    app_server.report(3)
    until(page, "n => Number(document.querySelector('[data-kpi=reported] .kpi-value').innerText) === n", before + 3)
    until(page, f"n => document.querySelector('{CHART}').data[0].y.at(-1) === n", point + 3)
    assert page.evaluate("window.mark") == 1


def test_a_page_outlives_its_server(app_server, page):
    page.goto(app_server.url)
    complete(page)
    before = number(page.inner_text("[data-kpi=reported] .kpi-value"))
    page.evaluate("window.mark = 1")
    app_server.kill()
    try:
        page.wait_for_selector("#frame-lost:not([hidden])")
    finally:
        app_server.start()
    page.wait_for_selector("#frame-lost", state="hidden")
    app_server.report(2)
    until(page, "n => Number(document.querySelector('[data-kpi=reported] .kpi-value').innerText) === n", before + 2)
    assert page.evaluate("window.mark") == 1

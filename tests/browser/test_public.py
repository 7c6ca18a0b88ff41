"""The channel for residents on a phone: report, track, rate; with a bad network, without one, and without scripts."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from actions.places import NewPlace, make_places
from actions.site import Site
from actions.work import Work
from config_cases import Cases
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import read_areas, read_tree
from store.engine import open_engine, read
from tests.actions.test_report_publicly import to_the_end
from tests.browser.conftest import NOW, App, running, street_rows, write_street
from tests.servers.browser import Watch, until, violations
from tests.worktown import CATALOGUE, picture, worker

KINDS = """
[[categories]]
name = "manhole"
group = "road"
conditions = [{ name = "cracked", limit = { amount = 4, unit = "work_hours" } }]
[[categories]]
name = "puddle"
group = "road"
[[categories]]
name = "litter"
group = "rubbish"
"""
SPOT = (114.005, 30.005)


@dataclass
class Street:
    """A street with one QR code. work: the same store, from here."""

    app: App
    work: Work
    place: str
    photo: Path

    def count(self) -> int:
        return int(self.app.rows("SELECT count(*) FROM reporters")[0][0])

    def last_case(self) -> int:
        return int(self.app.rows("SELECT max(case_id) FROM reporters")[0][0])


@pytest.fixture(scope="module")
def street(tmp_path_factory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("public")
    write_street(folder, street_rows())
    with (folder / "town.toml").open("a") as settings:
        settings.write(KINDS)
    photo = folder / "photo.jpg"
    photo.write_bytes(picture(size=(2_400, 1_800)))
    with running(folder) as app:
        engine = open_engine(f"sqlite:///{app.var}/gridhall.db")
        with read(engine) as connection:
            site = Site(engine, SiteZone("Asia/Shanghai"), read_areas(connection), Locator(read_tree(connection)))
        secret = (app.var / "secret.key").read_bytes()
        work = Work(site, CATALOGUE, Cases(), app.var / "uploads", secret)
        (place,) = make_places(
            site, worker("leader"), [NewPlace("18 North Street", "A1", *SPOT)], now=int(NOW.timestamp())
        )
        yield Street(app, work, place, photo)
        engine.dispose()


@contextlib.contextmanager
def a_phone(chromium: Browser, **more: object) -> Iterator[BrowserContext]:
    watch = Watch()
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="zh-CN",
        timezone_id="Asia/Shanghai", **more,
    )  # fmt: skip
    watch.attach(context)
    yield context
    context.close()
    assert watch.foreign == []


@pytest.fixture
def phone(chromium) -> Iterator[Page]:
    with a_phone(
        chromium, geolocation={"longitude": 114.015, "latitude": 30.005}, permissions=["geolocation"]
    ) as context:
        yield context.new_page()


def fill(page: Page, street: Street, *, photo: bool = True) -> None:
    page.goto(f"{street.app.url}/p/{street.place}")
    page.check("[name=group][value=road]")
    page.fill("[name=text]", "cracked by half")
    if photo:
        page.set_input_files("[name=photo]", street.photo)
        page.locator(".public-shot img").wait_for()


def test_a_resident_reports_follows_and_rates(street, phone):
    fill(phone, street)
    assert phone.locator("#report-where").inner_text() == "Grid A1，18 North Street"
    phone.fill("[name=phone]", "138 1234 5678")
    phone.click("#report-send")
    phone.wait_for_url("**/track/**")
    assert "已收到" in phone.inner_text(".plain-done")
    assert phone.evaluate("localStorage.length") == 0, "nothing of it stays in the browser"
    to_the_end(street.work, street.last_case(), int(NOW.timestamp()) + 60)
    phone.reload()
    assert phone.locator(".public-pair img").count() == 2
    until(phone, "[...document.querySelectorAll('.public-pair img')].every((i) => i.naturalWidth > 0)")
    assert phone.locator("[name=level]:checked").count() == 0
    phone.check("[name=level][value=satisfied]")
    phone.fill("[name=comment]", "well done")
    phone.click("form.public-rate button")
    expect(phone.locator(".plain-done")).to_have_text("谢谢您的评价。")
    assert street.app.rows("SELECT level FROM cases WHERE id = ?", street.last_case()) == [(0,)]


def test_the_photo_is_made_smaller_before_it_is_sent(street, phone):
    fill(phone, street)
    until(phone, "JSON.parse(localStorage.getItem('gridhall-report') || '{}').photos?.[0]?.id > 0")
    assert street.app.rows("SELECT width, height FROM photos ORDER BY id DESC LIMIT 1") == [(1_600, 1_200)]


def test_what_was_begun_is_there_again(street, phone):
    fill(phone, street)
    until(phone, "JSON.parse(localStorage.getItem('gridhall-report') || '{}').photos?.length === 1")
    phone.reload()
    expect(phone.locator("[name=text]")).to_have_value("cracked by half")
    assert phone.locator("[name=group][value=road]").is_checked()
    assert phone.locator(".public-shot img").count() == 1
    phone.click("#report-note button")
    expect(phone.locator("[name=text]")).to_have_value("")


def test_without_a_network_it_waits_and_is_sent_once_there_is_one(street, phone):
    before = street.count()
    fill(phone, street, photo=False)
    phone.context.set_offline(True)
    phone.set_input_files("[name=photo]", street.photo)
    phone.locator(".public-shot small").wait_for()
    phone.click("#report-send")
    expect(phone.locator("#report-note")).to_contain_text("没有网络")
    assert street.count() == before
    phone.context.set_offline(False)
    phone.wait_for_url("**/track/**")
    assert street.count() == before + 1
    assert street.app.rows("SELECT count(*) FROM photos WHERE case_id = ?", street.last_case()) == [(1,)]


def test_an_answer_that_was_lost_makes_no_second_case(street, phone):
    before, tries = street.count(), []

    def lose_the_first(route: Route) -> None:
        tries.append(route.request)
        answer = route.fetch()
        if len(tries) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    fill(phone, street, photo=False)
    phone.route("**/report", lose_the_first)
    phone.click("#report-send")
    phone.wait_for_url("**/track/**")
    assert (len(tries), street.count()) == (2, before + 1)


def test_the_map_moves_under_the_pin_and_says_where_it_is(street, phone):
    fill(phone, street, photo=False)
    phone.click("summary")
    phone.click("[data-do=here]")
    expect(phone.locator("#report-where")).to_have_text("Grid A2")
    expect(phone.locator("[name=spot]")).to_have_value("")
    longitude = float(phone.input_value("[name=longitude]"))
    phone.focus("#report-map")
    phone.keyboard.press("ArrowLeft")
    assert float(phone.input_value("[name=longitude]")) < longitude
    phone.click("[data-do=take]")
    assert not phone.locator("[name=spot]").is_visible()
    phone.click("#report-send")
    phone.wait_for_url("**/track/**")
    ((area,),) = street.app.rows(
        "SELECT a.code FROM cases c JOIN areas a ON a.id = c.area_id WHERE c.id = ?", street.last_case()
    )
    assert area == "A2"


def test_what_is_missing_is_said_before_it_is_sent(street, phone):
    phone.goto(f"{street.app.url}/report")
    phone.click("#report-send")
    expect(phone.locator("#report-problem")).to_contain_text("哪类问题")
    phone.check("[name=group][value=road]")
    phone.click("#report-send")
    expect(phone.locator("#report-problem")).to_contain_text("在哪里")


def test_without_scripts_it_works_as_well(street, chromium):
    with a_phone(chromium, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{street.app.url}/report")
        page.set_input_files("[name=photo]", street.photo)
        page.fill("[name=text]", "cracked by half")
        page.click("#report-send")
        expect(page.locator("#report-problem")).to_contain_text("哪类问题")
        assert page.input_value("[name=text]") == "cracked by half"
        assert page.locator("[name=kept]").is_checked()
        page.check("[name=group][value=rubbish]")
        page.select_option("[name=area]", "A2")
        page.click("#report-send")
        page.wait_for_url("**/track/**")
        code = page.inner_text(".public-code span")
        page.goto(f"{street.app.url}/track")
        page.fill("[name=code]", code.lower())
        page.click("button.is-first")
        assert page.inner_text(".public-code span") == code
    ((category, photos),) = street.app.rows(
        "SELECT k.name, (SELECT count(*) FROM photos p WHERE p.case_id = c.id) FROM cases c "
        "JOIN categories k ON k.id = c.category_id WHERE c.id = ?", street.last_case(),
    )  # fmt: skip
    assert (category, photos) == ("litter", 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/report", "/p/{place}", "/track", "/track/AAAABBBBCCCC"])
def test_nothing_on_these_pages_keeps_anyone_out(street, chromium, path, scheme):
    with a_phone(chromium, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(street.app.url + path.format(place=street.place))
        found = violations(page)
        assert [v["id"] for v in found if v["impact"] in {"serious", "critical"}] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390

"""The calendar of workdays in real Chromium: read by all, changed by one, by mouse, keyboard and on a phone."""

from datetime import date

import pytest

from api.callers import COOKIE
from domain.periods import day_of
from store import accounts
from store.engine import open_engine, write
from tests.accounts import add, enter
from tests.servers.browser import violations

FORM = ".gh-calendar-form"
NOTE = f"{FORM} label:nth-of-type(2) input"
LAST = f"{FORM} label:nth-of-type(1) input"


def day(text: str) -> str:
    return f"a.gh-day[data-day='{day_of(date.fromisoformat(text))}']"


@pytest.fixture
def admin(street_app, browser_context, quiet_page):
    """A page of the system administrator."""
    engine, token = open_engine(f"sqlite:///{street_app.var}/gridhall.db"), "the-administrator"
    if not street_app.rows("SELECT 1 FROM accounts WHERE login = 'ann'"):
        ann = add(engine, "ann", "system_admin")
        with write(engine) as connection:
            accounts.change(connection, ann.id, totp_secret="of another phone")
        enter(engine, ann, token)
    engine.dispose()
    mine = {"name": COOKIE, "value": token, "domain": "127.0.0.1", "path": "/", "httpOnly": True, "sameSite": "Lax"}
    browser_context.add_cookies([mine])
    return quiet_page


def test_a_viewer_reads_the_year_and_is_told_who_changes_it(street_app, quiet_page):
    quiet_page.goto(f"{street_app.url}/calendar?year=2026&day=2026-02-14")
    quiet_page.wait_for_selector(day("2026-02-14"))
    quiet_page.get_by_text("只有系统管理员可以修改工作日历").wait_for()
    assert quiet_page.locator("a.gh-day").count() == 365
    assert quiet_page.locator("a.gh-day.is-shifted").count() == 6
    assert quiet_page.get_attribute(day("2026-02-14"), "aria-label") == "2026年2月14日星期六 · 调休上班 · 春节"
    assert quiet_page.locator(FORM).count() == 0


def test_the_administrator_changes_days_with_a_note(street_app, admin):
    admin.goto(f"{street_app.url}/calendar?year=2026")
    admin.click(day("2026-12-14"))
    admin.wait_for_selector(FORM)
    admin.click("text=改为休息日")
    admin.get_by_text("请在备注中写明原因").wait_for()
    assert street_app.rows("SELECT count(*) FROM workday_changes WHERE year = 2026") == [(0,)]
    admin.fill(LAST, "2026-12-15")
    admin.fill(NOTE, "停水 <b>")
    admin.click("text=改为休息日")
    admin.get_by_text("已把 2 天改为休息日").wait_for()
    admin.wait_for_selector(f"{day('2026-12-15')}.is-edited.is-off")
    assert street_app.rows("SELECT day, is_workday, note, by FROM workday_override ORDER BY day") == [
        (day_of(date(2026, 12, n)), 0, "停水 <b>", "ann") for n in (14, 15)
    ]


def test_a_year_that_is_not_known_is_warned_of_until_it_is_confirmed(street_app, admin):
    admin.goto(f"{street_app.url}/calendar?year=2027")
    admin.get_by_text("本程序不知道 2027 年的放假安排").wait_for()
    admin.click("text=2027 年放假安排已全部录入")
    admin.locator(".gh-unknown-years").wait_for(state="detached")
    assert street_app.rows("SELECT year, by FROM workday_years") == [(2027, "ann")]


def test_the_days_are_reached_by_the_keyboard(street_app, quiet_page):
    quiet_page.goto(f"{street_app.url}/calendar?year=2026&day=2026-06-10")
    quiet_page.wait_for_selector(day("2026-06-10"))
    assert quiet_page.locator("a.gh-day[tabindex='0']").count() == 1
    quiet_page.focus(day("2026-06-10"))
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowRight", "Enter"):
        quiet_page.keyboard.press(key)
    quiet_page.wait_for_url("**day=2026-06-11")
    quiet_page.get_by_text("2026年6月11日").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_calendar_and_it_fits_a_phone(street_app, admin, scheme):
    admin.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    admin.set_viewport_size({"width": 390, "height": 844})
    admin.goto(f"{street_app.url}/calendar?year=2028&day=2028-01-04")
    admin.wait_for_selector(FORM)
    admin.wait_for_selector(day("2028-12-31"))
    assert admin.evaluate("document.documentElement.scrollWidth") == 390
    found = violations(admin)
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []

"""The watch room at work: a service is tried, its bad rows are taken again, it is paused and goes on; all on record."""

from store.engine import open_engine
from tests.accounts import add, enter
from tests.browser.conftest import street_rows

TOKEN = "the-system-administrator"


def sign_in(page, app) -> None:
    engine = open_engine(f"sqlite:///{app.var}/gridhall.db")
    enter(engine, add(engine, "root", "system_admin", (), totp_secret="JBSWY3DPEHPK3PXP"), TOKEN)
    engine.dispose()
    page.context.add_cookies([{"name": "gridhall", "value": TOKEN, "domain": "127.0.0.1", "path": "/"}])


def audit(app) -> list[str]:
    return [row[0] for row in app.rows("SELECT action FROM audit WHERE subject = 'source:street' ORDER BY id")]


def test_a_service_is_tried_mended_paused_and_goes_on(fresh_street, page):
    sign_in(page, fresh_street)
    cases = fresh_street.rows("SELECT count(*) FROM cases")
    page.goto(f"{fresh_street.url}/sources")
    page.click(".gh-feed-link")
    page.click("text=测试")
    page.wait_for_selector(".gh-trial-rows tbody tr")
    assert page.locator(".gh-trial-rows tbody tr").count() == 5
    told = page.inner_text(".gh-trial")
    for word in (f"前 {len(street_rows())} 行中 {len(street_rows()) - 3} 行可用", "上报时间", "未知取值", "未入库"):
        assert word in told
    assert fresh_street.rows("SELECT count(*) FROM cases") == cases
    page.click("text=重新读入隔离行")
    page.wait_for_selector("#sources-said >> text=重新读入 3 行：入库 0，无变化 0，仍不可用 3。")
    page.click("text=暂停服务")
    page.wait_for_selector("#sources-said >> text=请填写原因")
    page.fill(".gh-reason input", "机房搬迁")
    page.click("text=暂停服务")
    page.wait_for_selector("[data-feed=street][data-state=paused]")
    assert fresh_street.rows("SELECT state, note FROM source_states ORDER BY id DESC LIMIT 1") == [
        ("paused", "机房搬迁")
    ]
    page.wait_for_selector(".gh-feed-work >> text=恢复")
    page.fill(".gh-reason input", "搬迁完成")
    page.locator(".gh-feed-work button", has_text="恢复").click()
    page.wait_for_selector("[data-feed=street][data-state=live]")
    assert audit(fresh_street) == ["source.look", "source.test", "source.replay", "source.pause", "source.resume"]


def test_one_who_only_looks_has_no_buttons(street_app, page):
    page.goto(f"{street_app.url}/sources?source=street")
    page.wait_for_selector(".gh-detail")
    page.wait_for_selector(".gh-bad-rows li")
    assert page.locator(".gh-feed-work").count() == 0

"""One case, the outcome table and the feeds in real Chromium, beside plain SQL and pandas."""

import re
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import street_rows, write_street

MONTHS = ["2022-08", "2022-09", "2022-10", "2022-11", "2022-12", "2023-01"]
AREA = "429099001001"
ROW = "[data-figure={}] td"


def test_a_case_shows_its_course_its_place_and_its_neighbours(demo_app, quiet_page):
    found = demo_app.rows(
        "SELECT id, external_id FROM cases WHERE status = 'closed' AND placing = 0 AND due_at IS NOT NULL "
        "ORDER BY reported_at DESC LIMIT 1"
    )
    case_id, number = found[0]
    steps = demo_app.rows("SELECT count(*) FROM case_steps WHERE case_id = ?", case_id)[0][0]
    quiet_page.goto(f"{demo_app.url}/cases/{case_id}")
    quiet_page.wait_for_selector(".gh-timeline")
    assert number in quiet_page.inner_text(".gh-path")
    assert quiet_page.locator(".gh-timeline > li").count() == steps
    assert quiet_page.locator(".gh-step-ahead").count() == 0
    assert quiet_page.locator(".gh-ruler-here").is_visible()
    quiet_page.wait_for_selector(".gh-dot-here")
    quiet_page.wait_for_selector("path.gh-area-outline")
    quiet_page.wait_for_selector(".leaflet-tile-loaded")
    metres = [int(text) for text in re.findall(r"(\d+) m ·", quiet_page.inner_text("#case-known"))]
    assert metres == sorted(metres)
    assert all(m <= 200 for m in metres)
    assert quiet_page.locator(".gh-dot-near").count() == len(metres)


@pytest.mark.parametrize("number", ["999999999", "0", "x", "-1", "1%27%20OR%201=1", "9" * 30])
def test_a_number_that_is_no_case_is_said_so(demo_app, quiet_page, number):
    quiet_page.goto(f"{demo_app.url}/cases/{number}")
    quiet_page.wait_for_selector(".gh-missing")
    assert "没有这个案件" in quiet_page.inner_text("h1")


@pytest.mark.parametrize("number", ["NOPLACE", "FAR", "PIN"])
def test_a_case_off_the_map_says_why(street_app, quiet_page, number):
    ((case_id,),) = street_app.rows("SELECT id FROM cases WHERE external_id = ?", number)
    quiet_page.goto(f"{street_app.url}/cases/{case_id}")
    quiet_page.wait_for_selector(".gh-off-map")
    assert "不上图" in quiet_page.inner_text(".gh-off-map")
    assert quiet_page.locator(".leaflet-container").count() == 0


def by_pandas(app):
    """The paper's figures from the rows of the store, by pandas alone: figure → {month: value}, and n of each."""
    cases = app.frame(
        "SELECT c.*, a.code FROM cases c JOIN areas a ON a.id = c.area_id WHERE c.status NOT IN ('void', 'merged') "
        f"AND a.code LIKE '{AREA}%'"
    )
    for name in ("reported_at", "closed_at"):
        cases[name] = (
            pd.to_datetime(cases[name], unit="s", utc=True).dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m")
        )
    waits = pd.to_numeric(
        app.frame("SELECT id, first_response_at - reported_at AS wait, reported_at FROM cases").set_index("id")["wait"]
    )
    answered = cases.assign(days=cases["id"].map(waits) / 86_400).dropna(subset=["days"]).groupby("reported_at")["days"]
    rated = cases[cases["status"].isin(["closed", "self_handled"]) & cases["level"].notna()]
    score = rated.assign(score=rated["level"].map({0: 100.0, 1: 90.0, 2: 0.0})).groupby("closed_at")["score"]
    problems = cases[cases["kind"] == 0]
    return {
        "reported": problems.groupby("reported_at").size(),
        "hazards": cases[cases["kind"] == 1].groupby("reported_at").size(),
        "response": answered.mean(), "response-n": answered.size(), "response-median": answered.median(),
        "satisfaction": score.mean(), "satisfaction-n": score.size(),
        "online_rate": 100 * problems.dropna(subset=["online"]).groupby("reported_at")["online"].mean(),
    }  # fmt: skip


def printed(value, digits):
    if pd.isna(value):
        return "—"
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def test_the_outcome_table_is_what_pandas_makes_of_the_rows_and_what_the_paper_prints(demo_app, quiet_page):
    expected = by_pandas(demo_app)
    quiet_page.goto(f"{demo_app.url}/outcomes")
    quiet_page.wait_for_selector(".gh-outcome-table")
    digits = {"response": 2, "response-median": 2, "satisfaction": 1, "online_rate": 1}
    shown = {name: quiet_page.locator(ROW.format(name)).all_inner_texts() for name in expected}
    for name, values in expected.items():
        assert shown[name][:6] == [printed(values.get(m, float("nan")), digits.get(name, 0)) for m in MONTHS], name
    assert shown["reported"] == ["22", "28", "26", "39", "45", "58", "76", "142", "↑86.8%"]
    assert shown["hazards"] == ["35", "39", "42", "52", "57", "49", "116", "158", "↑36.2%"]
    assert shown["response"] == ["3", "5", "4.5", "0.5", "0.33", "0.25", "4.17", "0.36", "↓91.4%"]
    assert shown["satisfaction"][:6] == ["67", "68.5", "72.6", "89.2", "93.2", "94.6"]
    assert shown["satisfaction"][7:] == ["92.33", "↑23.0 点"]
    assert shown["online_rate"][7] == "99.3"
    assert "141 ÷ 142 = 99.3%" in quiet_page.inner_text(".gh-definitions")


def test_every_number_of_the_outcome_table_leads_to_as_many_cases(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/outcomes")
    quiet_page.wait_for_selector(".gh-outcome-table")
    links: dict[str, int] = {}
    for name, behind in (
        ("reported", "reported"),
        ("hazards", "hazards"),
        ("response", "response-n"),
        ("satisfaction", "satisfaction-n"),
    ):
        hrefs = [a.get_attribute("href") for a in quiet_page.locator(f"[data-figure={name}] td a").all()]
        counts = quiet_page.locator(ROW.format(behind)).all_inner_texts()[:8]
        links |= dict(zip(hrefs, (int(n) for n in counts), strict=True))
    assert len(links) == 32
    for href, n in links.items():
        assert parse_qs(urlsplit(href).query)["area"] == [AREA]
        lines = quiet_page.request.get(demo_app.url + href.replace("/cases", "/export/cases.csv", 1)).text()
        assert len(lines.strip().splitlines()) - 1 == n, href
    quiet_page.click("[data-figure=reported] td a >> nth=7")
    quiet_page.wait_for_selector("#cases-total")
    assert quiet_page.inner_text("#cases-total") == "142"


def test_charts_are_drawn_and_turn_with_the_theme(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/outcomes")
    quiet_page.wait_for_selector(".gh-chart .bars path")
    colour = "getComputedStyle(document.querySelector('.gh-chart .xtick text')).fill"
    light = quiet_page.evaluate(colour)
    assert quiet_page.locator(".gh-chart .js-plotly-plot").count() == 4
    assert quiet_page.locator(".modebar-btn").count() == 0
    quiet_page.click("#frame-scheme-switch")
    quiet_page.wait_for_function(f"() => {colour} !== {light!r}")


def test_another_area_and_launch_come_from_the_address(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/outcomes")
    quiet_page.wait_for_selector(".gh-outcome-table")
    quiet_page.click("[data-facet=launch] summary")
    quiet_page.locator("[data-facet=launch] a", has_text="2022-12").click()
    quiet_page.wait_for_url("**launch=2022-12**")
    quiet_page.wait_for_function("() => document.querySelector('.gh-subtitle').innerText.includes('上线前 4 个月')")
    expect(quiet_page.locator(ROW.format("reported")).nth(6)).to_have_text("28.8")
    assert quiet_page.locator(ROW.format("reported")).nth(7).inner_text() == "51.5"
    quiet_page.click("[data-facet=area] summary")
    quiet_page.locator("[data-facet=area] .gh-choices-search input").fill("文昌 01")
    quiet_page.locator("[data-facet=area] a:visible", has_text="文昌 01 网格").click()
    quiet_page.wait_for_function("() => document.querySelector('.gh-subtitle').innerText.startsWith('文昌 01 网格')")


def test_the_table_can_be_taken_along(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/outcomes")
    with quiet_page.expect_download() as download:
        quiet_page.click("#outcomes-export[href]")
    frame = pd.read_csv(download.value.path(), encoding="utf-8-sig", index_col=0)
    assert [int(n) for n in frame.loc["问题上报", MONTHS].to_numpy()] == [22, 28, 26, 39, 45, 58]


def terms(page):
    names = ("read", "kept", "unchanged", "quarantined")
    return {n: int(page.locator(f"[data-term={n}] b").inner_text().replace(",", "")) for n in names}


def test_a_feed_reads_what_it_kept_left_and_put_aside(street_app, quiet_page):
    quiet_page.goto(f"{street_app.url}/sources")
    quiet_page.wait_for_selector(".gh-feed")
    found = terms(quiet_page)
    assert found["read"] == found["kept"] + found["unchanged"] + found["quarantined"] == len(street_rows())
    ((kept,),) = street_app.rows("SELECT count(*) FROM cases")
    ((waiting,),) = street_app.rows("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL")
    assert (found["kept"], found["quarantined"]) == (kept, waiting)
    assert quiet_page.locator("[data-feed=street]").get_attribute("data-state") == "live"


def test_a_bad_row_is_shown_mended_and_gone(fresh_street, quiet_page):
    quiet_page.goto(f"{fresh_street.url}/sources")
    quiet_page.click(".gh-feed-open")
    quiet_page.wait_for_selector(".gh-bad-rows li")
    told = quiet_page.inner_text(".gh-bad-rows")
    for word in ("结案早于上报", "时间无法识别", "未知取值", "street.csv 第 12 行", "“lost”"):
        assert word in told
    quiet_page.locator(".gh-bad-rows summary").first.click()
    assert "ODD" in quiet_page.inner_text(".gh-raw >> nth=0")
    assert len(fresh_street.command("quarantine", "list")) == 3
    write_street(fresh_street.folder, street_rows(), more=', lost = "suspended"')
    assert fresh_street.command("quarantine", "replay") == [
        {"source": "street", "read": 3, "kept": 1, "unchanged": 0, "quarantined": 2}
    ]
    quiet_page.wait_for_function("() => document.querySelectorAll('.gh-bad-rows li').length === 2")
    assert [row["external_id"] for row in fresh_street.command("quarantine", "list")] == ["BROKEN", "EARLY"]


def test_a_feed_whose_file_is_gone_says_so_on_an_open_page(fresh_street, quiet_page):
    quiet_page.goto(f"{fresh_street.url}/sources")
    quiet_page.wait_for_selector("[data-state=live]")
    (fresh_street.folder / "street.csv").unlink()
    with pytest.raises(Exception, match="exit status 2"):
        fresh_street.command("sync", "--once", "--json")
    quiet_page.wait_for_selector("[data-state=bad] .gh-feed-error")
    assert "street.csv" in quiet_page.inner_text(".gh-feed-error")
    assert terms(quiet_page)["read"] == len(street_rows())

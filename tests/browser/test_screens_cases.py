"""The list: it shows as many cases as plain SQL counts and as its file has, each once, in the order asked for."""

import csv
import io
import re
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from tests.browser.conftest import FORMULAS

HERE = ZoneInfo("Asia/Shanghai")
COUNTED = "status NOT IN ('void', 'merged')"
JOINED = (
    "FROM cases c JOIN areas a ON a.id = c.area_id JOIN categories k ON k.id = c.category_id "
    "JOIN sources s ON s.id = c.source_id WHERE "
)


def window(days):
    """[start, end) of the last days, epoch seconds."""
    midnight = datetime.now(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight - timedelta(days=days - 1)).timestamp()), int((midnight + timedelta(days=1)).timestamp())


def month(text):
    first = datetime.strptime(text, "%Y-%m").replace(tzinfo=HERE)
    after = (first + timedelta(days=32)).replace(day=1)
    return int(first.timestamp()), int(after.timestamp())


def within(column, span):
    return f"{column} >= {span[0]} AND {column} < {span[1]}"


PAPER, WEEK, QUARTER = month("2022-12"), window(7), window(90)
COMMUNITY = "a.code LIKE '429099001001%'"
CLOSED = "status IN ('closed', 'self_handled')"
OPEN = f"{COUNTED} AND ended_at IS NULL"
WORDS = "(title LIKE '%公寓%' OR text LIKE '%公寓%')"
HERE_THEN = {"period": "2022-12", "area": "429099001001"}
LISTS = [
    ({}, f"{COUNTED} AND {within('reported_at', WEEK)}"),
    (HERE_THEN | {"figure": "reported"}, f"{COUNTED} AND kind = 0 AND {COMMUNITY} AND {within('reported_at', PAPER)}"),
    (
        HERE_THEN | {"figure": "satisfaction"},
        f"{CLOSED} AND c.level IS NOT NULL AND {COMMUNITY} AND {within('closed_at', PAPER)}",
    ),
    ({"figure": "open", "period": "90d"}, f"{OPEN} AND reported_at < {QUARTER[1]}"),
    ({"figure": "overdue"}, f"{OPEN} AND c.overdue AND due_at < {WEEK[1]}"),
    (
        {"kind": "hazard", "period": "90d", "status": ["closed", "self_handled"]},
        f"kind = 1 AND {CLOSED} AND {within('reported_at', QUARTER)}",
    ),
    (
        {"placing": ["no_place", "outside"], "period": "90d"},
        f"{COUNTED} AND placing IN (1, 2) AND {within('reported_at', QUARTER)}",
    ),
    ({"q": "公寓", "period": "90d"}, f"{COUNTED} AND {WORDS} AND {within('reported_at', QUARTER)}"),
    ({"figure": "hazards", "period": "2030-01"}, "false"),
]


def text(query):
    return f"?{urlencode(query, doseq=True)}"


def total(page):
    page.wait_for_selector("#cases-total")
    return int(page.inner_text("#cases-total").replace(",", ""))


@pytest.mark.parametrize(("query", "condition"), LISTS)
def test_a_list_is_as_long_as_sql_counts_and_as_its_file(demo_app, quiet_page, query, condition):
    ((expected,),) = demo_app.rows(f"SELECT count(*) {JOINED}{condition}")
    quiet_page.goto(f"{demo_app.url}/cases{text(query)}")
    assert total(quiet_page) == expected
    with quiet_page.expect_download() as download:
        quiet_page.click("text=CSV")
    lines = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert len(lines) == expected + 1
    if expected:
        quiet_page.wait_for_selector(".gh-case-link")
        assert quiet_page.evaluate("dash_ag_grid.getApi('cases-grid').getDisplayedRowCount()") == expected
    else:
        assert quiet_page.locator(".gh-nothing").is_visible()


LOADED = """([from, to]) => {
  const api = dash_ag_grid.getApi('cases-grid');
  const rows = [];
  for (let i = from; i < to; i++) rows.push(api.getDisplayedRowAtIndex(i)?.data?.external_id);
  return rows.every(Boolean) ? rows : null;
}"""


def visit(page, n):
    """The case number of every row, gone through from top to bottom."""
    found = []
    for start in range(0, n, 40):
        page.evaluate("i => dash_ag_grid.getApi('cases-grid').ensureIndexVisible(i, 'top')", start)
        span = [start, min(start + 40, n)]
        page.wait_for_function(f"span => ({LOADED})(span) !== null", arg=span)
        found += page.evaluate(LOADED, span)
    return found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-reported_at", "reported_at DESC, c.id DESC"),
        ("due_at", "due_at IS NULL, due_at, c.id"),
        ("-category", "k.name DESC, c.id DESC"),
        ("area", "a.position, c.id"),
    ],
)
def test_every_row_is_visited_once_in_the_order_asked_for(demo_app, quiet_page, sort, order):
    condition = f"{COUNTED} AND reported_at >= {WEEK[0]} AND reported_at < {WEEK[1]}"
    expected = [key for (key,) in demo_app.rows(f"SELECT external_id {JOINED}{condition} ORDER BY {order}")]
    quiet_page.goto(f"{demo_app.url}/cases{text({'sort': sort})}")
    quiet_page.wait_for_selector(".gh-case-link")
    assert visit(quiet_page, total(quiet_page)) == expected


def test_a_press_on_a_column_sorts_and_the_address_remembers(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/cases")
    quiet_page.wait_for_selector(".gh-case-link")
    head = quiet_page.locator(".ag-header-cell[col-id=due_at]")
    head.locator(".ag-header-cell-label").click()
    quiet_page.wait_for_url("**/cases?sort=-due_at")
    assert head.get_attribute("aria-sort") == "descending"
    quiet_page.reload()
    quiet_page.wait_for_selector(".gh-case-link")
    assert quiet_page.locator(".ag-header-cell[col-id=due_at]").get_attribute("aria-sort") == "descending"


def test_choices_live_in_the_address_and_chips_take_them_back(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/cases{text({'sort': 'due_at'})}")
    whole = total(quiet_page)
    quiet_page.click("[data-facet=kind] summary")
    quiet_page.locator("[data-facet=kind] a", has_text="隐患").click()
    quiet_page.wait_for_url("**/cases?*kind=hazard*sort=due_at*")
    quiet_page.wait_for_function("n => document.getElementById('cases-total').innerText !== n", arg=f"{whole:,}")
    ((expected,),) = demo_app.rows(
        f"SELECT count(*) {JOINED}kind = 1 AND {COUNTED} AND reported_at >= {WEEK[0]} AND reported_at < {WEEK[1]}"
    )
    assert total(quiet_page) == expected
    quiet_page.locator(".gh-chip", has_text="隐患").click()
    quiet_page.wait_for_function("n => document.getElementById('cases-total').innerText === n", arg=f"{whole:,}")
    quiet_page.go_back()
    quiet_page.wait_for_url("**kind=hazard**")
    quiet_page.wait_for_function("n => document.getElementById('cases-total').innerText === n", arg=f"{expected:,}")
    quiet_page.wait_for_function("n => dash_ag_grid.getApi('cases-grid').getDisplayedRowCount() === n", arg=expected)


def test_a_search_keeps_the_other_choices(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/cases{text({'kind': 'problem', 'period': '90d'})}")
    total(quiet_page)
    quiet_page.fill(".gh-form input", "公寓")
    quiet_page.press(".gh-form input", "Enter")
    quiet_page.wait_for_url("**/cases?*q=*")
    assert "kind=problem" in quiet_page.url
    assert "period=90d" in quiet_page.url


def test_a_case_opens_by_keyboard(demo_app, quiet_page):
    quiet_page.goto(f"{demo_app.url}/cases")
    quiet_page.wait_for_selector(".gh-case-link")
    quiet_page.locator(".ag-header-cell[col-id=external_id]").focus()
    quiet_page.keyboard.press("ArrowDown")
    quiet_page.keyboard.press("Enter")
    quiet_page.wait_for_selector(".gh-timeline")
    first = demo_app.rows(f"SELECT c.id {JOINED}{COUNTED} ORDER BY reported_at DESC, c.id DESC LIMIT 1")[0][0]
    assert quiet_page.url.endswith(f"/cases/{first}")


def test_a_phone_shows_cards(demo_app, quiet_page):
    quiet_page.set_viewport_size({"width": 390, "height": 844})
    quiet_page.goto(f"{demo_app.url}/cases")
    quiet_page.wait_for_selector(".gh-case-card")
    assert quiet_page.locator(".ag-header-cell:visible").count() == 0
    assert quiet_page.evaluate("document.documentElement.scrollWidth") <= 390
    quiet_page.locator(".gh-case-card").first.click()
    quiet_page.wait_for_selector(".gh-timeline")


def test_no_cell_of_a_file_is_a_formula(street_app, quiet_page):
    answer = quiet_page.request.get(f"{street_app.url}/export/cases.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text().removeprefix("\ufeff"))))
    assert {row["标题"] for row in rows} >= {f"'{cell}" for cell in FORMULAS}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]
    book = load_workbook(io.BytesIO(quiet_page.request.get(f"{street_app.url}/export/cases.xlsx").body()))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_an_overdue_case_is_said_in_words_and_colour(street_app, quiet_page):
    quiet_page.goto(f"{street_app.url}/cases?figure=overdue")
    quiet_page.wait_for_selector(".gh-due-late")
    assert total(quiet_page) == 1
    assert re.fullmatch(r"超 \d+ (分|时.*)", quiet_page.inner_text(".gh-due-late"))


def test_a_sync_from_a_second_terminal_changes_the_open_list(fresh_street, quiet_page):
    quiet_page.goto(f"{fresh_street.url}/cases")
    before = total(quiet_page)
    quiet_page.wait_for_selector(".gh-case-link")
    with (fresh_street.folder / "street.csv").open("a") as file:
        now = datetime.now(HERE).strftime("%Y-%m-%d %H:%M:%S")
        file.write(_line(fresh_street, now))
    fresh_street.command("sync", "--once", "--json")
    quiet_page.wait_for_function("n => document.getElementById('cases-total').innerText === String(n)", arg=before + 1)
    quiet_page.wait_for_selector(".gh-case-link >> text=NEW")


def _line(app, now):
    """A new row in the order of the file's columns."""
    heads = (app.folder / "street.csv").read_text().splitlines()[0].split(",")
    cells = {"id": "NEW", "at": now, "state": "open", "what": "Fresh", "lon": "114.005", "lat": "30.005"}
    return ",".join(cells.get(head, "") for head in heads) + "\n"

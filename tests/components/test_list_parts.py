"""A list of cases: its head, its menus and chips, its rows as texts."""

from zoneinfo import ZoneInfo

import pytest

from components.casegrid import PAGE, WORDS, case_grid, case_row
from components.caselist_head import empty, head, search_form
from components.datatimes import Age
from components.facets import Option, chips, facet
from components.words import set_language
from domain.measures import KPIS
from store.listings import SORTS
from tests.components.test_case_parts import CASE, HERE, NOON
from tests.components.trees import found, texts, tree

AGE = Age(NOON, "live", NOON, ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def test_the_head_says_which_list_it_is_how_long_and_where_its_file_is():
    drawn = head(
        KPIS["overdue"],
        1_234,
        query="?figure=overdue&kind=hazard",
        menus=[],
        chips=chips([], "/cases"),
        search="",
        age=AGE,
    )
    assert texts(drawn).startswith("Overdue and open  ·  1,234 cases ?")
    for end in ("csv", "xlsx"):
        assert found(drawn, href=f"/export/cases.{end}?figure=overdue&kind=hazard")
    assert "Open cases past their deadline at the end of the period" in texts(drawn)


def test_a_search_keeps_the_other_choices():
    form = tree(search_form("?figure=open&area=A", "bin"))["props"]
    assert (form["data-keep"], form["action"]) == ("?figure=open&area=A", "/cases")
    assert found(search_form("", "bin"), name="q", value="bin")


def test_an_empty_list_says_what_it_looks_for():
    assert "No case fits these choices." in texts(empty(KPIS["overdue"]))


def test_a_menu_is_a_list_of_addresses_and_says_what_is_chosen():
    options = [Option("All", "/cases"), Option("A1", "/cases?area=A1", chosen=True, depth=1)]
    drawn = facet("area", "Area", "A1", options)
    assert [node["href"] for node in found(drawn) if "href" in node] == ["/cases", "/cases?area=A1"]
    assert found(drawn, href="/cases?area=A1", **{"aria-current": "true"})
    assert not found(drawn, type="search")
    assert found(facet("area", "Area", "A1", options * 6), type="search")


def test_a_chip_leads_to_the_list_without_its_choice():
    drawn = chips([("Kind", "Hazard", "/cases?area=A"), ("Area", "A", "/cases?kind=hazard")], "/cases")
    assert found(drawn, href="/cases?area=A", **{"aria-label": "Remove Kind: Hazard"})
    assert found(drawn, href="/cases", className="gh-go gh-reset")
    assert tree(chips([], "/cases"))["props"]["hidden"] is True


def test_columns_are_sorted_by_what_the_store_can_sort_by():
    columns = case_grid("due_at", descending=True).columnDefs
    assert {c["colId"] for c in columns if c.get("sortable", True)} <= set(SORTS)
    assert [c["colId"] for c in columns if c.get("sort") == "desc"] == ["due_at"]


def test_the_grid_asks_for_one_page_at_a_time_in_the_readers_language():
    set_language("zh_CN")
    options = case_grid("reported_at", descending=True).dashGridOptions
    assert options["cacheBlockSize"] == PAGE == 50
    assert options["maxConcurrentDatasourceRequests"] == 1
    assert options["localeText"]["noRowsToShow"] == "没有案件"
    assert all(text != WORDS[key] for key, text in options["localeText"].items())


def test_a_row_is_texts():
    row = case_row({**CASE, "due_at": NOON - 22 * 60}, HERE, NOON)
    assert row["due_at"] == "22 min over"
    assert (row["due_tone"], row["status"], row["status_tone"]) == ("late", "In progress", "moving")
    assert (row["reported_at"], row["closed_at"], row["area"]) == ("2026-11-24 11:00", "", "Area A1")
    assert case_row({**CASE, "placing": 1}, HERE, NOON, "A A1")["area"] == "A A1 · No place"

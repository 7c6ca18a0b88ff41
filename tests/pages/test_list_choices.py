"""What can be chosen on a list is an address; a chosen value is taken back by the address without it."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from components.words import set_language
from domain.periods import SiteZone
from domain.scope import Scope
from pages.list_choices import menus, period_said, taken
from pages.outcome_choices import menus as outcome_menus
from pages.unchanged import version_of
from store.counts.reader import Counts
from tests.components.trees import found, texts
from tests.factories import IN_B2, NOW, ZONE, Town
from views.area_names import around, full_name, tree, way
from views.caselist import one_case
from views.outcome_query import parse_outcomes
from views.query import parse_list
from views.reader import Reader

SITE, PART = Scope.site("viewer"), Scope(frozenset({"A"}), "viewer")


@pytest.fixture
def town(tmp_path) -> Iterator[Town]:
    set_language("en")
    made = Town(f"sqlite:///{tmp_path}/store.db")
    made.take(
        {"external_id": "1"}, {"external_id": "2", "longitude": IN_B2[0], "latitude": IN_B2[1], "category": "Noise"}
    )
    yield made
    made.close()
    set_language("zh_CN")


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path / "counts")
    return Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)


def options(reader, search, name, scope=SITE):
    moment = reader.moment()
    (menu,) = (m for m in menus(parse_list(search, moment), moment, scope) if m.name == name)
    return menu, {option.text: option for option in menu.options()}


def query(href):
    return parse_qs(urlsplit(href).query)


def test_choosing_changes_one_part_of_the_address_and_keeps_the_others(reader):
    _menu, found_ = options(reader, "?figure=open&area=A&status=handling&q=bin&sort=due_at", "kind")
    assert query(found_["Hazard"].href) == {
        "figure": ["open"], "area": ["A"], "status": ["handling"], "q": ["bin"], "sort": ["due_at"], "kind": ["hazard"],
    }  # fmt: skip


def test_a_value_that_is_chosen_is_marked_and_its_address_takes_it_back(reader):
    menu, found_ = options(reader, "?category=Litter&category=Noise", "category")
    assert menu.several
    assert [text for text, option in found_.items() if option.chosen] == ["Litter", "Noise"]
    assert query(found_["Noise"].href) == {"category": ["Litter"]}


def test_areas_are_those_that_the_reader_may_see(reader):
    assert list(options(reader, "", "area")[1]) == [
        "Whole area",
        "Area A",
        "Area A1",
        "Area A2",
        "Area B",
        "Area B1",
        "Area B2",
    ]
    assert list(options(reader, "", "area", PART)[1]) == ["Area A", "Area A1", "Area A2"]


def test_very_many_areas_are_gone_through_level_by_level(reader):
    moment = reader.moment()
    every = tree(moment, SITE)
    assert [code for code, _name, _depth in around(moment.areas, every, "")] == ["A", "B"]
    assert [code for code, _name, _depth in around(moment.areas, every, "A")] == ["A", "A1", "A2", "B"]
    assert [code for code, _name, _depth in around(moment.areas, every, "B2")] == ["A", "B", "B1", "B2"]


def test_chips_are_what_narrows_the_list(reader):
    moment = reader.moment()
    drawn = taken(parse_list("?period=30d&area=B&kind=hazard&placing=pin&q=bin&figure=open", moment), moment)
    told = texts(drawn)
    for word in ("Time Last 30 days", "Area Area B", "Kind Hazard", "Place Default pin", "Search bin", "Reset"):
        assert word in told
    assert found(drawn, href="/cases?figure=open", className="gh-go gh-reset")
    assert not texts(taken(parse_list("", moment), moment))


def test_a_period_is_said_with_its_days(reader):
    moment = reader.moment()
    assert period_said(parse_list("", moment), moment) == "Last 7 days 11-18 to today"
    assert period_said(parse_list("?period=2026-11", moment), moment).startswith("This month")
    assert period_said(parse_list("?period=2022-08..2023-01", moment), moment) == "2022-08–2023-01"
    assert period_said(parse_list("?period=2026-01-05..2026-01-09", moment), moment) == "01-05 to 01-09"


def test_a_month_of_a_site_that_is_quiet_is_called_by_its_name(town, reader):
    town.now = NOW + 400 * 86_400
    moment = reader.moment()
    assert period_said(parse_list("?period=2026-11", moment), moment) == "2026-11"
    assert "This month" not in options(reader, "", "period")[1]


def test_a_case_of_a_foreign_area_is_not_there(town, reader):
    ids = dict(town.rows("SELECT external_id, id FROM cases"))
    assert one_case(reader, PART, ids["1"]) is not None
    assert one_case(reader, PART, ids["2"]) is None
    assert one_case(reader, Scope.nothing(), ids["1"]) is None
    assert one_case(reader, SITE, 10**6) is None


def test_a_launch_is_one_of_the_months_but_the_first(reader):
    moment = reader.moment()
    asked = parse_outcomes("?months=2026-05..2026-08&launch=2026-06", moment, paper=False)
    by_name = {menu.name: menu.options() for menu in outcome_menus(asked, moment, SITE)}
    assert [option.text for option in by_name["launch"]] == ["2026-06", "2026-07", "2026-08"]
    assert all(query(option.href)["launch"] == ["2026-06"] for option in by_name["area"])
    assert {query(option.href)["months"][0].split("..")[0] for option in by_name["last"]} == {"2026-05"}


def test_names_of_areas_say_where_they_are(reader):
    moment = reader.moment()
    assert full_name(moment.areas, "A1") == "Area A1"
    assert full_name(moment.areas, "nowhere") == "nowhere"
    assert way(moment, "A1") == ["Area A1"]
    assert way(moment, "") == ["Town"]


def test_a_version_differs_where_what_is_shown_differs():
    assert version_of(1, "a") == version_of(1, "a")
    assert version_of(1, "a") != version_of(1, "b")

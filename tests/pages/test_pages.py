"""The pages together: one router, ids that are there once, callbacks that are plain functions behind the gate."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace

import dash
import numpy as np
import pytest

from components.frame import ways
from domain.actor import Actor
from domain.measures import CARDS, KPIS
from domain.scope import Scope
from pages import asked as asking
from pages import root, router
from tests.components.trees import found, texts, tree
from tests.tiletown import Town, open_town, some_cases

PAGES = ("/", "/inbox", "/board", "/cases", "/outcomes", "/sources", "/calendar")


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Town]:
    """A town whose pages are open."""
    town = open_town(tmp_path_factory.mktemp("town"))
    town.take(some_cases(np.random.default_rng(1), 300, days=12))
    site = SimpleNamespace(language="en", name="Town", timezone="Asia/Shanghai")
    settings = SimpleNamespace(site=site, sources=(), var=town.house.settings.var)
    town.house.__dict__.update(settings=settings, build="b1", site=town.site, zone=town.reader.zone, source=None)
    yield town
    town.close()


@pytest.fixture(scope="module")
def server(town):
    """The Flask application of the pages."""
    return root.build_pages(town.house)


@pytest.fixture
def page(town, server, monkeypatch):
    """Asks as this machine would, through no server."""
    for name, module in list(sys.modules.items()):
        if name.startswith("pages") and hasattr(module, "house"):
            monkeypatch.setattr(module, "house", lambda: town.house)
    monkeypatch.setattr(asking, "access", lambda: Scope.site("viewer"))
    monkeypatch.setattr(root, "actor", lambda: Actor("tester", "", "viewer", frozenset({""})))
    with server.app_context():
        yield module_of("/")


def module_of(path: str):
    (found_page,) = [page for page in dash.page_registry.values() if page["path"] == path]
    return sys.modules[found_page["module"]]


def ids(component) -> list[str]:
    return [node["id"] for node in found(component) if isinstance(node.get("id"), str)]


def test_every_id_is_there_once_over_frame_and_pages(page, town):
    counted: Counter[str] = Counter(ids(root._frame(town.house)))
    for path in PAGES:
        layout, _title = router.open_page(path, "", "viewer")
        mine = Counter(ids(layout))
        assert [name for name, n in mine.items() if n > 1] == [], path
        shared = {name for name in mine if name.startswith("facet-")}  # drawn by one component, wherever it stands
        counted.update(set(mine) - shared)
    assert [name for name, n in counted.items() if n > 1] == []


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Overview"),
        ("/cases", "Cases"),
        ("/cases/", "Cases"),
        ("/outcomes", "Outcomes"),
        ("/sources", "Watch room"),
        ("/nowhere", "Not found"),
    ],
)
def test_a_path_alone_decides_which_page_it_is(page, path, title):
    assert router.open_page(path, "?period=30d", "viewer")[1] == title


def test_a_page_is_in_the_navigation_and_marked_there(page, monkeypatch):
    monkeypatch.setattr(root, "actor", lambda: Actor("d", "", "dispatcher", frozenset({""})))
    for path in sorted(set(PAGES) - {"/calendar"}):
        _layout, ways, title = root.show_page(path, "")
        marked = [way for way in tree(ways) if way["props"].get("aria-current") == "page"]
        assert [way["props"]["href"] for way in marked] == [path]
        assert title.endswith(" · Town")


def test_the_navigation_shows_the_ways_that_a_role_may_go():
    shown = {
        role: [way["props"]["href"] for way in tree(ways("/", role))] for role in ("viewer", "intake", "system_admin")
    }
    assert [role for role, ways_of in shown.items() if "/calendar" in ways_of] == ["system_admin"]
    assert "/inbox" in shown["intake"]
    assert "/inbox" not in shown["viewer"]


def test_a_document_runs_only_its_own_scripts_and_asks_nobody(server):
    answer = server.test_client().get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert policy["object-src"] == "'none'"
    asked = re.findall(rb"""(?:src|href)=["']?(https?:|//)""", answer.data)
    assert asked == []


def test_each_card_has_its_number_and_its_list(page):
    cards = page.show_cards("?period=12d", None)
    assert [tree(card)["props"]["data-kpi"] for card in cards] == list(CARDS)
    for card, name in zip(cards, CARDS, strict=True):
        assert f"figure={name}" in found(card, className="kpi-list")[0]["href"]


def test_a_figure_that_fails_leaves_the_others_alive(page, monkeypatch):
    known = page.figure

    def failing(reader, moment, scope, chosen, name):
        if name == "overdue":
            raise ZeroDivisionError
        return known(reader, moment, scope, chosen, name)

    monkeypatch.setattr(page, "figure", failing)
    states = {
        tree(card)["props"]["data-kpi"]: tree(card)["props"]["className"].split()[1]
        for card in page.show_cards("", None)
    }
    assert states.pop("overdue") == "is-error"
    assert "is-error" not in states.values()


def test_the_filters_say_what_is_chosen_and_export_the_same(page):
    period, area, kind, category, source, ends, export = page.show_filters(
        "?period=30d&area=A1&kind=hazard&category=noise&category=litter&source=one", None
    )
    assert texts(period).startswith("Last 30 days")
    assert (area, kind, category, source, ends) == ("A1", "Hazard", "litter and 1 more", "one", "")
    assert export.startswith("/export/cases.csv?")
    assert all(
        part in export
        for part in ("area=A1", "kind=hazard", "category=noise", "category=litter", "source=one", "period=30d")
    )


def test_heat_tiles_are_there_only_while_heat_is_shown(page):
    assert page.show_heat("", None, "dark") == []
    (layer,) = page.show_heat("?layer=heat&kind=hazard", None, "dark")
    assert "/tiles/heat/dark/" in layer.url
    assert "kind=hazard" in layer.url


def test_the_series_waits_for_the_map(page):
    assert page.show_trend("", None, None) is dash.no_update
    _head, drawn = page.show_trend("?measure=hazards", None, painted=True)
    (chart,) = [node for node in found(drawn) if node.get("id") == "overview-trend-graph"]
    assert len(chart["figure"]["data"][0]["y"]) == 7
    assert "Hazards" in found(drawn, role="img")[0]["aria-label"]


def test_the_rail_leads_from_the_area_to_its_lists(page):
    rail = page.show_rail("?area=A&period=12d", None)
    hrefs = [node["href"] for part in rail for node in found(part) if "href" in node]
    assert hrefs
    assert all("area=A" in href for href in hrefs if href.startswith("/cases?"))
    assert KPIS["open"].name in "".join(hrefs)


def test_a_reader_without_scope_sees_nothing_at_all(page, monkeypatch):
    monkeypatch.setattr(asking, "access", Scope.nothing)
    for card in page.show_cards("?period=12d", None):
        assert not found(card, className="kpi-value") or texts(card).count(" 0 ") or "0 / 0" in texts(card)
        assert "0 ›" in texts(card) or tree(card)["props"]["className"].startswith("kpi-card is-waiting")
    rail = page.show_rail("?period=12d", None)
    assert "0 open cases" in texts(rail)

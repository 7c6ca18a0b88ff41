"""Which page an address opens."""

import dash
import pytest

from pages import router

PAGES = {
    "home": {"path": "/", "path_template": None, "layout": lambda **q: ("home", q), "title": "Home"},
    "cases": {"path": "/cases", "path_template": None, "layout": lambda **q: ("cases", q), "title": lambda: "Cases"},
    "case": {
        "path": "/cases/none", "path_template": "/cases/<case_id>", "layout": lambda case_id, **q: (case_id, q),
        "title": lambda case_id: f"Case {case_id}",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _pages(monkeypatch):
    monkeypatch.setattr(dash, "page_registry", PAGES)


@pytest.mark.parametrize(
    ("pathname", "search", "opened"),
    [
        ("/", "", (("home", {}), "Home")),
        ("/", "?period=30d&area=7", (("home", {"period": "30d", "area": "7"}), "Home")),
        ("/cases", "?figure=open", (("cases", {"figure": "open"}), "Cases")),
        ("/cases/", "", (("cases", {}), "Cases")),
        ("/cases/12", "", (("12", {}), "Case 12")),
        ("/cases/a%20b", "?case_id=x", (("a b", {}), "Case a b")),
        ("/", "?not-a-name=1&class=2", (("home", {"class": "2"}), "Home")),
    ],
)
def test_the_path_opens_its_page_with_the_values_of_its_address(pathname, search, opened):
    assert router.open_page(pathname, search, "viewer") == opened


@pytest.mark.parametrize("pathname", ["/nothing", "/cases/12/steps", "/case"])
def test_an_unknown_path_says_so(pathname):
    assert router.page_of(pathname) is None
    assert router.open_page(pathname, "", "viewer")[0].className == "no-page"

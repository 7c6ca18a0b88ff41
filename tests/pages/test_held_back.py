"""Libraries of one page come with that page."""

from pathlib import Path

import dash
import dash_ag_grid
from flask import Flask

from pages.held_back import NEEDED, hold_back, scripts_needed

ROOT = Path(__file__).parents[2]


def test_the_document_names_no_script_that_waits_and_the_address_of_each_is_served():
    app = dash.Dash("one", server=Flask("one"), eager_loading=False)
    hold_back()
    app.layout = dash_ag_grid.AgGrid(id="grid")
    client = app.server.test_client()
    document = client.get("/").text
    (address,) = scripts_needed()["/cases"]
    assert "/dash_ag_grid/" not in document
    answer = client.get(address)
    assert answer.status_code == 200
    assert "javascript" in answer.mimetype
    assert "max-age" in answer.headers["cache-control"]


def test_no_other_page_uses_what_waits_for_its_page():
    users = [
        p.name for p in (ROOT / "components").glob("*.py") if "import dash_ag_grid" in p.read_text(encoding="utf-8")
    ]
    assert users == ["casegrid.py"]
    pages = [p.name for p in (ROOT / "pages").glob("*.py") if "components.casegrid" in p.read_text(encoding="utf-8")]
    assert pages == ["cases.py"]
    assert list(NEEDED) == ["/cases"]

"""Layers of other services on the map: chosen, dimmed, ordered, compared, remembered in the address; a dead one harms none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.browser.conftest import App, running, street_rows, write_street
from tests.painted import png_of, within
from tests.servers.browser import until
from tests.servers.http import Asked, HttpServer, Reply, running_http

LAYERS = """
[[sources]]
name = "aerial"
connector = "visuals.xyz"
record = "layer"
every = "1h"
options = {{ url = "{url}/{{z}}/{{x}}/{{y}}.png?key=s3cret", title = "Aerial", attribution = "Survey office", keep = "1s" }}
[[sources]]
name = "hydrants"
connector = "visuals.geojson"
record = "layer"
every = "1h"
options = {{ path = "hydrants.geojson", title = "Hydrants", attribution = "Waterworks" }}
"""
HYDRANTS = [[114.0 + n * 2e-3, 30.005] for n in range(1, 10)]


def tile(_asked: Asked) -> Reply:
    return Reply(png_of(*within(12)), headers={"Content-Type": "image/png"})


@dataclass
class Town:
    """The street, a service of pictures, and the numbers of the layers."""

    app: App
    service: HttpServer
    aerial: int
    hydrants: int

    def open(self, page, query: str = "") -> None:
        page.goto(f"{self.app.url}/{query}")
        page.wait_for_selector("#layers-button")
        until(page, "() => Boolean(window.gridhall?.layers?.state.map)")

    def address(self, page) -> str:
        """What the address says of the layers."""
        return page.evaluate("() => new URLSearchParams(location.search).get('layers') || ''")


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("layers")
    points = [{"type": "Feature", "properties": {"name": f"hydrant {n}"}, "geometry": {"type": "Point", "coordinates": at}}
              for n, at in enumerate(HYDRANTS)]  # fmt: skip
    (folder / "hydrants.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": points}))
    with running_http(tile) as service:
        write_street(folder, street_rows())
        (folder / "town.toml").write_text((folder / "town.toml").read_text() + LAYERS.format(url=service.url))
        with running(folder) as app:
            app.command("sync", "--once", "--json")
            numbers = dict(app.rows("SELECT title, id FROM overlays"))
            yield Town(app, service, numbers["Aerial"], numbers["Hydrants"])


def drawn(page, number: int) -> str:
    """What the pane of a layer holds: its pictures that came, or its shapes."""
    return f"document.querySelectorAll('.leaflet-layer-{number}-pane img.leaflet-tile-loaded, .leaflet-layer-{number}-pane path').length"


def test_a_layer_is_switched_on_dimmed_ordered_and_found_again_by_its_address(town, quiet_page):
    page, seen = quiet_page, []
    page.on("request", lambda request: seen.append(request.url))
    town.open(page)
    page.click("#layers-button")
    page.get_by_label("Aerial", exact=True).check()
    until(page, f"() => {drawn(page, town.aerial)} > 0")
    assert town.address(page) == f"{town.aerial}"
    assert page.inner_text("#layers-credit") == "Survey office"
    page.get_by_label("Hydrants", exact=True).check()
    until(page, f"() => {drawn(page, town.hydrants)} === {len(HYDRANTS)}")
    assert town.address(page) == f"{town.hydrants},{town.aerial}"
    dim = page.locator(f"[data-row='{town.aerial}'] input[type=range]")
    dim.focus()
    for _step in range(8):
        dim.press("ArrowLeft")
    assert town.address(page) == f"{town.hydrants},{town.aerial}:0.6"
    assert (
        page.evaluate(f"() => document.querySelector('.leaflet-layer-{town.aerial}-pane .leaflet-layer').style.opacity")
        == "0.6"
    )
    page.get_by_label("下移Hydrants").click()
    assert town.address(page) == f"{town.aerial}:0.6,{town.hydrants}"
    order = (
        "() => [...document.querySelectorAll('.overlay-pane')].map((pane) => pane.className.match(/layer-(\\d+)/)[1])"
    )
    assert page.evaluate(order) == [str(town.hydrants), str(town.aerial)], "the last lies on top"
    page.reload()
    page.wait_for_selector("#layers-button")
    until(page, f"() => {drawn(page, town.aerial)} > 0 && {drawn(page, town.hydrants)} > 0")
    assert page.evaluate(order) == [str(town.hydrants), str(town.aerial)]
    page.click("#layers-button")
    assert page.locator(f"[data-row='{town.aerial}'] output").inner_text() == "60%"
    a_line_parts_the_pictures(town, page)
    what_is_old_is_drawn_anew(town, page)
    page.get_by_label("Aerial", exact=True).uncheck()
    assert town.address(page) == f"{town.hydrants}"
    assert page.evaluate(drawn(page, town.aerial)) == 0
    nothing_is_told_of_the_service(town, page, seen)


def nothing_is_told_of_the_service(town, page, seen):
    """Neither the key nor the address of a service reaches the browser."""
    paths = ("layers", f"layers/{town.hydrants}/features.geojson?bbox=113,29,115,31")
    told = [page.request.get(f"{town.app.url}/{path}").text() for path in paths]
    for text in (*told, page.content(), *seen):
        assert "s3cret" not in text
        assert f":{town.service.port}" not in text


def what_is_old_is_drawn_anew(town, page):
    """As on a screen that has stood since the beginning of time."""
    old = (
        f"() => {{ const all = window.gridhall.layers; all.state.drawn.get({town.aerial}).at = 0; return all.read(); }}"
    )
    with page.expect_request(lambda request: f"/layers/{town.aerial}/" in request.url and "&t=" in request.url):
        page.evaluate(old)
    until(page, f"() => {drawn(page, town.aerial)} > 0")


def a_line_parts_the_pictures(town, page):
    """By keyboard alone."""
    page.locator(f"[data-row='{town.aerial}'] [data-layers=swipe]").click()
    line = page.locator("#layers-swipe")
    assert line.get_attribute("aria-valuenow") == "50"
    line.focus()
    for _step in range(5):
        line.press("ArrowRight")
    assert line.get_attribute("aria-valuenow") == "60"
    clip = f"() => document.querySelector('.leaflet-layer-{town.aerial}-pane').style.clipPath"
    assert "polygon" in page.evaluate(clip)
    line.press("Home")
    assert line.get_attribute("aria-valuenow") == "0"
    line.press("Escape")
    assert line.is_hidden()
    assert page.evaluate(clip) in ("", "none")


def test_a_dead_service_is_said_and_harms_no_other_layer(town, page):
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    town.service.stop()
    try:
        town.open(page, f"?layers={town.aerial},{town.hydrants}")
        page.click("#layers-button")
        page.click(".leaflet-control-zoom-out, [aria-label='缩小']")
        until(page, f"() => {drawn(page, town.hydrants)} === {len(HYDRANTS)}")
        note = page.locator(f"[data-row='{town.aerial}'] .layers-note")
        note.wait_for()
        assert note.inner_text() == "服务无应答"
        assert page.locator(f"[data-row='{town.hydrants}'] .layers-note").count() == 0
        assert page.locator("img.leaflet-tile-loaded[src*='/tiles/base/']").count() > 0
    finally:
        town.service.start()
    assert broken == []

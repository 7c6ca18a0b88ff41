"""A real MapProxy on loopback over tiles that the test paints: TMS, WMTS (KVP and REST), WMS and OGC API Tiles."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.painted import BOX, places, png_of
from tests.servers.processes import Account, Server, answers, free_port, not_here

KEY = "open-sesame"
LAYER = "ground"
LAYERS = {LAYER: "Painted ground", "again": "The same ground"}
PROGRAM = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from mapproxy.wsgiapp import make_wsgi_app

port, settings, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
app = make_wsgi_app(settings)

def authorize(service, layers, environ, **given):
    return {"authorized": "full" if key in environ["QUERY_STRING"] else "unauthenticated"}

def site(environ, answer):
    if environ["PATH_INFO"].startswith("/locked"):
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = "/locked", environ["PATH_INFO"][len("/locked"):]
        environ["mapproxy.authorize"] = authorize
    return app(environ, answer)

class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

server = Threaded(("127.0.0.1", port), WSGIRequestHandler)
server.set_app(site)
server.serve_forever()
"""
"""The same services twice: open, and below /locked for those who know the key (MapProxy asks `authorize`)."""


def settings(folder: Path) -> dict:
    """What MapProxy is told: layers out of painted tiles, and nothing behind them."""
    cache = {"type": "file", "directory": str(folder / "tiles"), "directory_layout": "tms"}
    return {
        "globals": {"image": {"paletted": False}, "cache": {"base_dir": str(folder), "lock_dir": str(folder / "locks")}},
        "services": {
            "tms": {"use_grid_names": True, "origin": "nw"},
            "wmts": {"kvp": True, "restful": True},
            "wms": {"srs": ["EPSG:3857", "EPSG:4326"], "image_formats": ["image/png", "image/jpeg"]},
            "ogcapi": {"enable_tiles": True, "enable_maps": False},
        },
        "grids": {"mercator": {"base": "GLOBAL_WEBMERCATOR", "num_levels": 17}},
        "caches": {LAYER: {"grids": ["mercator"], "sources": [], "cache": cache, "format": "image/png", "image": {"transparent": True}}},
        "layers": [{"name": name, "title": title, "sources": [LAYER]} for name, title in LAYERS.items()],
    }  # fmt: skip


def paint(folder: Path) -> None:
    """The tiles as a tile cache; its grid counts rows from the north."""
    for z, x, y in places():
        path = folder / "tiles" / str(z) / str(x) / f"{y}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png_of(z, x, y))


@dataclass(frozen=True)
class MapProxy:
    """Where it is. Its layers are LAYERS, painted within tests.painted.BOX."""

    url: str

    @property
    def locked(self) -> str:
        """The same services for those who send the key in the query."""
        return f"{self.url}/locked"


@pytest.fixture(scope="session")
def mapproxy() -> Iterator[MapProxy]:
    """A running MapProxy."""
    if find_spec("mapproxy") is None:
        not_here("MapProxy is missing: pip install -r requirements-dev.txt")
    port = free_port()
    with Account(None).folder("gridhall-mapproxy-") as folder:
        paint(folder)
        (folder / "mapproxy.yaml").write_text(json.dumps(settings(folder)))
        command = [sys.executable, "-c", PROGRAM, str(port), str(folder / "mapproxy.yaml"), KEY]
        server = Server(command, folder / "log", folder)
        server.start(lambda: answers(port))
        try:
            yield MapProxy(f"http://127.0.0.1:{port}")
        finally:
            server.stop()


__all__ = ["BOX", "KEY", "LAYER", "MapProxy", "mapproxy"]

"""A real pygeoapi on loopback over a small file: OGC API Features, ten features a page."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.servers.processes import Account, Server, answers, free_port, not_here

COLLECTIONS = ("schools", "again")
"""Two of the same."""
SCHOOLS = 25
WHO = (
    "name", "position", "address", "city", "stateorprovince", "postalcode", "country", "phone", "fax", "email", "url",
    "hours", "instructions", "role",
)  # fmt: skip
PROGRAM = """
import os, sys
from pathlib import Path
from pygeoapi.openapi import generate_openapi_document

document = generate_openapi_document(Path(os.environ["PYGEOAPI_CONFIG"]), "yaml")
Path(os.environ["PYGEOAPI_OPENAPI"]).write_text(document)
from pygeoapi.flask_app import APP
APP.run("127.0.0.1", int(sys.argv[1]), threaded=True)
"""


def place(number: int) -> tuple[float, float]:
    """Longitude and latitude of a school: a row to the east."""
    return round(114.3 + number / 1000, 3), 30.5


def schools() -> dict:
    """The file."""
    features = [
        {"type": "Feature", "id": n, "properties": {"id": n, "name": f"school {n}"},
         "geometry": {"type": "Point", "coordinates": place(n)}}
        for n in range(SCHOOLS)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def settings(folder: Path, url: str) -> dict:
    """What pygeoapi is told; it asks for a good deal that nobody reads."""
    who = dict.fromkeys(WHO, "-")
    texts = {"title": "Schools", "description": "for tests", "keywords": ["schools"]}
    data = {"type": "feature", "name": "GeoJSON", "data": str(folder / "schools.geojson"), "id_field": "id"}
    extent = {"spatial": {"bbox": [114.3, 30.5, 114.33, 30.51], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": int(url.rpartition(":")[2])}, "url": url, "encoding": "utf-8",
            "mimetype": "application/json", "languages": ["en-US"], "map": {"url": "", "attribution": ""},
            "limits": {"default_items": 10, "max_items": 10},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**texts, "keywords_type": "theme", "terms_of_service": "-", "url": url},
            "license": {"name": "-", "url": url}, "provider": {"name": "-", "url": url}, "contact": who,
        },
        "resources": {
            name: {"type": "collection", **texts, "links": [], "extents": extent, "providers": [data]}
            for name in COLLECTIONS
        },
    }  # fmt: skip


@dataclass(frozen=True)
class Pygeoapi:
    """Where its landing page is."""

    url: str


@pytest.fixture(scope="session")
def pygeoapi() -> Iterator[Pygeoapi]:
    """A running pygeoapi with two collections."""
    if find_spec("pygeoapi") is None:
        not_here("pygeoapi is missing: pip install -r requirements-dev.txt")
    port = free_port()
    with Account(None).folder("gridhall-pygeoapi-") as folder:
        url = f"http://127.0.0.1:{port}"
        (folder / "schools.geojson").write_text(json.dumps(schools()))
        (folder / "settings.yml").write_text(json.dumps(settings(folder, url)))
        command = [
            "env", f"PYGEOAPI_CONFIG={folder}/settings.yml", f"PYGEOAPI_OPENAPI={folder}/openapi.yml",
            sys.executable, "-c", PROGRAM, str(port),
        ]  # fmt: skip
        server = Server(command, folder / "log", folder)
        server.start(lambda: answers(port))
        try:
            yield Pygeoapi(url)
        finally:
            server.stop()

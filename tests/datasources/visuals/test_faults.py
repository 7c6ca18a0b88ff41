"""What happens to a map service: it is told as what it is, nothing it offers is lost by it, and it comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.visuals.atlas import AWAY_SECONDS, Atlas, Opened
from tests.datasources.visuals.geojson.situations import WHOLE
from tests.datasources.visuals.ogcapi import situations as ogcapi
from tests.datasources.visuals.recorded import BASE, answers, replay
from tests.datasources.visuals.served import listed, making
from tests.datasources.visuals.wms import situations as wms
from tests.datasources.visuals.wmts import situations as wmts
from tests.datasources.visuals.xyz import situations as xyz
from tests.painted import within
from tests.servers.http import Asked, HttpServer, Reply

PICTURE = answers("xyz")["tile.png"].content
FAULTS = {
    "half an answer": (Reply(PICTURE, cut=300), TemporaryError),
    "silence": (Reply(silent=True), TemporaryError),
    "too many requests": (Reply(status=429, headers={"Retry-After": "300"}), TemporaryError),
    "an inner fault": (Reply(status=500), TemporaryError),
    "busy": (Reply(status=503), TemporaryError),
    "a wrong password": (Reply(status=401), AuthenticationError),
    "a page of a provider": (Reply(b"<!DOCTYPE html><html>log in</html>"), BadDataError),
    "an answer too large": (Reply(bytes(1_100_000)), BadDataError),
    "a redirect elsewhere": (Reply(status=302, headers={"Location": "http://169.254.169.254/"}), BadDataError),
    "an entity": (Reply(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'), BadDataError),
}  # fmt: skip
TILE = ("tiles", *within(12))


@dataclass
class World:
    """A connector, and the server it asks, which answers as a real one did until a fault comes in between."""

    connector: Any
    server: HttpServer
    asks: Any

    def ask(self) -> Any:
        """What somebody who looks at the map asks for."""
        return self.asks(self.connector)


KINDS: dict[str, tuple[dict, Any]] = {
    "xyz": (xyz.OPTIONS, lambda c: c.tile(*TILE)),
    "wms": ({**wms.NAMED, "layers": ["ground"]}, lambda c: c.tile("ground", *within(12))),
    "wmts": (wmts.OPTIONS, lambda c: c.tile("ground", *within(12))),
    "ogcapi": (ogcapi.OPTIONS, lambda c: c.features("schools", (0, 0, 1, 1), 500)),
    "geojson": ({"url": f"{BASE}/layer.geojson"}, lambda c: c.features("features", (0, 0, 1, 1), 500)),
}


@pytest.fixture(params=KINDS)
def world(request, http_server, tmp_path) -> Iterator[World]:
    usual, asks = KINDS[request.param]
    options = {**usual, "url": usual["url"].replace(BASE, http_server.url), "silence_seconds": 0.2, "most_megabytes": 1}
    http_server.answer = answering(request.param, http_server)
    found = World(making(f"visuals.{request.param}", tmp_path, options)(), http_server, asks)
    yield found
    found.connector.asking.close()


def answering(name: str, server: HttpServer):
    found = None if name == "geojson" else replay(answers(name))

    def answer(asked: Asked) -> Reply:
        if found is None:
            return Reply(WHOLE.encode())
        said = found(httpx.Request("GET", httpx.URL(f"{BASE}{asked.path}", params=without_box(asked.query))))
        body = said.content.replace(BASE.encode(), server.url.encode())
        return Reply(body, said.status_code, {"Content-Type": said.headers.get("Content-Type", "")})

    return answer


def without_box(query: dict[str, str]) -> dict[str, str]:
    """What was recorded was asked without a box."""
    return {name: text for name, text in query.items() if name != "bbox"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_as_what_it_is_and_is_over_when_it_is_over(world, fault):
    reply, error = FAULTS[fault]
    before = listed(world.connector)
    assert before
    usual = world.server.answer
    world.server.answer = lambda _asked: reply
    for ask in (lambda: listed(world.connector), lambda: fresh(world)):
        with pytest.raises(SourceError) as caught:
            ask()
        assert isinstance(caught.value, error), caught.value
        assert not re.search(r"/(tiles|service|collections|layer)", str(caught.value)), "no path is told"
    world.server.answer = usual
    assert listed(world.connector) == before
    assert fresh(world)


def fresh(world: World) -> Any:
    """The same question of one who holds nothing yet."""
    for name in ("_held", "_offered", "_tiles"):
        if hasattr(world.connector, name):
            getattr(world.connector, name)._held = None
    return world.ask()


def test_a_server_that_is_killed_and_comes_back_is_drawn_again(world, tmp_path):
    now = [1_000_000.0]
    atlas = Atlas(lambda _name: Opened(world.connector, 1, "s"), tmp_path / "layers", lambda: now[0])
    world.server.stop()
    with pytest.raises(TemporaryError, match="cannot be reached"):
        atlas._kept("m", ("x",), lambda: fresh(world))
    world.server.start()
    with pytest.raises(TemporaryError):
        atlas._kept("m", ("x",), lambda: fresh(world))
    now[0] += AWAY_SECONDS
    assert listed(world.connector)
    assert fresh(world)


@pytest.mark.parametrize("name", ["xyz", "wms", "wmts"])
def test_a_picture_without_a_length_that_breaks_off_is_not_kept(name, http_server, tmp_path: Path):
    usual, asks = KINDS[name]
    http_server.answer = answering(name, http_server)
    connector = making(f"visuals.{name}", tmp_path, {**usual, "url": usual["url"].replace(BASE, http_server.url)})()
    assert asks(connector).body == PICTURE
    http_server.faults.append(Reply(PICTURE[:-20], open_ended=True))
    with pytest.raises(TemporaryError, match="broke off"):
        asks(connector)
    http_server.faults.append(Reply(PICTURE, open_ended=True))
    assert asks(connector).body == PICTURE
    connector.asking.close()

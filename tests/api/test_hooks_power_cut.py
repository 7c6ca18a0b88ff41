"""The server loses power right after it confirmed a delivery: the delivery is there. Sent as the README tells senders to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.app import CONFIG, AppServer, write_areas
from tests.servers.processes import Account, free_port

README = Path(__file__).parents[2] / "datasources/feeds/webhook/README.md"
SECRET = "a-secret-of-the-gateway"
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def app() -> Iterator[AppServer]:
    with Account(None).folder("gridhall-hooks-") as folder:
        write_areas(folder)
        source = block("toml").replace("${ENV:GATEWAY_SECRET}", SECRET)
        (folder / "zh_CN.toml").write_text(CONFIG.format(language="zh_CN") + source)
        app = AppServer(folder, free_port())
        app.start()
        yield app
        app.stop()


def test_what_was_confirmed_outlives_a_kill(app, monkeypatch):
    monkeypatch.setenv("GRIDHALL", app.url)
    monkeypatch.setenv("GATEWAY_SECRET", SECRET)
    exec(compile(block("python"), str(README), "exec"), {})
    app.kill()
    assert app.rows("SELECT count(*), count(taken_at) FROM deliveries") == [(1, 0)]
    told = app.sync()
    assert (told["gateway"]["read"], told["gateway"]["kept"]) == (1, 1)
    assert app.rows("SELECT value FROM readings") == [(0.42,)]
    assert app.rows("SELECT count(*), count(taken_at) FROM deliveries") == [(1, 1)]

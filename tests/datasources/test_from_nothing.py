"""The connector that docs/connectors.md builds is built, held against the contract, and brings a reading into the store."""

import threading
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config_sources import SourceSettings
from datasources.mapping import Mapping
from datasources.poller import Job, Poller
from datasources.registry import completed, create
from tests.datasources.laying import hold, installed, rules
from tests.datasources.test_docs import BLOCKS
from tests.factories import Town
from tests.servers.http import Reply

NAME = "feeds.rivers"
FILES = {info.split()[1]: body for info, body in BLOCKS if "." in info}
(_, FOUND), *_ = [line.strip(' ,"').split('": "') for line in FILES["datasources/registry.py"].splitlines()]
LEVELS = [
    {"station": station, "time": f"2026-11-24T00:{n:02}:00Z", "metres": n / 4}
    for n in range(4)
    for station in ("A", "B")
]


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    """The files of the document, and the README that it describes, known as if they stood in the house."""
    root = tmp_path_factory.mktemp("rivers")
    for path, body in {**FILES, "datasources/feeds/rivers/README.md": f"# {NAME}\n"}.items():
        if "/rivers/" in path:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(body)
    with installed(root, NAME, FOUND):
        yield root


@pytest.mark.parametrize(("rule", "which"), rules())
def test_it_keeps_the_contract(laid, rule, which, request):
    hold(rule, which, NAME, request)


def board(asked):
    """The river board: three levels an answer, to whoever has the key."""
    after = int(asked.query["after"])
    part = LEVELS[after : after + 3]
    return (
        Reply.json({"levels": part, "next": after + len(part)})
        if asked.headers["x-key"] == "hush"
        else Reply(status=401)
    )


def test_its_levels_become_readings_in_the_store(laid, http_server, tmp_path):
    http_server.answer = board
    (given,) = tomllib.loads(FILES["town.toml"])["sources"]
    given["options"] |= {"url": http_server.url, "key": "hush"}
    source = completed(SourceSettings.model_validate(given))
    town = Town(f"sqlite:///{tmp_path}/town.db")
    feed = town.feed("rivers", "reading")
    connector = create(source, folder=Path(), clock=lambda: town.now)
    job = Job(source, connector, Mapping(source, ZoneInfo("UTC")), feed, cursor=feed.cursor)
    poller = Poller([job], clock=lambda: town.now, report=feed.report, stop=threading.Event())
    for _time in range(2):
        assert poller.attend(job) == town.now + 300
        assert town.rows("SELECT state, cursor FROM sources") == [("ok", '{"after": 8, "row": 8}')]
        assert town.rows("SELECT external_id, measure, unit, last_value FROM sensors JOIN series ON sensor_id = sensors.id ORDER BY 1") == [("A", "level", "m", 0.75), ("B", "level", "m", 0.75)]  # fmt: skip
        assert town.rows("SELECT count(*), sum(value) FROM readings") == [(8, 3.0)]
    assert [asked.query["after"] for asked in http_server.asked] == ["0", "3", "6", "8", "8"]
    town.close()


def test_the_page_is_a_page():
    """About sixty lines of code and a paragraph to each file: more would need a connector that makes connectors."""
    lines = [line for path, body in FILES.items() if path.endswith(".py") for line in body.splitlines()]
    code = [line for line in lines if line.strip() and not line.startswith(("from ", "import ")) and '"""' not in line]
    assert len(code) < 80

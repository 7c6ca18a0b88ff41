"""feeds.open311: windows, pages, both forms, the usual mapping; and our own server in another process."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import httpx
import pytest

from config_sources import SourceSettings
from datasources.errors import BadDataError
from datasources.feeds.open311.connector import Open311Connector
from datasources.mapping import Mapping
from datasources.registry import completed
from tests.datasources.feeds.open311.situations import EXAMPLE, server
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked
from tests.servers.app import CONFIG, AppServer, lay_out, running_app
from tests.servers.http import Reply
from tests.servers.processes import Account

DAY = 86_400
URL = "http://311.test/open311/v2"


def connector(url=URL, clock=lambda: NOW, **options) -> Open311Connector:
    return Open311Connector({"url": url, **options}, folder=Path(), zone=ZoneInfo("UTC"), clock=clock)


def source(**options) -> SourceSettings:
    given = {"name": "o", "connector": "feeds.open311", "record": "case", "options": {"url": URL, **options}}
    return completed(SourceSettings.model_validate(given))


def at(moment: int, number: int) -> dict[str, Any]:
    when = datetime.fromtimestamp(moment, ZoneInfo("UTC")).isoformat()
    return {**EXAMPLE, "service_request_id": str(number), "requested_datetime": when, "updated_datetime": when}


def ids(pages) -> list[str]:
    return [each for page in pages for each in page.frame["service_request_id"]]


def test_a_first_run_goes_from_the_start_to_now_in_windows_of_90_days():
    rows = [at(NOW - days * DAY, days) for days in range(400, -1, -10)]
    with asked(server(rows)) as seen:
        pages = list(connector(start="2025-11-01", page_size=3).pages(None))
    assert sorted(map(int, ids(pages))) == list(range(0, 401, 10))
    spans = {(each.url.params["start_date"], each.url.params["end_date"]) for each in seen}
    lengths = [
        datetime.fromisoformat(end).timestamp() - datetime.fromisoformat(begin).timestamp() for begin, end in spans
    ]
    assert set(lengths) == {90 * DAY - 1} and len(spans) == 6


def test_later_runs_look_back_and_give_only_what_changed():
    rows = [at(NOW - days * DAY, days) for days in range(300, -1, -10)]
    made = connector(start="2026-01-01", page_size=3, again="100d")
    with asked(server(rows)):
        cursor = list(made.pages(None))[-1].cursor
        first = list(made.pages(cursor))  # the windows begin elsewhere now: what is known to the store comes once more
        cursor = first[-1].cursor if first else cursor
        assert list(made.pages(cursor)) == []
        rows[25] = {**rows[25], "status": "open"}
        assert rows[25]["service_request_id"] in ids(made.pages(cursor))


def test_a_server_with_updated_after_is_asked_with_it():
    rows = [at(NOW - days * DAY, days) for days in (30, 20, 10)]
    made = connector(updated_after="updated_after", again="40d")
    with asked(server(rows)):
        cursor = list(made.pages(None))[-1].cursor
    answers = [[at(NOW - 20 * DAY, 20), at(NOW - 5, 99)], []]
    with asked(lambda _request: httpx.Response(200, json=answers.pop(0))) as seen:
        assert ids(made.pages(cursor)) == ["20", "99"]
    assert seen[0].url.params["updated_after"] == "2027-01-05T07:50:00Z" and "start_date" not in seen[0].url.params


def test_what_is_asked_names_jurisdiction_key_and_services():
    with asked(server([])) as seen:
        list(
            connector(jurisdiction_id="town", api_key="hush", service_code=["1", "2"], params={"status": "open"}).pages(
                None
            )
        )
    told = dict(seen[0].url.params)
    assert (told["jurisdiction_id"], told["api_key"], told["service_code"], told["status"]) == (
        "town",
        "hush",
        "1,2",
        "open",
    )


def test_the_recorded_requests_of_chicago_become_cases(http_server, shared_data):
    body = (shared_data / "payloads" / "open311_chicago_requests.json").read_bytes()
    http_server.answer = lambda _asked: Reply(body if len(http_server.asked) == 1 else b"[]")
    made = connector(f"{http_server.url}/open311/v2", start="2026-12-01", again="1d")
    batches = [Mapping(source()).apply(page, NOW) for page in made.pages(None)]
    (batch,) = [each for each in batches if each.read]
    assert (batch.read, len(batch.frame), len(batch.rejected)) == (50, 50, 0)
    row = batch.frame.iloc[0]
    assert (row["external_id"], row["status"], row["category"]) == ("14-00684314", "closed", "Pothole in Street")
    assert row["reported_at"] == datetime.fromisoformat("2014-05-09T19:02:21-05:00").timestamp()
    assert sum(batch.frame["status"] == "handling") == 1


def test_xml_says_the_same_as_json():
    request = {**at(NOW - 5 * DAY, 1), "notes": None, "description": "a < b", "expected_datetime": None}
    text = "".join(f"<{name}>{'' if value is None else escape(str(value))}</{name}>" for name, value in request.items())
    noted = "<notes><note><datetime>2027-01-15T05:00:00+00:00</datetime><type>closed</type></note></notes>"
    body = f"<service_requests><request>{text.replace('<notes></notes>', noted)}</request></service_requests>"

    def answer(asked):
        return httpx.Response(200, text=body if asked.url.params["page"] == "1" else "<service_requests/>")

    with asked(answer) as seen:
        pages = list(connector(format="xml", again="9d").pages(None))
    assert seen[0].url.path.endswith("/requests.xml")
    row = Mapping(source()).apply(pages[0], NOW).frame.iloc[0]
    assert (row["external_id"], row["text"]) == ("1", "a < b")
    assert row["closed_at"] == datetime.fromisoformat("2027-01-15T05:00:00+00:00").timestamp()


@pytest.mark.parametrize(
    "body", ["<html></html>", "<service_requests>", '<!DOCTYPE a SYSTEM "http://x/"><service_requests/>']
)
def test_xml_that_is_no_list_is_bad_data(body):
    with asked(lambda _: httpx.Response(200, text=body)), pytest.raises(BadDataError):
        list(connector(format="xml").pages(None))


SECOND = """
[[sources]]
name = "neighbour"
connector = "feeds.open311"
record = "case"
options = {{ url = "{url}/open311/v2", page_size = 50 }}
"""


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_published_cases_of_one_town_arrive_in_the_store_of_another():
    with Account(None).folder("gridhall-open311-") as folder:
        first, second = folder / "first", folder / "second"
        for each in (first, second):
            each.mkdir()
            lay_out(each)
        settings = first / "zh_CN.toml"
        settings.write_text(
            settings.read_text()
            + '\n[[categories]]\nname = "Litter"\npublished = true\n[trust]\nopen311_per_minute = 1000\n'
        )
        with running_app(first) as town:
            served = town.rows(
                "SELECT count(*) FROM cases WHERE category_id = (SELECT id FROM categories WHERE name = 'Litter')"
                " AND status NOT IN ('void', 'merged')"
            )[0][0]
            (second / "en.toml").write_text(CONFIG.format(language="en") + SECOND.format(url=town.url))
            other = AppServer(second, 0, "en")
            told = other.sync()["neighbour"]
            assert told["read"] == told["kept"] + told["unchanged"] + told["quarantined"] + told["empty"]
            assert (told["read"], told["quarantined"]) == (served, 0) and served > 100
            assert other.rows("SELECT count(*) FROM cases")[0][0] == served
            by_xml = connector(f"{town.url}/open311/v2", lambda: int(time.time()), format="xml", page_size=50)
            assert len(ids(by_xml.pages(None))) == served

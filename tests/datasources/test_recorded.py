"""Recorded lists of real cities, asked for over HTTP, end in the store; asked again they change nothing."""

from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from config_sources import SourceSettings
from datasources.mapping import Mapping
from datasources.poller import run_once
from datasources.registry import completed, create
from tests.factories import Town
from tests.servers.http import Reply

PLACE = {"longitude": "longitude", "latitude": "latitude"}
NYC = (
    "cameras_nyc_dot.json",
    "feeds.rest",
    "camera",
    {"items": "markers"},
    {"external_id": "id", "name": "content", **PLACE},
)
ATLANTA = (
    "cameras_atlanta_gdot.geojson", "feeds.rest", "camera", {},
    {"external_id": "@id", "name": "location_description", "point": {"geometry": True}, "snapshot": "url"},
)  # fmt: skip
CHICAGO = (
    "payloads/open311_chicago_requests.json",
    "feeds.open311",
    "case",
    {"start": "2026-11-01", "again": "1d"},
    {},
)


@pytest.fixture
def town(tmp_path):
    made = Town(f"sqlite:///{tmp_path}/town.db")
    yield made
    made.close()


@pytest.mark.parametrize(("recorded", "table", "count"), [
    (NYC, "cameras", 723), (ATLANTA, "cameras", 3_043), (CHICAGO, "cases", 50),
], ids=["new york", "atlanta", "chicago"])  # fmt: skip
def test_what_a_city_answered_is_kept_once(town, http_server, shared_data, recorded, table, count):
    file, connector, record, options, fields = recorded
    whole = orjson.loads((shared_data / file).read_bytes())
    http_server.answer = lambda asked: Reply.json(whole if asked.query.get("page", "1") == "1" else [])
    given = {"name": "city", "connector": connector, "record": record, "fields": fields}
    source = completed(SourceSettings.model_validate({**given, "options": {"url": http_server.url, **options}}))
    made = create(source, folder=Path(), clock=lambda: town.now)
    feed = town.feed("city", record)
    for expected in (count, 0):
        done = run_once(source, made, Mapping(source, ZoneInfo("UTC")), feed, cursor=None, clock=lambda: town.now)
        assert (done.kept, done.quarantined) == (expected, 0)
        assert done.read == done.kept + done.unchanged + done.quarantined + done.empty >= count
    assert town.rows(f"SELECT count(*) FROM {table}") == [(count,)]

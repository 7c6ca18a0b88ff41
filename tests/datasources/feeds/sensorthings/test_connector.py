"""feeds.sensorthings: only what is new, links within the named hosts, spans, qualities, Things; the recorded pages."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pandas as pd
import pytest

from config import ConfigError
from config_sources import SourceSettings
from datasources.errors import BadDataError, TemporaryError
from datasources.feeds.sensorthings.connector import SensorThingsConnector
from datasources.mapping import Mapping
from datasources.outgoing import NotNamedError
from datasources.registry import completed
from tests.datasources.feeds.sensorthings.situations import ROOT, Frost, datastreams, frost, observations, over
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked
from tests.servers.http import Reply

AT = "2023-03-28T{:02}:00:00Z"


def connector(url=ROOT, **options) -> SensorThingsConnector:
    return SensorThingsConnector({"url": url, **options}, folder=Path(), zone=ZoneInfo("UTC"), clock=lambda: NOW)


def source(record="reading", **options) -> SourceSettings:
    given = {"name": "s", "connector": "feeds.sensorthings", "record": record, "options": {"url": ROOT, **options}}
    return completed(SourceSettings.model_validate(given))


def one(*rows) -> Frost:
    """A server of one Datastream."""
    stream = {"@iot.id": 1, "name": "level", "phenomenonTime": None, "Thing": {"@iot.id": "a'b"}}
    return Frost([stream], {"/Datastreams(1)/Observations": list(rows)})


def seen(number: int, hour: int, result=1.0, **said) -> dict:
    return {"@iot.id": number, "phenomenonTime": AT.format(hour), "result": result, **said}


def ids(pages) -> list:
    return [each for page in pages for each in page.frame["@iot.id"]]


def grow(server: Frost, *rows) -> None:
    server.observed["/Datastreams(1)/Observations"] += rows
    server.streams[0]["phenomenonTime"] = (
        f"{AT.format(0)}/{AT.format(max(int(row['phenomenonTime'][11:13]) for row in rows))}"
    )


def test_a_datastream_is_asked_only_when_its_time_has_moved():
    server, made = one(), connector()
    grow(server, seen(1, 3), seen(2, 4))
    with asked(over(server)) as requests:
        cursor = list(made.pages(None))[-1].cursor
        assert [each.url.path for each in requests] == ["/v1.1/Datastreams", "/v1.1/Datastreams(1)/Observations"]
        requests.clear()
        assert list(made.pages(cursor)) == []
        assert [each.url.path for each in requests] == ["/v1.1/Datastreams"]
        grow(server, seen(3, 5))
        assert ids(made.pages(cursor)) == [3]
        assert requests[-1].url.params["$filter"] == "phenomenonTime ge 2023-03-28T03:50:00.000Z"


def test_who_goes_back_to_an_older_cursor_gets_the_rest_again():
    server, made = one(), connector(page_size=1)
    grow(server, seen(1, 3), seen(2, 4))
    with asked(over(server)):
        first, _ = made.pages(None)
        assert ids(made.pages(first.cursor)) == [2]
        assert ids(made.pages(first.cursor)) == [2]


def test_what_comes_late_is_found_within_again_and_once():
    server, made = one(), connector(again="3h")
    grow(server, seen(1, 3), seen(2, 5))
    with asked(over(server)):
        cursor = list(made.pages(None))[-1].cursor
        grow(server, seen(3, 4), seen(4, 6), seen(5, 1))
        assert ids(made.pages(cursor)) == [3, 4]


def test_a_second_of_the_same_moment_is_not_lost():
    server, made = one(), connector()
    grow(server, seen(1, 3))
    with asked(over(server)):
        cursor = list(made.pages(None))[-1].cursor
        grow(server, seen(2, 3), seen(3, 4))
        assert ids(made.pages(cursor)) == [2, 3]


def test_a_first_run_begins_at_the_start_and_filters_datastreams():
    server = one(seen(1, 3))
    with asked(over(server)) as requests:
        list(connector(start="2023-01-01", filter="properties/open eq true", user="u", password="p").pages(None))
    assert requests[0].url.params["$filter"] == "properties/open eq true"
    assert requests[0].headers["authorization"] == "Basic dTpw"
    assert requests[1].url.params["$filter"] == "phenomenonTime ge 2023-01-01T00:00:00.000Z"


def test_an_id_that_is_text_is_quoted():
    server = one()
    server.streams[0]["@iot.id"] = "a'b"
    with asked(over(server)) as requests:
        list(connector().pages(None))
    assert requests[1].url.path == "/v1.1/Datastreams('a''b')/Observations"


def test_of_a_span_the_end_counts_and_results_and_qualities_become_cells():
    rows = [
        seen(1, 1, True, resultQuality=[{"nameOfMeasure": "x", "value": "good"}]),
        seen(2, 2, 2.5, resultQuality={"status": "9", "quality": "Good"}),
        seen(3, 3, 3.5, resultQuality="raw"),
        seen(4, 4, "4.5") | {"phenomenonTime": f"{AT.format(4)}/{AT.format(5)}"},
        seen(5, 6, "open"),
        seen(6, 7) | {"phenomenonTime": None, "resultTime": AT.format(7)},
    ]
    server = one(*rows[:5])
    with asked(over(server)):
        (page,) = connector().pages(None)
    batch = Mapping(source()).apply(page, NOW)
    assert batch.frame["value"].tolist() == [1.0, 2.5, 3.5, 4.5]
    assert batch.frame["quality"].fillna("").tolist() == ["good", "Good", "raw", ""]
    assert batch.frame["observed_at"].tolist()[3] == datetime.fromisoformat(AT.format(5)).timestamp()
    assert set(batch.frame["sensor"]) == {"a'b"} and set(batch.frame["measure"]) == {"level"}
    assert batch.rejected["reason"].tolist() == ["bad_number"]


def test_many_datastreams_with_little_each_are_few_pages():
    streams = [{"@iot.id": n, "name": f"s{n}", "Thing": {"@iot.id": n}} for n in range(30)]
    server = Frost(streams, {f"/Datastreams({n})/Observations": [seen(n, 3), seen(100 + n, 4)] for n in range(30)})
    with asked(over(server)):
        pages = list(connector(page_size=25).pages(None))
        assert [len(page.frame) for page in pages] == [26, 26, 8]
        assert [page.first_row for page in pages] == [1, 27, 53]
        assert len(ids(connector(page_size=25).pages(pages[0].cursor))) == 34
    broken = Frost(streams, server.observed, broken_at=10)
    with asked(over(broken)):
        made = connector().pages(None)
        first = next(made)
        assert len(first.frame) == 16
        with pytest.raises(TemporaryError):
            next(made)
    with asked(over(server)):
        assert len(ids(connector().pages(first.cursor))) == 44


def test_links_lead_to_named_hosts_alone():
    rows = [seen(n, n) for n in range(4)]
    server = one(*rows)
    server.root = "https://inner.test/FROST/v1.1"
    with asked(over(server)), pytest.raises(NotNamedError, match=r"inner\.test:443"):
        list(connector(page_size=3).pages(None))
    with asked(over(server)):
        assert ids(connector(page_size=3, hosts=["inner.test:443"]).pages(None)) == [0, 1, 2, 3]


def test_links_in_a_circle_and_answers_that_are_no_collection_are_bad_data():
    circle = {"value": [], "@iot.nextLink": f"{ROOT}/Datastreams?$skip=1"}
    for body in (circle, [], {"value": 1}, {"value": [{"name": "no id"}]}):
        with asked(lambda _, body=body: httpx.Response(200, json=body)), pytest.raises(BadDataError):
            list(connector().pages(None))


def test_a_cursor_of_another_source_and_a_user_without_password_are_said():
    with asked(over(one())), pytest.raises(BadDataError, match="not this source's own"):
        list(connector().pages({"streams": {"1": 5}}))
    with pytest.raises(ConfigError, match="go together"):
        connector(user="u")
    with pytest.raises(ConfigError, match="no address"):
        connector("ftp://host/v1.1")


def test_things_become_sensors_and_come_once():
    server = frost()
    made = connector(what="sensor")
    with asked(over(server)) as requests:
        (page,) = made.pages(None)
        assert requests[0].url.params["$expand"] == "Locations,Datastreams($expand=ObservedProperty)"
        assert list(made.pages(page.cursor)) == []
    row = Mapping(source("sensor", what="sensor")).apply(page, NOW).frame.iloc[0]
    assert (row["external_id"], row["name"], row["type"]) == ("7", "GGA01", "sensor")
    assert (row["longitude"], row["latitude"]) == (-4.2001633, 55.8394151)


def test_a_things_type_and_place_come_from_what_it_has():
    point = {"type": "Point", "coordinates": [114.01, 30.01]}
    area = {"type": "Polygon", "coordinates": [[[114, 30], [114.2, 30], [114.2, 30.2], [114, 30]]]}
    things = [
        {
            "@iot.id": 1,
            "properties": {"type": "gauge"},
            "Locations": [{"location": {"type": "Feature", "geometry": point}}],
        },
        {"@iot.id": 2, "Datastreams": [{"ObservedProperty": {"name": "noise"}, "observedArea": area}]},
        {"@iot.id": 3},
    ]
    with asked(lambda _: httpx.Response(200, json={"value": things})):
        (page,) = connector(what="sensor").pages(None)
    frame = Mapping(source("sensor", what="sensor")).apply(page, NOW).frame
    assert frame["type"].tolist() == ["gauge", "noise", "sensor"]
    assert frame["longitude"][0] == 114.01 and 114 < frame["longitude"][1] < 114.2 and pd.isna(frame["longitude"][2])


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_recorded_page_leads_elsewhere_and_is_read_when_that_host_is_ours(http_server, shared_data):
    """The recorded link names the real host: followed, it would leave the machine."""
    recorded = json.loads((shared_data / "payloads" / "sensorthings_bgs_observations_page.json").read_text())
    ours = {
        **recorded,
        "@iot.nextLink": recorded["@iot.nextLink"].replace("https://sensors.bgs.ac.uk", http_server.url),
    }
    streams = {"value": [{**datastreams(1)[0], "phenomenonTime": None}]}
    answers = {True: recorded}

    def answer(request):
        if request.path.endswith("/Datastreams"):
            return Reply.json(streams)
        return Reply.json({"value": observations()} if "$skip" in request.query else answers[True])

    http_server.answer = answer
    made = connector(f"{http_server.url}/FROST-Server/v1.1")
    reading = made.pages(None)
    assert len(next(reading).frame) == len(recorded["value"])
    with pytest.raises(NotNamedError, match=r"sensors\.bgs\.ac\.uk"):
        next(reading)
    answers[True] = ours
    batches = [Mapping(source()).apply(page, NOW) for page in made.pages(None)]
    assert sum(len(batch.frame) for batch in batches) == len(recorded["value"]) + len(observations())
    assert not any(len(batch.rejected) for batch in batches)
    assert set(batches[0].frame["quality"]) == {"Good"} and set(batches[0].frame["unit"]) == {"m"}

"""Detections of things become hazards that wait; nothing of a person's gets in, whatever the server answers."""

import json
from datetime import UTC, datetime

import httpx
import numpy as np
import pandas as pd
import pytest

from config import ConfigError
from config_errors import read_model
from datasources.errors import AuthenticationError, BadDataError
from datasources.feeds.frigate.options import IDENTITIES, FrigateOptions
from datasources.mapping import Mapping
from datasources.registry import completed
from tests.datasources.feeds.frigate.situations import BEGAN, EVENTS, OPTIONS, PERSON, URL, event, listed
from tests.datasources.sources import NOW
from tests.datasources.video.answers import asked, by_path
from tests.datasources.video.connectors import connector

from config_sources import SourceSettings  # isort: skip

NAME = "feeds.frigate"


def source(**fields) -> SourceSettings:
    given = {"name": "seen", "connector": NAME, "record": "case", "options": OPTIONS, "fields": fields}
    return completed(SourceSettings.model_validate(given))


def read(answer, cursor=None, **options) -> list:
    with asked(answer):
        return list(connector(NAME, OPTIONS | options).pages(cursor))


def ids(pages) -> list[str]:
    return [each for page in pages for each in page.frame["id"]]


def test_things_become_hazards_that_wait_for_a_person():
    batches = [Mapping(source()).apply(page, NOW) for page in read(listed(EVENTS))]
    found = pd.concat([batch.frame for batch in batches], ignore_index=True)
    assert sum(len(batch.rejected) for batch in batches) == 0
    assert (
        set(found["status"]) == {"detected"} and set(found["kind"]) == {"hazard"} and set(found["channel"]) == {"视频"}
    )
    assert found["title"].tolist()[:2] == ["smoke · lobby", "blocked_exit · garage"]
    assert found["category"].tolist()[:2] == ["smoke", "blocked_exit"]
    assert found["text"].tolist()[:2] == ["exit_2", None]
    assert found["reported_at"].tolist() == [int(each["start_time"]) for each in EVENTS]
    assert found["longitude"].tolist()[0] == 114.3055 and np.isnan(found["longitude"][1])
    assert np.isnan(found["closed_at"]).all()


@pytest.mark.parametrize("filters", [True, False])
def test_nothing_of_a_person_gets_in(filters):
    pages = read(listed([*EVENTS, PERSON], filters=filters))
    assert PERSON["id"] not in ids(pages)
    raw = "".join(page.frame.to_json(force_ascii=False) + json.dumps(page.cursor) for page in pages)
    for word in ("person", "Zhang", "鄂A", "9j/4AAQ", "red coat", "box", PERSON["id"]):
        assert word not in raw


@pytest.mark.parametrize(
    "label", [*sorted(IDENTITIES), "Person", "fallen-person", "license_plate", "Face 2", "child_alone"]
)
def test_a_label_of_a_person_is_refused_by_the_check_of_the_configuration(label):
    with pytest.raises(ConfigError, match=r"^options\.labels: '.*' is a person, or leads to one"):
        connector(NAME, OPTIONS | {"labels": ["smoke", label]})


@pytest.mark.parametrize("label", ["smoke", "manhole_cover", "electric_bike", "surface_water", "电动车", "template"])
def test_a_label_of_a_thing_is_taken(label):
    assert read_model(FrigateOptions, {"url": URL, "labels": [label]}).labels == (label,)


@pytest.mark.parametrize("label", ["", " ", "smoke,person", "all"])
def test_a_label_that_asks_for_more_is_refused(label):
    with pytest.raises(ConfigError, match=r"options\.labels"):
        connector(NAME, OPTIONS | {"labels": [label]})


@pytest.mark.parametrize("field", ["status", "kind"])
def test_no_mapping_makes_a_detection_count(field):
    with pytest.raises(ConfigError, match=rf"^sources\.seen\.fields\.{field}: .*says itself what it is"):
        source(**{field: {"value": "handling" if field == "status" else "problem"}})
    assert source(category={"column": "label", "values": {"smoke": "烟雾"}}).fields["status"].value == "detected"


def test_a_detection_that_ends_does_not_come_again():
    pages = read(listed(EVENTS))
    assert ids(pages) == [each["id"] for each in EVENTS]
    ended = [each | {"end_time": NOW - 5.0, "has_clip": True} for each in EVENTS]
    assert read(listed(ended), pages[-1].cursor) == []


def test_a_detection_that_appears_late_is_found_within_the_overlap():
    cursor = read(listed(EVENTS))[-1].cursor
    late = event(2, "blocked_exit")
    assert ids(read(listed([*EVENTS, late]), cursor)) == [late["id"]]
    early = event(-3_000)
    assert ids(read(listed([early, *EVENTS]), cursor)) == []  # longer ago than ten minutes before the newest


def test_detections_of_one_moment_on_either_side_of_a_page_all_come():
    same = [event(number, start_time=BEGAN + 1.25) for number in range(2)]
    events = [event(0), *same, event(2), event(3)]
    assert sorted(ids(read(listed(events)))) == sorted(each["id"] for each in events)


def test_more_of_one_moment_than_a_page_holds_is_said_and_not_lost():
    same = [event(number, start_time=BEGAN + 1.25) for number in range(5)]
    with pytest.raises(BadDataError, match=r"raise options\.page_rows"):
        read(listed(same))
    assert len(ids(read(listed(same), page_rows=6))) == 5


def test_the_first_read_goes_back_as_far_as_is_said():
    old, new = event(0, start_time=NOW - 90_000.0), event(1)
    assert ids(read(listed([old, new]))) == [new["id"]]
    assert ids(read(listed([old, new]), first="2d")) == [old["id"], new["id"]]


def test_false_and_unsure_ones_and_other_cameras_are_left_out():
    events = [
        event(0, false_positive=True), event(1, data={"top_score": 0.4}), event(2, camera="yard"), event(3),
        event(4, data=None, top_score=0.3),
    ]  # fmt: skip
    assert ids(read(listed(events), least_score=0.5, cameras=["lobby"])) == [events[3]["id"]]


def test_the_begin_is_told_in_utc():
    (page,) = read(listed([event(0)]))
    assert page.frame["began"][0] == datetime.fromtimestamp(BEGAN, UTC).isoformat()


def test_an_account_signs_in_first_and_its_cookie_goes_along():
    def login(request: httpx.Request) -> httpx.Response:
        right = json.loads(request.content) == {"user": "viewer", "password": "s3cret"}
        return httpx.Response(200 if right else 401, headers={"set-cookie": "frigate_token=abc; HttpOnly; Path=/"})

    def events(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200 if "frigate_token=abc" in request.headers.get("cookie", "") else 401, json=[event(0)])

    table = by_path({"/api/login": login, "/api/events": events})
    assert len(ids(read(table, user="viewer", password="s3cret"))) == 1
    with pytest.raises(AuthenticationError) as error:
        read(table, user="viewer", password="wr0ng")
    assert "wr0ng" not in str(error.value)


def test_a_foreign_cursor_is_refused():
    with pytest.raises(BadDataError, match="the cursor is not its own"):
        read(listed([]), {"page": 3})

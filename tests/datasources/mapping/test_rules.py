"""[sources.rules] and [sources.pins]."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from domain.cases import STATUSES
from tests.datasources.sources import NOW, mapped

PLACE = {"longitude": "x", "latitude": "y"}
TIMES = {"closed_at": "closed", "updated_at": "updated", "due_at": "due"}
LATER = "2024-05-01T09:00:00"


def reasons(batch):
    return batch.rejected["reason"].tolist()


@pytest.mark.parametrize(("x", "y"), [("0", "0"), ("114", "30"), ("-71.0", "42.00"), ("0.0", "90")])
def test_null_island_and_whole_degrees_are_no_place(x, y):
    frame = mapped(PLACE, {"x": x, "y": y}).frame
    assert np.isnan(frame["longitude"][0]) and np.isnan(frame["latitude"][0])


def test_one_whole_degree_is_a_place():
    assert mapped(PLACE, {"x": "114", "y": "30.5"}).frame["longitude"].tolist() == [114.0]


def test_null_island_may_be_quarantined_or_kept():
    row = {"x": "0", "y": "0"}
    assert reasons(mapped(PLACE, row, rules={"null_island": "quarantine"})) == ["bad_point"]
    assert mapped(PLACE, row, rules={"null_island": "keep"}).frame["latitude"].tolist() == [0.0]


def test_a_case_closed_before_it_was_reported_is_quarantined():
    row = {"status": "closed", "closed": "2024-05-01T07:59:59"}
    assert reasons(mapped(TIMES, row | {"updated": None, "due": None})) == ["closed_before_reported"]
    kept = mapped(TIMES, row | {"updated": None, "due": None}, rules={"closed_before_reported": "keep"})
    assert len(kept.frame) == 1


def test_a_case_closed_in_the_second_it_was_reported_is_kept():
    assert len(mapped({"closed_at": "closed"}, {"status": "closed", "closed": "2024-05-01T08:00:00"}).frame) == 1


@pytest.mark.parametrize("status", STATUSES)
def test_only_cases_that_have_ended_need_a_date(status):
    ended = status in ("closed", "refused", "self_handled")
    assert reasons(mapped({}, {"status": status})) == (["closed_without_date"] if ended else [])


def test_the_last_update_may_stand_for_the_date():
    fields, rules = {"closed_at": "closed", "updated_at": "updated"}, {"closed_without_date": "updated"}
    rows = [{"status": "closed", "closed": "", "updated": LATER}, {"status": "closed", "closed": "", "updated": ""}]
    batch = mapped(fields, *rows, rules=rules)
    assert (
        batch.frame["closed_at"].tolist()
        == batch.frame["updated_at"].tolist()
        == [datetime(2024, 5, 1, 9, tzinfo=UTC).timestamp()]
    )
    assert reasons(batch) == ["closed_without_date"]


@pytest.mark.parametrize(("seconds", "fine"), [(86_400, True), (86_401, False)])
def test_what_lies_more_than_a_day_ahead_is_quarantined(seconds, fine):
    ahead = (datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=seconds)).isoformat()
    assert reasons(mapped({}, {"at": ahead})) == ([] if fine else ["future"])
    assert reasons(mapped({}, {"at": ahead}, rules={"future": "keep"})) == []
    assert reasons(mapped({"due_at": "due"}, {"due": ahead})) == []


@pytest.mark.parametrize(
    ("x", "y", "pinned"),
    [
        ("-71.0587", "42.3594", True),
        ("-71.05874", "42.35936", True),
        ("-71.0588", "42.3594", False),
        ("-71.0587", "42.3595", False),
    ],
)
def test_a_pin_is_kept_with_its_place_and_marked(x, y, pinned):
    frame = mapped(PLACE, {"x": x, "y": y}, pins={"points": [[-71.0587, 42.3594]]}).frame
    assert frame["pinned"].tolist() == [pinned]
    assert frame["longitude"].tolist() == [float(x)]

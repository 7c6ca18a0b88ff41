"""Rows in quarantine are taken again: those that fit now are settled, the others stay with today's reason."""

import json

import pytest
import sqlalchemy as sa

from actions.replay import replay
from datasources.contract import Page
from datasources.errors import BadDataError
from datasources.mapping import Mapping
from datasources.mapping.rejects import replay_page
from tests.datasources.sources import case_source
from tests.factories import NOW

OPEN = "SELECT external_id, reason FROM quarantine WHERE resolved_at IS NULL ORDER BY row_number, id"
FIELDS = {
    "external_id": "id",
    "reported_at": {"column": "at", "format": "%Y-%m-%d %H:%M"},
    "status": {"column": "state", "values": {"open": "handling"}, "default": "quarantine"},
    "category": "what",
    "area_code": "area",
}
MENDED = {
    **FIELDS,
    "status": {"column": "state", "values": {"open": "handling", "done": "handling"}, "default": "quarantine"},
}


def mapping(fields=FIELDS):
    return Mapping(case_source(fields, name="one", timezone="Asia/Shanghai"))


def row(number, state="open", area="A1", at="2026-11-20 08:00"):
    return {"id": str(number), "at": at, "state": state, "what": "Litter", "area": area}


def fetch(town, *rows):
    """A fetch that brings these raw rows, as the poller would."""
    page = replay_page([json.dumps(each) for each in rows], "a.csv", list(range(1, len(rows) + 1)))
    town.feed()(mapping().apply(Page(page.frame, "a.csv", 1, {"row": len(rows)}), town.now))


def test_a_row_that_fits_the_mended_mapping_is_taken_and_settled(town):
    fetch(town, row(1), row(2, "done"), row(3, "lost"))
    assert town.rows(OPEN) == [("2", "unknown_value"), ("3", "unknown_value")]
    town.now = NOW + 60
    assert replay(town.feed(), mapping(MENDED)) == {"read": 2, "kept": 1, "unchanged": 0, "quarantined": 1}
    assert town.rows(OPEN) == [("3", "unknown_value")]
    assert town.rows("SELECT external_id FROM cases ORDER BY external_id") == [("1",), ("2",)]
    assert town.rows("SELECT resolved_at FROM quarantine WHERE external_id = '2'") == [(NOW + 60,)]


def test_a_second_replay_finds_only_what_still_waits(town):
    fetch(town, row(1, "done"), row(2, "lost"))
    replay(town.feed(), mapping(MENDED))
    assert replay(town.feed(), mapping(MENDED)) == {"read": 1, "kept": 0, "unchanged": 0, "quarantined": 1}
    assert replay(town.feed("two"), mapping(MENDED)) == {"read": 0, "kept": 0, "unchanged": 0, "quarantined": 0}


def test_a_row_that_comes_back_keeps_its_raw_form_its_place_and_its_first_day(town):
    fetch(town, row(1), row(2, "lost"))
    before = town.rows("SELECT raw, origin, row_number, first_seen_at FROM quarantine")
    town.now = NOW + 60
    replay(town.feed(), mapping(MENDED))
    assert town.rows("SELECT raw, origin, row_number, first_seen_at FROM quarantine") == before


def test_a_reason_is_told_as_it_is_now(town):
    fetch(town, row(1, "lost", at="20/11/2026"))
    assert town.rows(OPEN) == [("1", "unknown_value")]
    lost = {**FIELDS, "status": {"column": "state", "values": {"lost": "handling"}, "default": "quarantine"}}
    replay(town.feed(), mapping(lost))
    assert town.rows(OPEN) == [("1", "unreadable_time")]


def test_a_row_that_the_store_refused_is_taken_once_its_area_is_there(town):
    fetch(town, row(1, area="A1"), row(2, area="C9"))
    assert town.rows(OPEN) == [("2", "unknown_area")]
    assert replay(town.feed(), mapping()) == {"read": 1, "kept": 0, "unchanged": 0, "quarantined": 1}
    assert town.rows(OPEN) == [("2", "unknown_area")]
    raw = json.loads(town.rows("SELECT raw FROM quarantine")[0][0])
    assert raw == row(2, area="C9")
    raw["area"] = "B2"
    with town.engine.begin() as connection:
        connection.execute(sa.text("UPDATE quarantine SET raw = :raw"), {"raw": json.dumps(raw)})
    assert replay(town.feed(), mapping()) == {"read": 1, "kept": 1, "unchanged": 0, "quarantined": 0}
    assert town.rows(OPEN) == []
    assert town.rows("SELECT code FROM areas JOIN cases ON area_id = areas.id ORDER BY external_id") == [
        ("A1",),
        ("B2",),
    ]


def test_a_row_that_was_taken_meanwhile_counts_as_unchanged(town):
    fetch(town, row(1, "done"))
    replay(town.feed(), mapping(MENDED))
    with town.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE quarantine SET resolved_at = NULL")
    assert replay(town.feed(), mapping(MENDED)) == {"read": 1, "kept": 0, "unchanged": 1, "quarantined": 0}
    assert town.rows(OPEN) == []


def test_a_replay_moves_no_cursor_and_leaves_no_run(town):
    fetch(town, row(1), row(2, "done"))
    before = town.rows("SELECT cursor FROM sources"), town.rows("SELECT count(*), sum(read) FROM runs")
    feed = town.feed()
    replay(feed, mapping(MENDED))
    assert (town.rows("SELECT cursor FROM sources"), town.rows("SELECT count(*), sum(read) FROM runs")) == before
    assert feed.run_id is None
    assert not feed.reasons


def test_a_row_that_could_not_be_split_waits_for_its_file(town):
    bad = json.dumps({"@text": 'a,"b'})
    page = replay_page([json.dumps(row(1)), bad], "a.csv", [6, 7])
    town.feed()(mapping().apply(page, town.now))
    assert replay(town.feed(), mapping(MENDED)) == {"read": 1, "kept": 0, "unchanged": 0, "quarantined": 1}
    assert town.rows("SELECT reason, raw, row_number FROM quarantine WHERE resolved_at IS NULL") == [
        ("unreadable_row", bad, 7)
    ]


def test_a_mapping_that_names_a_column_that_is_not_there_changes_nothing(town):
    fetch(town, row(1, "done"))
    with pytest.raises(BadDataError, match="colour"):
        replay(town.feed(), mapping({**MENDED, "title": "colour"}))
    assert town.rows(OPEN) == [("1", "unknown_value")]
    assert town.rows("SELECT count(*) FROM cases") == [(0,)]


def test_more_rows_than_a_chunk_are_all_taken_once(town, monkeypatch):
    monkeypatch.setattr("actions.replay.CHUNK", 3)
    fetch(town, *(row(n, "done" if n % 2 else "lost") for n in range(1, 12)))
    assert replay(town.feed(), mapping(MENDED)) == {"read": 11, "kept": 6, "unchanged": 0, "quarantined": 5}
    assert len(town.rows(OPEN)) == 5

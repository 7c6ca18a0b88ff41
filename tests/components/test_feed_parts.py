"""A feed as a row: state by shape and word, the sum that leaves nothing out, progress, errors, bad rows."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.feed_row import Look, feed_row
from components.feed_state import STATES, mark, state_word
from components.quarantine_list import Shown, quarantine_list
from components.sources_head import no_feed, sources_head
from components.words import set_language
from tests.components.trees import found, texts, tree

NOON = 1_795_492_800
HERE = ZoneInfo("Asia/Shanghai")
LOOK = Look(NOON, HERE, opened=False)


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def feed(**changes):
    usual = {
        "name": "one", "connector": "feeds.file", "record": "case", "every_seconds": 60, "running": False, "shown": "live",
        "last_success_at": NOON - 5, "error": None, "done": None, "total": None, "rate": None, "read": 12, "kept": 7,
        "unchanged": 3, "quarantined": 2, "empty": 0, "kept_ever": 90, "waiting": 2, "reasons": (("future", 2),),
        "started_at": NOON - 9, "finished_at": NOON - 5, "left": None,
    }  # fmt: skip
    given_ = SimpleNamespace(**(usual | changes))
    given_.remaining_seconds = lambda _now: given_.left
    return given_


def test_each_state_has_a_shape_and_a_word_of_its_own_kind():
    assert {tree(mark(state))["props"]["className"] for state in STATES if state not in {"waiting", "removed"}} == {
        f"gh-mark gh-mark-{shape}" for shape in ("dot", "half", "ring", "cross", "bar", "square")
    }
    assert len({state_word(state) for state in STATES}) == len(STATES)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_terms_of_a_run_add_up_to_what_was_read(kept, unchanged, quarantined, empty):
    read = kept + unchanged + quarantined + empty
    drawn = feed_row(feed(read=read, kept=kept, unchanged=unchanged, quarantined=quarantined, empty=empty), LOOK)
    terms = {name: int(texts(found(drawn, **{"data-term": name})[0]["children"][0]).replace(",", "")) for name in
             ("read", "kept", "unchanged", "quarantined", *(("empty",) if empty else ()))}  # fmt: skip
    assert terms.pop("read") == sum(terms.values())


def test_a_row_tells_its_age_its_pace_and_its_sum():
    told = texts(feed_row(feed(), LOOK))
    assert "live one Cases · feeds.file" in told
    assert "Last success 5 s ago 2026-11-24 11:59:55 every 1 min" in told
    assert "12 read = 7 kept + 3 as before + 2 quarantined 90 rows kept in all" in told
    assert "In quarantine 2 Show In the future 2" in told


def test_a_feed_that_was_never_read_is_dashes():
    told = texts(feed_row(feed(shown="waiting", last_success_at=None, started_at=None, waiting=0, reasons=()), LOOK))
    assert "Last success — every 1 min" in told
    assert "Last run —" in told


def test_a_running_fetch_shows_how_far_how_fast_and_how_long():
    drawn = feed_row(
        feed(shown="running", running=True, done=25, total=100, rate=1234.5, left=90, finished_at=None), LOOK
    )
    assert "1,234 rows/s · 25% · 1 min left" in texts(drawn)
    assert found(drawn, role="progressbar", **{"aria-valuenow": "25"})
    unknown = feed_row(feed(shown="running", running=True, done=25, total=0, rate=10.0, finished_at=None), LOOK)
    assert found(unknown, role="progressbar", **{"aria-valuenow": "0"})


def test_an_error_is_told_in_plain_words():
    set_language("zh_CN")
    drawn = feed_row(feed(shown="bad", error="a.csv: the packed file is cut or damaged; fetch it again"), LOOK)
    assert "a.csv：压缩文件不完整或已损坏；请重新获取" in texts(drawn)


def test_bad_rows_open_and_close_by_their_address():
    assert found(feed_row(feed(), LOOK), href="/sources?source=one")
    assert found(feed_row(feed(), Look(NOON, HERE, opened=True)), href="/sources")


def test_bad_rows_are_told_with_reason_place_and_raw_form():
    row = {
        "reason": "future",
        "detail": "odd",
        "origin": "a.csv",
        "row_number": 1234,
        "external_id": "9",
        "first_seen_at": NOON,
        "raw": {"id": "9", "n": None},
    }
    shown = Shown("one", "future", 20, 20, 41)
    drawn = quarantine_list(shown, [row], [("future", 41), ("bad_point", 2)], HERE)
    told = texts(drawn)
    assert "In the future a.csv, row 1,234 · 9 odd" in told
    assert "id 9 n" in told
    assert "21–21 of 41" in told
    assert found(drawn, href="/sources?source=one&reason=future", className="gh-go gh-button")
    assert found(drawn, href="/sources?source=one&reason=future&from=40")
    assert found(drawn, href="/sources?source=one&reason=bad_point")
    assert found(drawn, href="/sources?source=one")
    assert "python app.py quarantine replay --source one" in told


def test_a_raw_row_of_markup_stays_text():
    row = {
        "reason": "future",
        "detail": "<b>x</b>",
        "origin": "a",
        "row_number": 1,
        "external_id": None,
        "first_seen_at": NOON,
        "raw": {"n": "<script>"},
    }
    assert "<script>" in texts(quarantine_list(Shown("one", "", 0, 20, 1), [row], [], HERE))


def test_the_head_counts_feeds_by_state():
    assert texts(sources_head(["live", "live", "down"])) == "Feeds 3 feeds live 2 disconnected 1"
    assert "No feed is configured." in texts(no_feed())

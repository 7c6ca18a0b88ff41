"""A feed as a row: state by shape and word, the sum that leaves nothing out, progress, errors, bad rows."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.feed_detail import feed_detail
from components.feed_row import Look, feed_row
from components.feed_state import MEANINGS, STATES, mark, state_word
from components.quarantine_list import Shown, quarantine_list
from components.sources_head import no_feed, sources_head
from components.strip import percent, strip
from components.trial_result import trial_result
from components.words import set_language
from domain.feedtime import Budget
from tests.components.trees import found, texts, tree
from views.watch import Day

NOON = 1_795_492_800
HERE = ZoneInfo("Asia/Shanghai")
LOOK = Look(NOON, HERE)


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


FEED = {
    "connector": "feeds.file", "record": "case", "every_seconds": 60, "running": False, "last_success_at": NOON - 5,
    "error": None, "done": None, "total": None, "rate": None, "read": 12, "kept": 7, "unchanged": 3, "quarantined": 2,
    "empty": 0, "waiting": 2, "reasons": (("future", 2),), "started_at": NOON - 9, "finished_at": NOON - 5, "left": None,
    "failures": 0, "paused_at": None, "next_at": None,
}  # fmt: skip
TODAY = NOON // 86_400
KEPT = Budget(0.9951, 12_000.0)


def service(state="live", days=(), budget=KEPT, **changes):
    """A service with what its feed differs in."""
    feed = SimpleNamespace(**(FEED | {"name": "one"} | changes))
    feed.remaining_seconds = lambda _now: feed.left
    age = None if feed.last_success_at is None else NOON - feed.last_success_at
    totals = (("read", 90), ("kept", 60), ("unchanged", 20), ("quarantined", 10), ("empty", 0), ("failures", 3))
    return SimpleNamespace(
        name="one", feed=feed, state=state, since=NOON - 3_600, age=age, per_minute=1.25, this_hour=4, last_day=1_800,
        hours=(0,) * 23 + (4,), days=days or (Day(TODAY, (("live", 43_200),)),), budget=budget, totals=totals, off=(),
    )  # fmt: skip


def test_each_state_has_a_shape_and_a_word_of_its_own_kind():
    assert {tree(mark(state))["props"]["className"] for state in STATES if state not in {"waiting", "removed"}} == {
        f"gh-mark gh-mark-{shape}" for shape in ("dot", "half", "triangle", "ring", "cross", "bar", "square", "pause")
    }
    assert len({state_word(state) for state in STATES}) == len(STATES)
    assert set(MEANINGS) == set(STATES) - {"running"}


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_terms_of_a_run_add_up_to_what_was_read(kept, unchanged, quarantined, empty):
    read = kept + unchanged + quarantined + empty
    drawn = feed_row(service(read=read, kept=kept, unchanged=unchanged, quarantined=quarantined, empty=empty), LOOK)
    terms = {name: int(texts(found(drawn, **{"data-term": name})[0]["children"][0]).replace(",", "")) for name in
             ("read", "kept", "unchanged", "quarantined", *(("empty",) if empty else ()))}  # fmt: skip
    assert terms.pop("read") == sum(terms.values())


def test_a_row_tells_its_state_its_age_its_pace_its_sum_and_its_budget():
    told = texts(feed_row(service(), LOOK))
    assert "live since 11:00 one Cases · feeds.file" in told
    assert "Last success just now promised every 1 min" in told
    assert "12 read = 7 kept + 3 as before + 2 quarantined 1.2 a minute · 1,800 in 24 hours" in told
    assert "99.51 % 3 h 20 min of the budget left" in told
    assert "In quarantine 2 Show In the future 2" in told


def test_a_narrow_row_leaves_the_rest_to_the_details():
    told = texts(feed_row(service(error="why"), Look(NOON, HERE, opened=True, narrow=True)))
    assert "live since 11:00 one" in told
    assert "quarantine" not in told
    assert "why" not in told


def test_a_service_that_was_never_read_is_dashes():
    told = texts(feed_row(service("waiting", last_success_at=None, started_at=None, waiting=0, reasons=()), LOOK))
    assert "Last success — promised every 1 min" in told
    assert "Last run —" in told


def test_a_first_fetch_that_runs_shows_how_far_how_fast_and_how_long():
    first = {"running": True, "done": 25, "rate": 1234.5, "finished_at": None}
    drawn = feed_row(service("waiting", total=100, left=90, **first), LOOK)
    assert "Reading" in texts(drawn)
    assert "1,234 rows/s · 25% · 1 min left" in texts(drawn)
    assert found(drawn, role="progressbar", **{"aria-valuenow": "25"})
    assert found(feed_row(service("waiting", total=0, **first), LOOK), role="progressbar", **{"aria-valuenow": "0"})


def test_an_error_is_told_in_plain_words():
    set_language("zh_CN")
    drawn = feed_row(service("bad", error="a.csv: the packed file is cut or damaged; fetch it again"), LOOK)
    assert "a.csv：压缩文件不完整或已损坏；请重新获取" in texts(drawn)


@pytest.mark.parametrize(
    "like_gcj02, said", [(False, "请核对数据源的坐标系（crs）"), (True, "是否漏写（或多写）了 crs")]
)
def test_a_layer_that_lies_off_the_areas_is_told_by_name_and_by_how_far(like_gcj02, said):
    set_language("zh_CN")
    one = service()
    one.off = (SimpleNamespace(title="消火栓", offset_m=512.0, like_gcj02=like_gcj02),)
    for drawn in (feed_row(one, LOOK), feed_detail(one, SimpleNamespace(failures=(), gaps=()), LOOK)):
        assert "消火栓：与辖区边界相差约 510 米" in texts(drawn)
        assert said in texts(drawn)
    assert not found(feed_row(service(), LOOK), className="gh-feed-off")


def test_a_service_opens_and_closes_by_its_address():
    assert len(found(feed_row(service(), LOOK), href="/sources?source=one")) == 2
    assert found(feed_row(service(), Look(NOON, HERE, opened=True, narrow=True)), href="/sources")


def test_a_day_is_as_high_as_it_was_kept_and_says_its_figures():
    day = Day(
        TODAY, (("down", 600), ("failing", 60), ("live", 3_000), ("paused", 300), ("refused", 240), ("stale", 120))
    )
    (drawn,) = found(strip([day], "one"), className="gh-strip-day")
    assert drawn["title"] == "11-24 · 76.11 % as promised · paused 5 min · disconnected 14 min · no updates 2 min"
    heights = {
        part["props"]["className"].split("gh-part-")[1]: part["props"]["style"]["flexGrow"]
        for part in tree(drawn["children"])
    }
    assert heights == {"paused": 300, "down": 840, "stale": 120, "kept": 3_060}


def test_the_days_before_a_service_was_first_read_are_no_columns():
    days = [Day(TODAY - back, (("waiting", 86_400),)) for back in range(29, 0, -1)]
    drawn = strip([*days, Day(TODAY, (("live", 300), ("waiting", 40_000)))], "one")
    (before,), (today,) = found(drawn, className="gh-strip-before"), found(drawn, className="gh-strip-day")
    assert (texts(before["children"]), before["style"]) == ("on record since 11-24", {"flexGrow": 29})
    assert [each["props"]["className"] for each in tree(today["children"])] == ["gh-part gh-part-kept"]
    assert drawn.to_plotly_json()["props"]["aria-label"].startswith("one, the last 30 days: on record since 11-24")
    (few,) = found(strip([*days[-2:], Day(TODAY, (("live", 300),))], "one"), className="gh-strip-before")
    assert (few["children"], few["title"]) == (None, "on record since 11-24")
    (never,) = found(strip(days, "one"), className="gh-strip-before")
    assert texts(never["children"]) == "no data yet"


def test_a_share_is_never_rounded_up_to_a_whole():
    assert [percent(x) for x in (1, 0.99999, 0.98, None)] == ["100 %", "99.99 %", "98.00 %", "—"]


def test_the_details_say_what_the_state_means_what_went_wrong_and_what_was_lost():
    past = SimpleNamespace(
        failures=(
            SimpleNamespace(at=NOON - 600, until=None, error="no answer within 120 seconds; it will be tried again"),
        ),
        gaps=(SimpleNamespace(start=NOON - 900, end=NOON - 600, why="lost"),),
    )
    told = texts(feed_detail(service("failing", error="odd", next_at=NOON + 60, failures=3), past, LOOK))
    assert "It is tried again by itself." in told
    assert "It is tried again at 12:01:00." in told
    assert "90 60 kept + 20 as before + 10 quarantined" in told
    assert "kept 99.51 %, promised 99.00 %: 3 h 20 min may still fail" in told
    assert "11-24 11:50 for 10 min now no answer within 120 seconds" in told
    assert "11-24 11:45 – 11-24 11:50 5 min lost" in told


def test_a_test_shows_fields_in_words_and_hides_personal_data():
    found_ = SimpleNamespace(
        state="ok", error="", origin="a.csv", looked_at=2, fit=1, seconds=0.5,
        records=({"external_id": "1", "reported_at": float(NOON), "title": "call 13812345678", "text": None, "pinned": False},),
        rejected=({"reason": "future", "detail": "status: 13900001111", "origin": "a.csv", "row": 2},),
    )  # fmt: skip
    told = texts(trial_result(found_, "case", HERE))
    assert "a.csv: 1 of the first 2 rows fit. Nothing was stored." in told
    assert "2026-11-24 12:00:00" in told
    assert "call 138****5678" in told
    assert "139****1111" in told
    assert "Text" not in told


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
    assert texts(sources_head(["live", "live", "down"])) == "Watch room 3 services live 2 disconnected 1"
    assert "No feed is configured." in texts(no_feed())

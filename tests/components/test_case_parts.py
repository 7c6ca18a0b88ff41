"""One case in words: how it stands, the ruler, its course, its facts, its neighbours."""

import re
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from components.case_badge import case_badge
from components.case_facts import facts, neighbours, said
from components.case_head import case_head, no_case
from components.case_map import case_map, off_map
from components.deadline import standing, warning_from
from components.deadline_block import deadline_block
from components.numbers import decimal, duration
from components.ruler import ruler
from components.timeline import timeline
from components.words import set_language
from domain.cases import ENDED, NO_PLACE, NOT_COUNTED, OUTSIDE, PINNED, STATUSES
from tests.components.trees import found, texts, tree

HERE = ZoneInfo("Asia/Shanghai")
NOON = 1_795_492_800  # 2026-11-24 12:00 in Shanghai
HOUR, DAY = 3_600, 86_400
CASE = {
    "id": 7, "external_id": "4290992026112400117", "order_no": "GD1", "category": "Litter", "title": "Gate 3",
    "text": "Bags",
    "kind": 0, "status": "handling", "channel": "Hotline", "department": "Roads", "source": "one", "placing": 0,
    "area_code": "A1", "area_name": "Area A1", "longitude": 114.005, "latitude": 30.005, "reported_at": NOON - HOUR,
    "first_response_at": NOON - 1_800, "due_at": NOON + 3 * HOUR + 56 * 60, "closed_at": None, "ended_at": None,
    "updated_at": NOON, "online": True, "level": None, "rated_at": None, "overdue": False,
}  # fmt: skip
STEP = {"case_id": 7, "known_at": NOON, "actor": "source", "note": None}
STEPS = [
    {**STEP, "at": NOON - HOUR, "move": "report", "status": "reported"},
    {**STEP, "at": NOON - 1_800, "move": "respond", "status": "accepted"},
    {**STEP, "at": NOON - 240, "move": "update", "status": "handling"},
]


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def case(**changes):
    return CASE | changes


@pytest.mark.parametrize(
    ("changes", "text", "tone"),
    [
        ({}, "3 h 56 min left", "calm"),
        ({"due_at": NOON + 600}, "10 min left", "near"),
        ({"due_at": NOON - 22 * 60}, "22 min over", "late"),
        ({"due_at": NOON}, "0 s left", "near"),
        ({"due_at": None}, "—", "done"),
        ({"status": "suspended"}, "Paused", "done"),
        ({"status": "closed", "ended_at": NOON}, "On time", "done"),
        ({"status": "closed", "ended_at": NOON + 9 * HOUR}, "Ended late", "done"),
        ({"status": "void", "due_at": NOON - DAY}, "—", "done"),
    ],
)
def test_how_a_case_stands_to_its_deadline(changes, text, tone):
    stands = standing(case(**changes), NOON)
    assert (stands.text, stands.tone) == (text, tone)


def test_late_is_said_in_the_words_of_the_field():
    set_language("zh_CN")
    assert standing(case(due_at=NOON - 22 * 60), NOON).text == "超 22 分"
    assert standing(case(), NOON).text == "剩 3 时 56 分"


@given(st.sampled_from(sorted(set(STATUSES) - ENDED - NOT_COUNTED - {"suspended"})), st.integers(-(10**7), 10**7))
def test_only_an_open_case_past_its_deadline_is_late(status, left):
    assert (standing(case(status=status, due_at=NOON + left), NOON).tone == "late") == (left < 0)


@given(st.sampled_from(sorted(ENDED | NOT_COUNTED)), st.integers(-(10**7), 10**7))
def test_a_case_that_has_ended_is_never_late(status, left):
    assert standing(case(status=status, due_at=NOON + left, ended_at=NOON), NOON).tone == "done"


def test_the_warning_stretch_is_the_last_fifth():
    assert warning_from(case(reported_at=0, due_at=1_000)) == 800


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(59, "59 s"), (60, "1 min"), (3_600, "1 h"), (3_660, "1 h 1 min"), (2 * DAY, "2 d"), (DAY + HOUR, "1 d 1 h"),
     (10 * DAY + HOUR, "10 d"), (2_000 * DAY, "2,000 d"), (-120, "2 min")],
)  # fmt: skip
def test_a_length_of_time_has_two_parts_at_most(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3.0, 2, "3"),
        (4.5, 2, "4.5"),
        (0.32986, 2, "0.33"),
        (67.0, 1, "67"),
        (None, 1, "—"),
        (100.0, 0, "100"),
        (1234.5, 1, "1,234.5"),
    ],
)
def test_zeros_at_the_end_are_not_printed(value, digits, text):
    assert decimal(value, digits) == text


def test_a_badge_is_the_word_in_a_frame():
    assert tree(case_badge("closed")) == tree(html.Span("Closed", className="gh-badge gh-badge-ended"))
    assert tree(case_badge("void")) == tree(html.Span("Void", className="gh-badge gh-badge-out"))


@given(st.integers(1, 400 * DAY), st.integers(-400 * DAY, 400 * DAY), st.booleans())
def test_the_ruler_keeps_everything_within_itself_and_few_ticks(limit, left, ended):
    shown = case(reported_at=NOON - limit, due_at=NOON, ended_at=NOON - left if ended else None)
    drawn = ruler(shown, NOON - left, HERE)
    ends = [float(v) for v in re.findall(r'"(?:left|width)": "([-\d.]+)%"', str(tree(drawn)).replace("'", '"'))]
    assert all(0 <= end <= 100.01 for end in ends)
    assert len(found(drawn, className="gh-ruler-tick")) <= 6


def test_a_case_without_a_deadline_says_so():
    assert "No deadline was given." in texts(deadline_block(case(due_at=None), NOON, HERE))


def test_the_deadline_is_large_and_its_end_beside_it():
    said_ = texts(deadline_block(case(), NOON, HERE))
    assert "3:56 left" in said_
    assert "due today 15:56" in said_
    assert "Limit 4 h 56 min" in said_


def test_an_overdue_case_counts_upwards_in_words():
    drawn = deadline_block(case(due_at=NOON - 22 * 60), NOON, HERE)
    assert "0:22 over" in texts(drawn)
    assert found(drawn, className="gh-due-large gh-due-late")


def test_the_course_tells_what_happened_where_it_stands_and_what_lies_ahead():
    drawn = timeline(case(), STEPS, NOON, HERE)
    steps = [
        (texts(li), (li.get("className")))
        for li in found(drawn)
        if li.get("className", "").startswith("gh-step-") and "children" in li and isinstance(li["children"], list)
    ]
    kinds = [look for _text, look in steps if look in {"gh-step-done", "gh-step-here", "gh-step-ahead"}]
    assert kinds == ["gh-step-done", "gh-step-done", "gh-step-here", "gh-step-ahead", "gh-step-ahead"]
    told = texts(drawn)
    assert "Report Hotline GD1 11:00:00" in told
    assert "First response Roads after 30 min 11:30:00" in told
    assert "In progress Roads 11:56:00 for 4 min" in told
    assert told.endswith("Verifying Closed")


def test_a_case_that_has_ended_has_nothing_ahead():
    ended = [*STEPS, {**STEP, "at": NOON + DAY, "move": "update", "status": "closed"}]
    drawn = timeline(case(status="closed", ended_at=NOON + DAY), ended, NOON + 2 * DAY, HERE)
    assert not found(drawn, className="gh-step-ahead")
    assert not found(drawn, className="gh-step-here")
    assert "Closed Roads 11-25 12:00" in texts(drawn)


def test_facts_name_every_field_and_a_dash_for_what_is_not_known():
    told = texts(facts(case(order_no=None, level=1, rated_at=NOON), HERE))
    assert "Order no. —" in told
    assert "Rating Basically satisfied · 2026-11-24 12:00" in told
    assert "First response 2026-11-24 11:30:00 · after 30 min" in told
    assert "Online yes" in told


def test_neighbours_are_numbered_with_distance_and_time():
    near = [{**CASE, "id": 9, "category": "Noise", "metres": 31.4, "reported_at": NOON, "status": "closed"}]
    drawn = neighbours(CASE, near, 200, 90)
    assert "1 Noise 31 m · 1 h later Closed" in texts(drawn)
    assert found(drawn, href="/cases/9")
    assert "None." in texts(neighbours(CASE, [], 200, 90))


def test_the_map_shows_its_point_its_neighbours_and_no_foreign_tile():
    drawn = case_map(CASE, [{**CASE, "id": 9}], "grid", 200)
    urls = [node["url"] for node in found(drawn) if "url" in node]
    assert urls == ["/tiles/base/light/{z}/{x}/{y}.png", "/geometry/grid"]
    assert len(found(drawn, position=[30.005, 114.005])) == 2


@pytest.mark.parametrize("placing", [NO_PLACE, OUTSIDE, PINNED])
def test_a_case_off_the_map_says_why(placing):
    assert "on no map" in texts(off_map(case(placing=placing)))


def test_the_head_says_what_where_and_how_late():
    told = texts(html.Div(case_head(case(due_at=NOON - 60), ["Area A", "A1"], NOON)))
    assert told == "Cases / 4290992026112400117 Litter In progress Overdue 1 min over Area A A1 Gate 3"


def test_what_was_reported_is_told_in_its_own_words():
    assert texts(said(CASE)) == "Description Gate 3 Bags"
    assert texts(said(case(title=None, text=None))) == "Description —"


def test_a_case_that_is_not_there_says_nothing_of_why():
    assert "wrong, or" in texts(no_case())


def test_what_is_left_is_told_in_the_unit_of_the_limit_and_its_breaks_are_hatched():
    noon_break = ((NOON - 3_600, NOON + 3_600),)
    hours = SimpleNamespace(amount=4.0, unit="work_hours", warn=NOON + 7_200, left=1.25, breaks=noon_break)
    drawn = deadline_block(case(due_at=NOON + 9_000), NOON, HERE, running=hours)
    assert "1:15" in texts(drawn) and "4 working hours" in texts(drawn)
    assert len([node for node in found(drawn) if node.get("className") == "gh-ruler-still"]) == 1
    days = SimpleNamespace(amount=2.0, unit="work_days", warn=NOON, left=-1.04, breaks=())
    assert "1 working days" in texts(deadline_block(case(due_at=NOON - 90_000), NOON, HERE, running=days))

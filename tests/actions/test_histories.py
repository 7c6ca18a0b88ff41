"""Any history of rows, split into batches anyhow, ends in the same table and in counts equal to a recount."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from actions.mark_overdue import mark_overdue
from tests.factories import IN_A1, IN_A2, IN_B1, NOW, ZONE, batch, cases, ratings, rejected
from tests.recount import assert_counts_equal_a_recount

DAY = 86_400
PLACES = (
    {"longitude": IN_A1[0], "latitude": IN_A1[1]},
    {"longitude": IN_A2[0], "latitude": IN_A2[1]},
    {"longitude": IN_B1[0], "latitude": IN_B1[1], "pinned": True},
    {"longitude": 0.5, "latitude": 0.5, "area_code": "B"},
    {"longitude": None, "latitude": None, "area_code": "B2"},
    {"longitude": None, "latitude": None, "area_code": "unknown"},
)
STATUSES = ("reported", "handling", "closed", "refused", "self_handled", "void", "merged", "suspended")
moments = st.integers(-3, 3).map(lambda n: NOW + n * DAY // 2)
maybe = st.none() | moments

ROWS = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from("123456"),
        "status": st.sampled_from(STATUSES),
        "category": st.sampled_from(["Litter", "Noise", "路灯"]),
        "kind": st.sampled_from(["problem", "hazard"]),
        "title": st.sampled_from([None, "a", "b", "bad\0text"]),
        "reported_at": moments,
        "first_response_at": maybe,
        "due_at": maybe,
        "closed_at": maybe,
        "updated_at": moments,
        "online": st.sampled_from([None, True, False]),
        "place": st.sampled_from(PLACES),
    }
)
RATINGS = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from("abcd"),
        "case": st.sampled_from("1234"),
        "level": st.sampled_from(["satisfied", "basically", "dissatisfied"]),
        "rated_at": moments,
    }
)
sizes = st.lists(st.integers(1, 6), min_size=1, max_size=12)
LIMITS = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


def placed(row: dict) -> dict:
    return {key: value for key, value in row.items() if key != "place"} | row["place"]


def refused(row: dict) -> bool:
    return row.get("area_code") == "unknown" or "\0" in (row["title"] or "")


def split(rows: list, sizes: list[int]) -> Iterator[list]:
    waiting = iter(rows)
    return itertools.takewhile(bool, (list(itertools.islice(waiting, size)) for size in itertools.cycle(sizes)))


def newest(rows: list[dict], key: str, time: str) -> dict[str, dict]:
    """The table that a history comes to: of each record the row with the greatest time, of equals the last."""
    table: dict[str, dict] = {}
    for row in rows:
        if row[key] not in table or row[time] >= table[row[key]][time]:
            table[row[key]] = row
    return table


@settings(max_examples=25, **LIMITS)
@given(rows=st.lists(ROWS, max_size=30), sizes=sizes)
def test_the_table_is_what_the_newest_rows_say_however_they_are_split(town, tmp_path, rows, sizes):
    town.clear()
    feed, sunk = town.feed(), []
    rows = [placed(row) for row in rows]
    for part in split(rows, sizes):
        took = feed(batch(cases(*part)))
        sunk.append(took)
        assert took.kept + took.unchanged + took.quarantined == len(part)
    feed.succeeded()
    assert sum(took.quarantined for took in sunk) == sum(map(refused, rows))
    expected = newest([row for row in rows if not refused(row)], "external_id", "updated_at")
    told = (
        "status",
        "kind",
        "title",
        "reported_at",
        "first_response_at",
        "due_at",
        "closed_at",
        "updated_at",
        "online",
    )
    found = town.rows(
        f"SELECT external_id, (SELECT name FROM categories WHERE id = category_id), {', '.join(told)} FROM cases"
    )
    kinds = ("problem", "hazard")
    assert {row[0]: row[1:] for row in found} == {
        key: (row["category"], *(kinds.index(row[n]) if n == "kind" else row[n] for n in told))
        for key, row in expected.items()
    }
    assert_counts_equal_a_recount(town.engine, ZONE, tmp_path)


def pages(rows, sizes):
    """The rows as the pages of one file, numbered through."""
    done = 0
    for part in split(rows, sizes):
        page = batch(cases(*part))
        yield replace(page, rows=page.rows + done)
        done += len(part)


@settings(max_examples=15, **LIMITS)
@given(rows=st.lists(ROWS, max_size=15), sizes=sizes, again=sizes)
def test_reading_everything_again_changes_no_table_however_it_is_split(town, rows, sizes, again):
    town.clear()
    rows = [placed(row) for row in newest(rows, "external_id", "updated_at").values()]
    for page in pages(rows, sizes):
        town.feed()(page)
    tables = ("cases", "case_steps", "count_batch", "quarantine", "categories")
    before = {name: town.rows(f"SELECT * FROM {name} ORDER BY id") for name in tables}
    for page in pages(rows, again):
        assert town.feed()(page).kept == 0
    assert {name: town.rows(f"SELECT * FROM {name} ORDER BY id") for name in tables} == before


writes = st.lists(st.one_of(ROWS.map(placed), RATINGS, st.just("a minute passes"), st.just("a bad row")), max_size=30)


@settings(max_examples=25, **LIMITS)
@given(history=writes)
def test_cases_ratings_and_marks_in_any_order_leave_counts_equal_to_a_recount(town, tmp_path, history):
    town.clear()
    one, stars = town.feed("one"), town.feed("stars", "rating")
    for write in history:
        if write == "a minute passes":
            town.now += DAY // 3
            mark_overdue(town.site, now=town.now)
        elif write == "a bad row":
            one(batch(cases(), rejected({"external_id": "1"})))
        elif "case" in write:
            stars(batch(ratings(write), record="rating"))
        else:
            one(batch(cases(write)))
    mark_overdue(town.site, now=town.now)
    _assert_last_ratings(town, [write for write in history if "case" in write and not isinstance(write, str)])
    assert_counts_equal_a_recount(town.engine, ZONE, tmp_path)
    late = town.rows(
        "SELECT count(*) FROM cases WHERE overdue <> (coalesce(ended_at, :now) > due_at) "
        "AND due_at IS NOT NULL AND status NOT IN ('void', 'merged')",
        now=town.now,
    )
    assert late == [(0,)]


def _assert_last_ratings(town, history: list[dict]) -> None:
    """Of a case the rating with the greatest time counts; ties are not decided here."""
    levels = ("satisfied", "basically", "dissatisfied")
    rated = newest(history, "external_id", "rated_at").values()
    for key, level, at in town.rows("SELECT external_id, level, rated_at FROM cases"):
        mine = [row for row in rated if row["case"] == key]
        last = max((row["rated_at"] for row in mine), default=None)
        assert at == last, key
        assert (level is None) == (not mine)
        assert level is None or levels[level] in {row["level"] for row in mine if row["rated_at"] == last}

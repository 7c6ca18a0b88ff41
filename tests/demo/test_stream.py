"""Going live: the same rows however and whenever they are read."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.contract import Cursor
from datasources.errors import BadDataError
from tests.demo.conftest import NOW, ZONE, connector, epoch, read

KEYS = {"case": "案号", "rating": "评价编号"}
DAYS = 4


def by_key(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row a key, the newest state."""
    return frame.drop_duplicates(key, keep="last").set_index(key).sort_index()


def cursor_after(now: int, cursor: Cursor | None, **options) -> tuple[list[pd.DataFrame], Cursor | None]:
    pages = list(connector(now, **options).pages(cursor))
    return [page.frame for page in pages], pages[-1].cursor if pages else cursor


@pytest.mark.parametrize("what", ["case", "rating"])
def test_the_same_seed_and_clock_give_the_same_rows(what: str):
    pd.testing.assert_frame_equal(read(what=what, days=30), read(what=what, days=30))


def test_another_seed_gives_other_cases_with_the_same_shape():
    one, other = read(what="case", seed=7, days=5), read(what="case", seed=8, days=5)
    assert one.columns.tolist() == other.columns.tolist()
    assert one["标题"].tolist() != other["标题"].tolist()


@settings(max_examples=25, deadline=None)
@given(
    what=st.sampled_from(["case", "rating"]),
    start=st.integers(epoch("2026-10-20 00:00"), epoch("2026-10-22 00:00")),
    steps=st.lists(st.integers(1, 4 * 86_400), min_size=1, max_size=6),
)
def test_reads_in_steps_add_up_to_one_full_read(what: str, start: int, steps: list[int]):
    options = {"what": what, "days": DAYS}
    now, found, cursor = start, *cursor_after(start, None, **options)
    for step in steps:
        now += step
        more, cursor = cursor_after(now, cursor, **options)
        found += more
    first_day = pd.Timestamp(start, unit="s", tz=ZONE).normalize() - pd.Timedelta(days=DAYS)
    full_days = (pd.Timestamp(now, unit="s", tz=ZONE).normalize() - first_day).days
    at_once = read(now, what=what, days=full_days)
    key = KEYS[what]
    pd.testing.assert_frame_equal(by_key(pd.concat(found), key), by_key(at_once, key))


@settings(max_examples=15, deadline=None)
@given(stop=st.integers(0, 2), later=st.integers(0, 3 * 86_400))
def test_an_interrupted_first_read_goes_on_without_loss(stop: int, later: int):
    options = {"what": "case", "days": 90}
    pages = list(connector(NOW, **options).pages(None))[: stop + 1]
    rest = [page.frame for page in connector(NOW + later, **options).pages(pages[-1].cursor)]
    through = pd.Timestamp(NOW + later, unit="s", tz=ZONE).normalize()
    days = 90 + (through - pd.Timestamp(NOW, unit="s", tz=ZONE).normalize()).days
    at_once = read(NOW + later, what="case", days=days)
    found = by_key(pd.concat([*(page.frame for page in pages), *rest]), "案号")
    pd.testing.assert_frame_equal(found, by_key(at_once, "案号"))


def test_starting_again_from_a_pages_cursor_gives_exactly_the_pages_after_it():
    pages = list(connector(NOW, what="case", days=100).pages(None))
    assert len(pages) > 3
    for number, page in enumerate(pages):
        again = [each.frame for each in connector(NOW, what="case", days=100).pages(page.cursor)]
        assert len(again) == len(pages) - number - 1
        for left, right in zip(again, pages[number + 1 :], strict=True):
            pd.testing.assert_frame_equal(left, right.frame)


def test_pages_are_of_about_5000_rows_and_their_progress_ends_at_the_total():
    pages = list(connector(NOW, what="case").pages(None))
    assert max(len(page.frame) for page in pages) < 6000
    assert [page.done for page in pages] == sorted(page.done for page in pages)
    assert pages[-1].done == pages[-1].total == sum(len(page.frame) for page in pages)
    rows = [page.first_row for page in pages]
    assert rows == [1 + sum(len(page.frame) for page in pages[:n]) for n in range(len(pages))]


def test_a_case_comes_again_with_its_newer_status_and_time():
    noon = epoch("2026-11-23 12:00")
    frames, cursor = cursor_after(noon, None, what="case", days=10)
    later = read(noon + 6 * 3600, cursor, what="case", days=10)
    both = pd.concat(frames).merge(later, on="案号", suffixes=("_then", "_now"))
    assert len(both) > 20
    assert (both["更新时间_now"] > both["更新时间_then"]).all()
    assert (both["状态_now"] != both["状态_then"]).mean() > 0.9
    same = ["类型", "小类", "标题", "上报时间"]
    assert all((both[f"{name}_then"] == both[f"{name}_now"]).all() for name in same)


def test_nothing_known_lies_in_the_future(cases: pd.DataFrame):
    now = pd.Timestamp(NOW, unit="s", tz=ZONE)
    for name in ("上报时间", "首次响应时间", "结案时间", "更新时间"):
        assert cases[name].max() <= now


def test_a_cursor_with_its_moment_alone_is_enough():
    hour = 3600
    full, _ = cursor_after(NOW - hour, None, what="case")
    later = read(NOW, {"until": NOW - hour}, what="case")
    known = pd.concat([*full, later])
    pd.testing.assert_frame_equal(by_key(known, "案号"), by_key(read(what="case"), "案号"))


def test_a_strange_cursor_is_refused_in_one_line():
    with pytest.raises(BadDataError, match="cursor"):
        list(connector(NOW, what="case").pages({"files": {}}))


def test_the_layers_come_once():
    (page,) = connector(NOW, what="layer").pages(None)
    assert page.done == page.total == len(page.frame)
    assert list(connector(NOW, what="layer").pages(page.cursor)) == []


@pytest.mark.parametrize("what", ["case", "rating"])
def test_the_papers_months_go_live_as_well(what: str):
    frames, cursor = cursor_after(epoch("2022-10-15 09:00"), None, what=what)
    for moment in ("2022-11-30 12:00", "2022-11-30 18:00", "2023-01-31 23:59", "2023-02-27 00:00", "2023-03-08 12:00"):
        more, cursor = cursor_after(epoch(moment), cursor, what=what)
        frames += more
    at_once = read(epoch("2023-03-08 12:00"), what=what)
    pd.testing.assert_frame_equal(by_key(pd.concat(frames), KEYS[what]), by_key(at_once, KEYS[what]))

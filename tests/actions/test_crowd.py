"""Many at once: no step is lost, none is made twice, and of two on one case one is told that the other was quicker."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from actions.move import move
from actions.rate import rate
from actions.report import Report, report
from domain.actor import PUBLIC
from domain.refusal import Refused
from tests.desk import Desk, person
from tests.factories import NOW

WRITERS = {"postgresql": 200, "sqlite": 20}


@pytest.fixture
def desk(town, tmp_path) -> Desk:
    return Desk(town, tmp_path)


@pytest.fixture
def writers(desk) -> int:
    return WRITERS[desk.town.engine.dialect.name]


def at_once(n: int, act: Callable[[int], object]) -> list[object]:
    """What each of n threads got that began together; a refusal as its kind."""
    gate = threading.Barrier(n)

    def run(i: int) -> object:
        gate.wait()
        try:
            return act(i)
        except Refused as error:
            return error.kind

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(run, range(n)))


def test_of_all_who_saw_the_same_version_one_moves(desk, writers):
    case = desk.report()
    work, now = desk.work, desk.town.now
    found = at_once(
        writers,
        lambda i: (
            type(
                move(
                    work, person("intake", login=f"in-{i}"), case, "register", {"condition": "heap"}, version=1, now=now
                )
            ).__name__
        ),
    )
    assert Counter(found) == {"Moved": 1, "stale": writers - 1}
    assert desk.steps(case) == ["report", "register"]


def test_no_step_is_lost_when_all_write_again_until_they_succeed(desk, writers):
    cases = [desk.report() for _ in range(max(writers // 10, 2))]

    def write_on(i: int) -> int:
        case = cases[i % len(cases)]
        for attempt in range(10_000):
            version = desk.sheet(case)["version"]
            try:
                move(
                    desk.work, person("intake", login=f"in-{i}"), case, "note", {"text": f"note {i}"},
                    version=version, now=desk.town.now,
                )  # fmt: skip
            except Refused as error:
                if error.kind != "stale":
                    raise
            else:
                return attempt
        raise AssertionError("never came through")

    at_once(writers, write_on)
    notes = desk.town.rows("SELECT note FROM case_steps WHERE move = 'note'")
    assert sorted(note for (note,) in notes) == sorted(f"note {i}" for i in range(writers))
    for case in cases:
        assert desk.sheet(case)["version"] == len(desk.steps(case))


def test_one_form_sent_by_many_hands_makes_one_step_and_one_case(desk, writers):
    case = desk.report()
    work, now, intake = desk.work, desk.town.now, person("intake")
    found = at_once(
        writers,
        lambda _i: move(work, intake, case, "register", {"condition": "heap"}, version=1, now=now, once="one form"),
    )
    assert len(set(found)) == 1
    assert desk.steps(case) == ["report", "register"]
    made = at_once(
        writers, lambda _i: report(work, intake, Report("Litter", "x", "tel", area_code="A1", once="r"), now=now)
    )
    assert len(set(made)) == 1
    assert desk.town.rows("SELECT count(*) FROM cases") == [(2,)]


def test_of_two_cases_merged_into_each_other_at_once_one_stays(desk):
    for _ in range(5):
        pair = [desk.report(), desk.report()]
        numbers = [desk.sheet(case)["case_no"] for case in pair]

        def cross(i: int, pair: list[int] = pair, numbers: list[str] = numbers) -> object:
            fields = {"main": numbers[1 - i]}
            return type(
                move(desk.work, person("intake", login=f"in-{i}"), pair[i], "merge", fields, version=1, now=NOW)
            ).__name__

        assert sorted(map(str, at_once(2, cross))) == ["Moved", "illegal"]
        assert sorted(desk.sheet(case)["state"] for case in pair) == ["merged", "reported"]


def test_feeds_ratings_and_people_hold_up_nobody_for_ever(desk, town, writers):
    """All of them take several locks; in a wrong order two would wait for each other, and the database would end one."""
    town.take(*({"external_id": f"{n:03d}", "status": "closed", "closed_at": NOW - n} for n in range(12)))
    town.feed("ratings", "rating")
    ids = [case for (case,) in town.rows("SELECT id FROM cases ORDER BY id")]

    def act(i: int) -> object:
        case = ids[i % len(ids)]
        match i % 4:
            case 0:
                rows = (
                    {"external_id": f"{n:03d}", "status": "closed", "closed_at": NOW - n, "title": f"{i}"}
                    for n in range(12)
                )
                return town.take(*rows)
            case 1:
                return town.rate(*({"external_id": f"{i}-{n}", "case": f"{n:03d}"} for n in range(12)))
            case 2:
                return rate(desk.work, PUBLIC, case, "satisfied", f"{i}", now=NOW + i)
            case _:
                actor = person("officer", login=f"o-{i}")
                return move(
                    desk.work, actor, case, "note", {"text": "x"}, version=desk.sheet(case)["version"], now=NOW + i
                )

    found = at_once(min(writers, 60), act)
    assert len(found) == min(writers, 60)
    assert town.rows("SELECT count(*) FROM cases WHERE level IS NULL") == [(0,)]


def test_everyone_who_reports_at_once_gets_a_number_of_their_own(desk, writers):
    what = Report("Litter", "a heap", "walk", area_code="A1")
    found = at_once(writers, lambda _i: report(desk.work, person("officer"), what, now=desk.town.now))
    assert len({made.case_no for made in found}) == len({made.case_id for made in found}) == writers

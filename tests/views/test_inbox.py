"""Lists of work on both stores: whose turn it is, what a person has handled, what falls due, what stands in a stage."""

import pytest
import sqlalchemy as sa

from domain.actor import ROLES
from domain.lifecycle import STAGES
from domain.scope import Scope
from store.counts.reader import Counts
from store.schema_work import casework
from tests.actions.conftest import kept_town, town  # noqa: F401  the town of the actions
from tests.desk import CLEANING, DAY, HOUR, PARKS, PATH, POLICE, Desk, person
from tests.factories import IN_B1
from views.inbox import TABS, WorkQuery, inbox, open_departments, parse_work, stage_page, stages, worker
from views.reader import Reader
from views.work import changed_since, worksheet

WHOLE = Scope.site("x")
ALWAYS = {
    "note",
    "supervise",
    "whistle",
    "correct",
    "void",
    "ask_check",
    "merge",
    "refuse",
    "rework",
    "resume",
    "score",
}
"""Steps that nobody waits for: they can be made, but need not."""


@pytest.fixture
def desk(town, tmp_path) -> Desk:  # noqa: F811
    return Desk(town, tmp_path)


@pytest.fixture
def reader(town, tmp_path) -> Reader:  # noqa: F811
    return Reader(
        town.engine,
        Counts(town.engine, town.site.areas, tmp_path / "c"),
        town.site.areas,
        town.site.zone,
        lambda: town.now,
    )


def listed(reader, desk, role, tab="todo", of=CLEANING, **query):
    """(ids of the rows, counts) of a list."""
    page = inbox(reader, worker(person(role, of), 2), WHOLE, WorkQuery(tab=tab, **query), desk.town.now)
    return [row["id"] for row in page.rows], page.counts


def test_a_case_waits_for_who_makes_the_next_step_and_for_nobody_else(desk, reader):
    case = desk.report()
    for name, role in PATH:
        waiting = {each for each in ROLES if case in listed(reader, desk, each)[0]}
        assert role in waiting, name
        assert waiting <= {role, "verifier" if name == "check" else role}, name
        desk.do(case, name, role)
    assert not [role for role in ROLES if case in listed(reader, desk, role)[0]]


def test_whoever_has_something_to_do_may_do_something(desk, reader):
    """The lists hold themselves against the table of moves: nothing is listed that offers no step."""
    cases = [
        desk.walk(desk.report(), until=s)
        for s in ("reported", "registered", "dispatched", "handling", "verifying", "closed")
    ]
    cases.append(desk.report())
    desk.do(cases[-1], "ask_check", "intake")
    for role in ROLES:
        for case in listed(reader, desk, role)[0]:
            sheet = worksheet(reader, desk.work, person(role), WHOLE, case, desk.town.now)
            assert [p.move.name for p in sheet.permissions if p.allowed and p.move.name not in ALWAYS], (role, case)


def test_a_department_sees_its_own_cases(desk, reader):
    case = desk.walk(desk.report(), until="handling")
    assert listed(reader, desk, "handler", of=CLEANING)[0] == [case]
    assert listed(reader, desk, "handler", of=PARKS)[0] == []


def test_what_is_asked_for_waits_for_who_answers(desk, reader):
    case = desk.walk(desk.report(), until="handling")
    desk.do(case, "extend_ask", "handler")
    assert listed(reader, desk, "handler")[0] == []
    assert listed(reader, desk, "dispatcher")[0] == [case]
    desk.do(case, "extend_support", "dispatcher")
    assert listed(reader, desk, "shift_leader")[0] == [case]


def test_what_is_due_first_comes_first_and_what_has_ended_newest_first(desk, reader):
    later, sooner = desk.report(), desk.report()
    for case in (later, sooner):
        desk.do(case, "register", "intake", condition="bag" if case == later else "heap")
        desk.do(case, "dispatch", "dispatcher")
        desk.do(case, "accept", "handler")
    assert listed(reader, desk, "handler")[0] == [sooner, later]
    for case in (sooner, later):
        desk.walk(case, until="archived")
        desk.town.now += HOUR
    assert listed(reader, desk, "intake", "done")[0] == [later, sooner]


def test_handled_due_and_done_count_what_they_list(desk, reader):
    open_, ended = desk.walk(desk.report(), until="handling"), desk.walk(desk.report(), until="archived")
    rows, counts = listed(reader, desk, "intake", "mine")
    assert (rows, counts) == ([open_], {"todo": 0, "mine": 1, "due": 0, "done": 1})
    assert listed(reader, desk, "intake", "done")[0] == [ended]
    desk.town.now += 3 * HOUR + 30 * 60
    assert listed(reader, desk, "intake", "due")[0] == [open_], "in the last fifth of four hours"
    assert listed(reader, desk, "leader", "due")[0] == [open_], "a leader sees all of the area"
    assert listed(reader, desk, "viewer", "due")[0] == []


def test_another_area_is_in_no_list(desk, reader):
    home, abroad = desk.report(), desk.report(longitude=IN_B1[0], latitude=IN_B1[1])
    scope = Scope(frozenset({"A"}), "intake")
    page = inbox(reader, worker(person("intake"), 2), scope, WorkQuery(), desk.town.now)
    assert [row["id"] for row in page.rows] == [home]
    for stage in stages(reader, scope, WorkQuery(), desk.town.now):
        assert abroad not in [row["id"] for row in stage.rows]
    desk.do(abroad, "register", "intake")
    desk.do(abroad, "dispatch", "dispatcher", department=PARKS)
    assert PARKS not in open_departments(reader, scope)
    assert changed_since(reader, scope, abroad, 0) == ()
    assert worksheet(reader, desk.work, person("intake"), scope, abroad, desk.town.now) is None
    assert inbox(reader, worker(person("intake"), 2), Scope.nothing(), WorkQuery(), desk.town.now).counts["todo"] == 0


def test_a_search_finds_numbers_and_words_and_takes_signs_as_they_are(desk, reader):
    case, other = desk.report(title="100% of it"), desk.report()
    number = desk.sheet(case)["case_no"]
    assert listed(reader, desk, "intake", words=number)[0] == [case]
    assert listed(reader, desk, "intake", words="100%")[0] == [case]
    assert listed(reader, desk, "intake", words="%")[0] == [case]
    assert listed(reader, desk, "intake", words="' OR 1=1 --")[0] == []
    assert set(listed(reader, desk, "intake")[0]) == {case, other}


def test_the_stages_hold_every_open_case_once_and_the_ended_of_the_last_days(desk, reader):
    made = [
        desk.walk(desk.report(), until=s)
        for s in ("reported", "registered", "dispatched", "handling", "verifying", "closed")
    ]
    found = stages(reader, WHOLE, WorkQuery(), desk.town.now)
    assert [stage.label for stage in found] == list(STAGES)
    assert [[row["id"] for row in stage.rows] for stage in found] == [[case] for case in made]
    assert [stage.total for stage in found] == [1] * 6
    assert [s.total for s in stages(reader, WHOLE, WorkQuery(department=PARKS), desk.town.now)] == [0] * 6
    desk.town.now += 31 * DAY
    later = stages(reader, WHOLE, WorkQuery(), desk.town.now)
    assert later[-1].total == 0
    assert [stage.overdue for stage in later[:5]] == [1] * 5


def test_a_stage_can_be_read_whole(desk, reader):
    made = [desk.report() for _i in range(3)]
    page = stage_page(reader, WHOLE, WorkQuery(stage="Report", page=9), desk.town.now)
    assert [row["id"] for row in page.rows] == made
    assert (page.counts, page.page, page.pages) == ({"Report": 3}, 1, 1)


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("", ""), ("?tab=due&q=gate&page=3", "?tab=due&q=gate"), ("?tab=nonsense&page=-1&stage=x", ""),
        ("?area=A1&department=Parks&stage=Report", "?area=A1&department=Parks&stage=Report"), ("?page=99999999", ""),
    ],
)  # fmt: skip
def test_an_address_is_read_and_written(search, text):
    assert parse_work(search).text() == text
    assert parse_work(search).tab in TABS


def test_a_worksheet_says_what_may_be_done_and_with_what(desk, reader):
    case = desk.walk(desk.report(), until="registered")
    sheet = worksheet(reader, desk.work, person("dispatcher"), WHOLE, case, desk.town.now)
    assert {p.move.name for p in sheet.permissions if p.allowed} >= {"dispatch", "note"}
    assert sheet.options["department"] == ((CLEANING, CLEANING), (PARKS, PARKS), (POLICE, POLICE))
    assert [step["move"] for step in sheet.one.steps] == ["report", "register"]
    assert sheet.one.steps[1]["detail"]["condition"] == "heap"
    assert worksheet(reader, desk.work, person("auditor"), WHOLE, case, desk.town.now).permissions == ()


def test_similar_cases_are_offered_and_merged_ones_are_shown_at_both(desk, reader):
    main, child = desk.report(), desk.report()
    seen = worksheet(reader, desk.work, person("intake"), WHOLE, child, desk.town.now)
    assert [(how, case["id"]) for how, case in seen.related] == [("similar", main)]
    desk.do(child, "merge", "intake", main=desk.sheet(main)["case_no"])
    at_main = worksheet(reader, desk.work, person("intake"), WHOLE, main, desk.town.now)
    at_child = worksheet(reader, desk.work, person("intake"), WHOLE, child, desk.town.now)
    assert [(how, case["id"]) for how, case in at_main.related] == [("child", child)]
    assert ("main", main) in [(how, case["id"]) for how, case in at_child.related]


def test_what_changed_since_a_page_was_drawn_is_told(desk, reader):
    case = desk.report()
    seen = worksheet(reader, desk.work, person("intake"), WHOLE, case, desk.town.now).seen
    desk.do(case, "register", "intake")
    assert [step["move"] for step in changed_since(reader, WHOLE, case, seen)] == ["register"]


def test_a_limit_of_working_time_turns_yellow_by_the_calendar_and_stays_so_when_the_schedule_has_warned(desk, reader):
    """Two working days from Tuesday noon: the last fifth begins on Thursday; a fifth of the hours would begin before."""
    case = desk.report()
    desk.do(case, "register", "intake", condition="bag")
    desk.do(case, "dispatch", "dispatcher")
    desk.do(case, "accept", "handler")
    warn, due = desk.sheet(case)["warn_at"], desk.case(case)["due_at"]
    for moment, listed_then in ((warn - 1, []), (warn, [case]), (due + 1, [case])):
        desk.town.now = moment
        assert listed(reader, desk, "handler", "due")[0] == listed_then
    desk.town.now = warn + 1
    with desk.town.engine.begin() as connection:
        connection.execute(sa.update(casework).values(warn_at=None))
    assert listed(reader, desk, "handler", "due")[0] == [case]

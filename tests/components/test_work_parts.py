"""Working on a case as trees: steps and their fields, lists of work, the board, photos, the form of a new case."""

from zoneinfo import ZoneInfo

import pytest

from components.board import Column, board
from components.case_flags import counters, flags
from components.case_head import case_head
from components.case_photos import photos_card
from components.case_related import related_card
from components.case_tasks import tasks_card
from components.limits import limit_text
from components.movefields import field_input
from components.moves_card import moves_card
from components.new_case import new_case
from components.state_badge import state_badge
from components.step_details import detail_lines
from components.words import set_language
from components.worklist import Tab, pager, tabs, work_list
from domain.fields import FIELDS
from domain.guards import Facts, permissions
from domain.lifecycle import MOVES, STATES
from tests.components.test_case_parts import CASE
from tests.components.trees import found, texts
from tests.desk import person

HERE = ZoneInfo("Asia/Shanghai")
NOON = 1_795_492_800  # 2026-11-24 12:00 in Shanghai
HOUR = 3_600
SHEET = {"case_id": 7, "version": 3, "seen": 12}
OPTIONS = {
    "department": (("Roads", "Roads"),),
    "condition": (("open", "open · 2 h"),),
    "case": (("1-2-3", "1-2-3 · 9 m"),),
}
ROW = {
    "id": 7, "number": "429099-20261124-00117", "category": "Litter", "title": "Gate 3", "state": "handling", "status": "handling",
    "department": "Roads", "area_code": "A1", "due_at": NOON + HOUR, "reported_at": NOON - 9 * HOUR, "ended_at": None,
    "urgent": True, "supervised": None, "not_timed": None, "whistled": None, "asked": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("zh_CN")


def card(role, **facts):
    return moves_card(SHEET, permissions(Facts(**facts), person(role, "Roads")), OPTIONS)


def test_what_can_be_done_is_a_form_and_what_cannot_says_why():
    drawn = card("intake", state="verifying")
    assert {node["data-possible"] for node in found(drawn) if "data-possible" in node} == {"rework", "note"}
    (off,) = [node for node in found(drawn) if node.get("data-impossible") == "close"]
    assert "It must pass verification first." in texts(off["children"])
    assert "Not available" in texts(off["children"])
    assert not [form for form in found(drawn) if form.get("data-move") == "close"]


def test_the_first_step_forward_stands_out_and_steps_of_other_states_are_folded():
    drawn = card("intake", state="reported")
    (first,) = found(drawn, className="gh-button gh-primary")
    assert first["children"] == "Submit"
    (folded,) = found(drawn, className="gh-later")
    assert "close" in {node.get("data-impossible") for node in found(folded["children"])}


def test_a_form_knows_its_case_its_version_and_whether_it_can_be_undone():
    drawn = card("intake", state="reported")
    forms = {form["data-move"]: form for form in found(drawn) if "data-move" in form}
    assert (forms["register"]["data-case"], forms["register"]["data-version"], forms["register"]["data-seen"]) == (
        "7",
        "3",
        "12",
    )
    assert {name for name, form in forms.items() if "data-confirm" in form} == {n for n in forms if MOVES[n].final}
    assert "refuse" in forms


def test_a_role_without_steps_is_told_so():
    assert "Your role has nothing to do here." in texts(moves_card(SHEET, (), {}))


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "place"])
def test_every_field_has_a_label_and_something_to_fill_in(name):
    drawn = field_input(FIELDS[name], OPTIONS, required=True)
    assert texts(drawn)
    filled = [n for n in found(drawn) if n.get("name") == name or n.get("data-name") == name]
    assert filled
    optional = field_input(FIELDS[name], OPTIONS, required=False)
    assert "optional" in texts(optional)


def test_a_choice_begins_with_nothing_chosen():
    drawn = field_input(FIELDS["level"], {}, required=False)
    (select,) = found(drawn, name="level")
    assert [option["props"]["value"] for option in select["children"]] == ["", "satisfied", "basically", "dissatisfied"]


def test_similar_cases_fill_in_the_number_of_the_main_case():
    (pressed,) = found(field_input(FIELDS["main"], OPTIONS, required=True), className="gh-suggestion")
    assert (pressed["data-fill"], pressed["data-value"]) == ("main", "1-2-3")


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_badge(state):
    assert texts(state_badge(state))


def test_flags_and_counters_say_what_happened_and_nothing_else():
    sheet = {"urgent": True, "supervised": True, "asked": "hold", "reworks": 2, "returns": 0, "extensions": 1}
    assert [texts(flag) for flag in flags(sheet)] == ["Urgent", "Supervised", "A hold is asked for"]
    assert counters(sheet) == "rework 2 · extended 1"
    assert (flags({}), counters({})) == ([], "")


def test_the_head_of_a_worked_case_has_its_number_state_and_flags():
    said = texts(
        case_head(CASE, ["A"], NOON, sheet={"version": 2, "state": "checking", "case_no": "9-9-9", "urgent": True})
    )
    assert "9-9-9" in said
    assert "Being checked on site" in said
    assert "Urgent" in said


def test_a_row_of_work_is_one_link_with_a_shape_and_words_for_its_deadline():
    drawn = work_list([(ROW, "Grid 1"), ({**ROW, "id": 8, "due_at": NOON - HOUR}, "Grid 1")], NOON)
    links = [n for n in found(drawn) if "gh-work-row" in str(n.get("className"))]
    assert [link["href"] for link in links] == ["/cases/7", "/cases/8"]
    assert "Due soon 1 h left" in texts(links[0]["children"])
    assert "Overdue 1 h over" in texts(links[1]["children"])
    assert [n["className"] for n in found(drawn) if "gh-due-mark-" in str(n.get("className"))] == [
        "gh-due-mark gh-due-mark-near", "gh-due-mark gh-due-mark-late",
    ]  # fmt: skip


def test_tabs_are_links_with_counts_and_the_shown_one_is_marked():
    drawn = tabs([Tab("To do", 12, "/inbox", chosen=True), Tab("Done", 0, "/inbox?tab=done", chosen=False)])
    assert texts(drawn) == "To do 12 Done 0"
    assert [n["href"] for n in found(drawn, **{"aria-current": "page"})] == ["/inbox"]


def test_one_page_has_no_ways_and_more_have_those_that_lead_somewhere():
    assert pager(1, 1, str) is None
    hrefs = [[n["href"] for n in found(pager(page, 3, lambda n: f"?page={n}")) if "href" in n] for page in (1, 2, 3)]
    assert hrefs == [["?page=2"], ["?page=1", "?page=3"], ["?page=2"]]


def test_a_column_tells_how_many_it_does_not_show():
    drawn = board([Column("Report", 25, 2, [(ROW, "Grid 1")], "/board?stage=Report")], NOON)
    (column,) = found(drawn, **{"data-total": "25"})
    assert texts(column["children"]).startswith("Report 25 2 overdue")
    assert texts(drawn).endswith("24 more")
    (more,) = [n for n in found(drawn) if "gh-board-more" in str(n.get("className"))]
    assert more["href"] == "/board?stage=Report"


def test_an_empty_column_says_so():
    assert "None." in texts(board([Column("Report", 0, 0, [], "/board")], NOON))


def test_photos_before_and_after_stand_side_by_side():
    def photo(number, kind):
        return {"id": number, "kind": kind, "made_at": NOON, "width": 4, "height": 3}

    drawn = photos_card([photo(1, "before"), photo(2, "evidence")], HERE)
    (pair,) = found(drawn, className="gh-photo-pair")
    assert [n["src"] for n in found(drawn) if "src" in n] == ["/photos/1", "/photos/2"]
    assert "No photo after handling yet" in texts(pair["children"])
    assert all(n["alt"] for n in found(drawn) if "src" in n)
    assert texts(photos_card([], HERE)).endswith("None.")


def test_related_cases_say_how_they_belong():
    other = {
        "id": 3,
        "number": "1-2-3",
        "category": "Litter",
        "status": "handling",
        "reported_at": CASE["reported_at"] + 540,
        "metres": 31.2,
    }
    said = texts(related_card(CASE, [("similar", other), ("main", other), ("child", other)]))
    assert "Similar · 31 m · 9 min later" in said
    assert "Main case" in said
    assert "Merged into this" in said
    assert related_card(CASE, []) is None


def test_summoned_departments_say_how_far_they_are():
    task = {"department": "Roads", "due_at": NOON + HOUR, "arrived_at": None, "done_at": None, "score": None}
    steps = [
        (task, "to be on site by 11-24 13:00"), (task | {"due_at": NOON - HOUR}, "was to be on site by 11-24 11:00"),
        (task | {"arrived_at": NOON}, "on site since 11-24 12:00"), (task | {"arrived_at": 1, "done_at": NOON}, "finished 11-24 12:00"),
        (task | {"arrived_at": 1, "done_at": NOON, "score": 4}, "finished 11-24 12:00, score 4"),
    ]  # fmt: skip
    for given, said in steps:
        assert texts(tasks_card([given], NOON, HERE)) == f"Summoned departments Roads {said}"
    assert tasks_card([], NOON, HERE) is None


def test_a_step_tells_what_is_on_record_of_it():
    detail = {
        "condition": "open", "department": "Roads", "handler": "Li", "passed": True, "finding": "exists", "until": NOON,
        "due_from": None, "due_to": NOON, "departments": ["Parks", "Police"], "category_from": "a", "category_to": "b",
    }  # fmt: skip
    assert detail_lines(detail, HERE) == [
        "condition “open”", "to Roads", "in charge: Li", "Parks, Police", "a → b", "What was found: The problem exists",
        "Verification: Passed", "until 2026-11-24 12:00", "due 2026-11-24 12:00",
    ]  # fmt: skip
    assert detail_lines({"due_from": NOON, "due_to": NOON + HOUR}, HERE) == ["due 2026-11-24 12:00 → 2026-11-24 13:00"]
    assert detail_lines({}, HERE) == []


def test_a_limit_is_said_in_its_own_unit():
    assert [limit_text(2, "urgent_hours"), limit_text(0.5, "work_days")] == ["2 urgent hours", "0.5 working days"]


def test_a_new_case_asks_for_photos_of_both_when_it_was_put_right_on_the_spot():
    words = {"may_handle": True, "scheme": "light"}
    usual = new_case(
        [("Litter", "Litter")], [("A", "A")], [("Telephone", "Telephone")], (30.0, 114.0), self_handled=False, **words
    )
    spot = new_case(
        [("Litter", "Litter")], [("A", "A")], [("Telephone", "Telephone")], (30.0, 114.0), self_handled=True, **words
    )
    names = [
        {n.get("data-name") or n.get("name") for n in found(form) if n.get("data-name") or n.get("name")}
        for form in (usual, spot)
    ]
    assert names[0] == {"category", "text", "title", "photos", "name", "phone", "channel", "order_no"}
    assert names[1] == {"category", "text", "title", "before", "after"}
    needed = [n["data-name"] for n in found(spot) if n.get("data-required") and n.get("data-label")]
    assert needed == ["before", "after"]


def test_a_step_that_may_be_made_so_often_says_how_often_it_was():
    sheet = SHEET | {"returns": 1, "most_returns": 2, "extensions": 0, "most_extensions": 2}
    facts = Facts(state="handling", department="Roads", returns=1, limited=True)
    said = texts(moves_card(sheet, permissions(facts, person("handler", "Roads")), OPTIONS))
    assert "returned 1 of 2" in said
    assert "extended 0 of 2" in said

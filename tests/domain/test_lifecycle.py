"""The life of a case against the handbook's table (§2, transcribed here by hand) and a second list of who may do what."""

import itertools

import pytest

from domain.actor import ADMINISTRATORS
from domain.cases import STATUSES
from domain.fields import FIELDS
from domain.guards import GUARDS, WRONG_ROLE, WRONG_STATE, Facts, permission, permissions
from domain.lifecycle import FINAL, MOVES, NEW, OPEN, PENDING, STAGES, STATE_OF, STATES, STATUS_OF, TABLE
from scripts import lifecycle
from tests.desk import EVERYONE, person

CHINESE = {
    "–": NEW, "待受理": "reported", "核实中": "checking", "待派遣": "registered", "待签收": "dispatched",
    "处置中": "handling", "挂账": "suspended", "待核查": "verifying", "已结案": "closed", "已归档": "archived",
    "不予受理": "refused", "作废": "void", "已并案": "merged", "自处置办结": "self_handled",
    "待确认": "detected",
}  # fmt: skip
PEOPLE = {
    "网格员": "officer", "居民": "public", "12345": "intake", "传感器": "machine", "受理员": "intake", "值班长": "shift_leader",
    "派遣员": "dispatcher", "部门": "handler", "采集员": "verifier", "回访员": "return_visitor", "时钟": "system",
}  # fmt: skip
HANDBOOK = """
– → 待受理 | 网格员 居民 12345 传感器 | text place category
– → 自处置办结 | 网格员 | before after
待受理 → 核实中 | 受理员 |
核实中 → 待受理 | 采集员 | finding photos
待受理 → 不予受理 | 受理员 | reason
待受理 → 作废 | 值班长 | reason
待受理 → 已并案 | 受理员 | main
待受理 → 待派遣 | 受理员 | condition
待派遣 → 待签收 | 派遣员 | department
待签收 → 处置中 | 部门 | handler
待签收 → 待派遣 | 部门 | reason
处置中 → 待派遣 | 部门 | reason
处置中 → 待核查 | 部门 | result after
待核查 → 处置中 | 受理员 派遣员 | reason
待核查 → 已结案 | 受理员 | close_condition
处置中 → 挂账 | 派遣员 |
挂账 → 处置中 | 时钟 |
已结案 → 已归档 | 回访员 | reached
已结案 → 待派遣 | 回访员 | reason
"""
"""From → to | who (among others) | what must be given. 重办 begins again with the dispatch."""

OPEN_STATES = "reported checking registered dispatched handling suspended verifying"
WHO = """
report | - | officer intake shift_leader public machine
self_handle | - | officer
ask_check | reported | intake shift_leader
answer_check | checking | verifier officer
correct | reported | intake shift_leader
refuse | reported | intake
void | reported | shift_leader
merge | reported | intake
register | reported | intake
dispatch | registered | dispatcher
arbitrate | registered | shift_leader
accept | dispatched | handler
return | dispatched handling | handler
finish | handling | handler
rework | verifying | intake dispatcher
check | verifying | verifier
close | verifying | intake
suspend_ask | handling | handler
suspend_approve | handling | dispatcher
suspend_refuse | handling | dispatcher
resume | suspended | handler dispatcher system
extend_ask | handling | handler
extend_support | handling | dispatcher
extend_approve | handling | shift_leader
extend_refuse | handling | dispatcher shift_leader
whistle | registered dispatched handling | shift_leader leader
arrive | registered dispatched handling | handler
task_done | registered dispatched handling | handler
score | closed archived | shift_leader leader
supervise | OPEN | shift_leader leader
note | OPEN closed | officer intake shift_leader dispatcher handler verifier return_visitor leader
appeal | closed | handler
appeal_grant | closed | shift_leader
appeal_refuse | closed | shift_leader
archive | closed | return_visitor
reopen | closed archived | return_visitor system
confirm | detected | intake shift_leader dispatcher
dismiss | detected | intake shift_leader dispatcher
""".replace("OPEN", OPEN_STATES)
"""Move | states | roles."""

BACK = {"return", "rework", "reopen"}
REASONED = BACK | {
    "refuse",
    "void",
    "dismiss",
    "arbitrate",
    "suspend_refuse",
    "extend_refuse",
    "appeal_grant",
    "appeal_refuse",
    "supervise",
}


LATER = {("archived", "registered"), ("detected", "registered"), ("detected", "void")}
"""Beyond the handbook: a low rating within its days opens a case that was archived meanwhile (people cannot); what a machine has
seen is confirmed or dismissed by a person."""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def edges() -> dict[tuple[str, str], list]:
    """(from, to) → the moves that lead there, where the state changes."""
    found: dict[tuple[str, str], list] = {}
    for move in TABLE:
        for state in move.states:
            if move.to not in (None, state):
                found.setdefault((state, move.to), []).append(move)
    return found


HANDBOOK_EDGES = {tuple(CHINESE[name.strip()] for name in row[0].split("→")): row for row in _rows(HANDBOOK)}


def test_the_table_has_the_ways_of_the_handbook_and_no_other():
    assert set(edges()) - LATER == set(HANDBOOK_EDGES)


@pytest.mark.parametrize("edge", HANDBOOK_EDGES, ids="→".join)
def test_a_way_of_the_handbook_has_its_people_and_asks_for_what_it_requires(edge):
    _, people, required = HANDBOOK_EDGES[edge]
    moves = edges()[edge]
    assert {PEOPLE[name] for name in people.split()} <= {role for move in moves for role in move.roles}
    for move in moves:
        if move.name != "arbitrate":  # a dispatch with a reason
            assert set(required.split()) <= set(move.asks), move.name


WHO_ROWS = {name: (states.replace("-", "").split() or [NEW], roles.split()) for name, states, roles in _rows(WHO)}
ANYTHING = {
    "department": "Cleaning", "returns": 1, "limited": True, "closed_late": True, "unscored": 1,
}  # fmt: skip
NEEDS = {
    "close": {"passed": True}, "suspend_approve": {"asked": "hold"}, "suspend_refuse": {"asked": "hold"},
    "extend_support": {"asked": "extension"}, "extend_approve": {"asked": "supported"},
    "extend_refuse": {"asked": "supported"}, "arrive": {"tasks": (("Cleaning", False),)},
    "task_done": {"tasks": (("Cleaning", True),)}, "appeal_grant": {"asked": "appeal"},
    "appeal_refuse": {"asked": "appeal"},
}  # fmt: skip
"""Facts that let every guard of a move pass."""


def test_every_state_move_and_role_is_allowed_exactly_where_the_list_says():
    assert set(WHO_ROWS) == set(MOVES)
    for state, name, role in itertools.product((NEW, *STATES), MOVES, EVERYONE):
        facts = Facts(state=state, **(ANYTHING | NEEDS.get(name, {})))
        found = permission(MOVES[name], facts, person(role))
        states, roles = WHO_ROWS[name]
        locked_up = (state, name, role) == ("archived", "reopen", "return_visitor")
        assert found.allowed == (state in states and role in roles and not locked_up), (state, name, role, found.why)
        if not found.allowed and not locked_up:
            assert found.why == (WRONG_STATE if role in roles else WRONG_ROLE), (state, name, role)


def test_every_state_is_reached_and_none_is_a_trap():
    following = {state: {b for a, b in edges() if a == state} for state in (NEW, *STATES)}

    def reached(state: str) -> set[str]:
        found, todo = set(), [state]
        while todo:
            new = following[todo.pop()] - found
            found |= new
            todo += new
        return found

    assert reached(NEW) | PENDING == set(STATES)  # what a machine has seen comes from a feed
    for state in STATES:
        assert (not following[state]) == (state in FINAL), state
        assert state in FINAL or reached(state) & {*FINAL, "archived"}, state


def test_the_fine_states_stand_for_the_imported_ones():
    assert {state: status for state, status in STATUS_OF.items() if state != status} == {
        "checking": "reported", "archived": "closed",
    }  # fmt: skip
    assert set(STATUS_OF) == set(CHINESE.values()) - {NEW} == set(STATES)
    assert set(STATUS_OF.values()) <= set(STATUSES) == set(STATE_OF)
    assert STATE_OF["accepted"] == "handling"
    assert all(STATUS_OF[state] == status for status, state in STATE_OF.items() if status != "accepted")
    assert OPEN | FINAL | PENDING | {"closed", "archived"} == set(STATES)
    assert not OPEN & PENDING
    assert sorted(itertools.chain(*STAGES.values())) == sorted(STATES)


def test_whatever_leads_back_or_hurts_asks_for_a_reason():
    assert {move.name for move in TABLE if move.back} == BACK
    assert {name for name, move in MOVES.items() if "reason" in move.asks} >= REASONED


def test_everything_that_a_move_names_exists():
    for move in TABLE:
        assert {*move.asks, *move.may} <= set(FIELDS), move.name
        assert set(move.guards) <= set(GUARDS), move.name
        assert {*move.states, move.to} - {None, NEW} <= set(STATES), move.name
        assert set(move.roles) <= set(EVERYONE), move.name
    assert {name for move in TABLE for name in move.guards} == set(GUARDS)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS | {"viewer"}))
def test_administrators_and_viewers_move_nothing(role):
    assert permissions(Facts(state="reported"), person(role)) == ()


SAYS_NO = {
    "own_department": ("accept", {"state": "dispatched", "department": "Parks"}),
    "nothing_asked": ("finish", {"asked": "hold"}),
    "below_return_limit": ("return", {"returns": 2}),
    "was_returned": ("arbitrate", {"state": "registered", "returns": 0}),
    "not_bound": ("return", {"bound": True}),
    "tasks_done": ("finish", {"tasks": (("Parks", True),)}),
    "not_the_handler": ("check", {"state": "verifying", "handler": "verifier"}),
    "not_checked": ("check", {"state": "verifying", "passed": False}),
    "check_passed": ("close", {"state": "verifying", "passed": False}),
    "never_suspended": ("suspend_ask", {"held": True}),
    "hold_asked": ("suspend_approve", {}),
    "has_limit": ("extend_ask", {"limited": False}),
    "not_overdue": ("extend_ask", {"overdue": True}),
    "extensions_left": ("extend_ask", {"extensions": 2}),
    "extension_asked": ("extend_support", {"asked": "hold"}),
    "extension_supported": ("extend_approve", {"asked": "extension"}),
    "extension_open": ("extend_refuse", {}),
    "task_open": ("arrive", {"tasks": (("Parks", False),)}),
    "not_arrived": ("arrive", {"tasks": (("Cleaning", True),)}),
    "arrived": ("task_done", {"tasks": (("Cleaning", False),)}),
    "unscored_task": ("score", {"state": "closed", "unscored": 0}),
    "not_supervised": ("supervise", {"supervised": True}),
    "closed_late": ("appeal", {"state": "closed", "closed_late": False}),
    "not_archived": ("reopen", {"state": "archived"}),
    "never_appealed": ("appeal", {"state": "closed", "appealed": True}),
    "appeal_open": ("appeal_grant", {"state": "closed"}),
}  # fmt: skip


def test_every_guard_says_no_with_its_own_sentence():
    assert set(SAYS_NO) == set(GUARDS)
    for guard, (name, facts) in SAYS_NO.items():
        known = Facts(**({"state": "handling"} | ANYTHING | NEEDS.get(name, {}) | facts | _unasked(name, facts)))
        found = permission(MOVES[name], known, person(MOVES[name].roles[0]))
        assert (found.allowed, found.why) == (False, GUARDS[guard][1]), guard


def _unasked(name: str, facts: dict) -> dict:
    return (
        {}
        if "asked" in facts
        else {"asked": ""}
        if name in {"suspend_approve", "extend_refuse", "appeal_grant"}
        else {}
    )


def test_the_page_on_the_life_of_a_case_is_what_the_table_says():
    assert lifecycle.FILE.read_text(encoding="utf-8") == lifecycle.document(), "run python scripts/lifecycle.py"

"""The life of a case: one table (state × move → state, role, required fields) that drives rules, buttons and documents.

Structure of the domain handbook §2 (practice of 数字城管). 核实 is before 立案, 核查 before 结案. Texts are message ids.
"""

from dataclasses import dataclass

from domain.measures import N_

NEW = ""
"""The state before the first step."""

STATES: dict[str, str] = {
    "reported": N_("Waiting for intake"), "checking": N_("Being checked on site"), "registered": N_("Waiting for dispatch"),
    "dispatched": N_("Waiting for acceptance"), "handling": N_("Being handled"), "suspended": N_("On hold"),
    "verifying": N_("Waiting for verification"), "closed": N_("Closed"), "archived": N_("Archived"),
    "refused": N_("Not taken up"), "void": N_("Void"), "merged": N_("Merged"), "self_handled": N_("Handled on the spot"),
    "detected": N_("Waiting for confirmation"),
}  # fmt: skip
"""待受理 核实中 待派遣 待签收 处置中 挂账 待核查 已结案 已归档 不予受理 作废 已并案 自处置办结 待确认."""

OPEN = frozenset({"reported", "checking", "registered", "dispatched", "handling", "suspended", "verifying"})
PENDING = frozenset({"detected"})
"""Not yet a case of anybody's: seen by a machine, in no figure, on no board, until a person confirms or dismisses it."""

FINAL = frozenset({"refused", "void", "merged", "self_handled"})
"""States in which nothing follows any more."""

STATUS_OF: dict[str, str] = {state: state for state in STATES} | {"checking": "reported", "archived": "closed"}
"""State → the imported vocabulary (domain.cases.STATUSES), by which figures count."""

STATE_OF: dict[str, str] = {status: status for status in STATUS_OF.values()} | {"accepted": "handling"}
"""Imported status → the state in which a case is taken into work here."""

STAGES: dict[str, tuple[str, ...]] = {
    N_("Report"): ("detected", "reported", "checking"), N_("Registration"): ("registered",), N_("Dispatch"): ("dispatched",),
    N_("Handling"): ("handling", "suspended"), N_("Verification"): ("verifying",),
    N_("End"): ("closed", "archived", "refused", "void", "merged", "self_handled"),
}  # fmt: skip
"""上报 立案 派遣 处置 核查 结案: the six outward stages."""


@dataclass(frozen=True)
class Move:
    """One row of the table. to: None = the state stays. asks: fields that must be filled in (domain.fields); may: fields
    that may. guards: names in domain.guards, tried in order. back: it leads back, so a reason is mandatory.
    """

    name: str
    label: str
    states: tuple[str, ...]
    to: str | None
    roles: tuple[str, ...]
    asks: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    back: bool = False
    final: bool = False


_WORKERS = ("officer", "intake", "shift_leader", "dispatcher", "handler", "verifier", "return_visitor", "leader")
_CONFIRMERS = ("intake", "shift_leader", "dispatcher")
_ALL_OPEN = ("reported", "checking", "registered", "dispatched", "handling", "suspended", "verifying")

TABLE: tuple[Move, ...] = (
    Move("report", N_("Report"), (NEW,), "reported", ("officer", "intake", "shift_leader", "public", "machine"),
         ("category", "text", "place"), ("photos", "order_no", "title")),
    Move("self_handle", N_("Report as handled on the spot"), (NEW,), "self_handled", ("officer",),
         ("category", "text", "place", "before", "after"), ("title",)),
    Move("confirm", N_("Confirm"), ("detected",), "registered", _CONFIRMERS, ("condition",), ("note",)),
    Move("dismiss", N_("Dismiss"), ("detected",), "void", _CONFIRMERS, ("reason",), final=True),
    Move("register", N_("Register"), ("reported",), "registered", ("intake",), ("condition",), ("note",)),
    Move("ask_check", N_("Ask for a check on site"), ("reported",), "checking", ("intake", "shift_leader"), (), ("note",)),
    Move("answer_check", N_("Answer the check"), ("checking",), "reported", ("verifier", "officer"),
         ("finding", "photos"), ("note",)),
    Move("correct", N_("Correct the category"), ("reported",), None, ("intake", "shift_leader"), ("category", "reason")),
    Move("refuse", N_("Do not take up"), ("reported",), "refused", ("intake",), ("reason",), final=True),
    Move("void", N_("Void"), ("reported",), "void", ("shift_leader",), ("reason",), final=True),
    Move("merge", N_("Merge into another case"), ("reported",), "merged", ("intake",), ("main",), ("note",), final=True),
    Move("dispatch", N_("Dispatch"), ("registered",), "dispatched", ("dispatcher",), ("department",), ("note",),
         ("below_return_limit",)),
    Move("arbitrate", N_("Decide who is responsible"), ("registered",), "dispatched", ("shift_leader",),
         ("department", "reason"), (), ("was_returned",)),
    Move("accept", N_("Accept"), ("dispatched",), "handling", ("handler",), ("handler",), ("note",), ("own_department",)),
    Move("finish", N_("Submit the result"), ("handling",), "verifying", ("handler",), ("result", "after"), (),
         ("own_department", "nothing_asked", "tasks_done")),
    Move("return", N_("Return to dispatch"), ("dispatched", "handling"), "registered", ("handler",), ("reason",), (),
         ("own_department", "nothing_asked", "not_bound", "below_return_limit"), back=True),
    Move("check", N_("Record the verification"), ("verifying",), None, ("verifier",), ("passed",), ("photos", "note"),
         ("not_the_handler", "not_checked")),
    Move("close", N_("Close the case"), ("verifying",), "closed", ("intake",), ("close_condition",), ("note",),
         ("check_passed", "not_the_handler", "tasks_done")),
    Move("rework", N_("Send back for rework"), ("verifying",), "handling", ("intake", "dispatcher"), ("reason",), back=True),
    Move("suspend_ask", N_("Ask for a hold"), ("handling",), None, ("handler",), ("until", "reason"), (),
         ("own_department", "nothing_asked", "never_suspended")),
    Move("suspend_approve", N_("Grant the hold"), ("handling",), "suspended", ("dispatcher",), (), ("note",), ("hold_asked",)),
    Move("suspend_refuse", N_("Refuse the hold"), ("handling",), None, ("dispatcher",), ("reason",), (), ("hold_asked",)),
    Move("resume", N_("End the hold"), ("suspended",), "handling", ("handler", "dispatcher", "system"), (), ("note",),
         ("own_department",)),
    Move("extend_ask", N_("Ask for more time"), ("handling",), None, ("handler",), ("reason",), (),
         ("own_department", "nothing_asked", "has_limit", "not_overdue", "extensions_left")),
    Move("extend_support", N_("Support the extension"), ("handling",), None, ("dispatcher",), (), ("note",), ("extension_asked",)),
    Move("extend_approve", N_("Grant the extension"), ("handling",), None, ("shift_leader",), (), ("note",), ("extension_supported",)),
    Move("extend_refuse", N_("Refuse the extension"), ("handling",), None, ("dispatcher", "shift_leader"), ("reason",), (),
         ("extension_open",)),
    Move("whistle", N_("Summon departments"), ("registered", "dispatched", "handling"), None, ("shift_leader", "leader"),
         ("departments", "hours", "reason")),
    Move("arrive", N_("Sign in on site"), ("registered", "dispatched", "handling"), None, ("handler",), (), ("note", "photos"),
         ("task_open", "not_arrived")),
    Move("task_done", N_("Finish the summoned task"), ("registered", "dispatched", "handling"), None, ("handler",), ("result",),
         ("photos",), ("task_open", "arrived")),
    Move("score", N_("Score a summoned department"), ("closed", "archived"), None, ("shift_leader", "leader"),
         ("task", "score"), ("note",), ("unscored_task",)),
    Move("appeal", N_("Appeal against being overdue"), ("closed",), None, ("handler",), ("reason",), (),
         ("own_department", "closed_late", "never_appealed")),
    Move("appeal_grant", N_("Grant the appeal"), ("closed",), None, ("shift_leader",), ("reason",), (), ("appeal_open",)),
    Move("appeal_refuse", N_("Refuse the appeal"), ("closed",), None, ("shift_leader",), ("reason",), (), ("appeal_open",)),
    Move("archive", N_("Visit and archive"), ("closed",), "archived", ("return_visitor",), ("reached",),
         ("contacted", "resolved", "level", "note"), ("nothing_asked",)),
    Move("reopen", N_("Visit and handle again"), ("closed", "archived"), "registered", ("return_visitor", "system"),
         ("reason",), ("reached", "contacted", "resolved", "level"), ("nothing_asked", "not_archived"), back=True),
    Move("supervise", N_("Supervise"), _ALL_OPEN, None, ("shift_leader", "leader"), ("reason",), (), ("not_supervised",)),
    Move("note", N_("Add a note"), (*_ALL_OPEN, "closed"), None, _WORKERS, ("text",), ("photos",)),
)  # fmt: skip

MOVES: dict[str, Move] = {move.name: move for move in TABLE}


def moves_from(state: str) -> tuple[Move, ...]:
    """The moves that start in a state, in the order of the table."""
    return tuple(move for move in TABLE if state in move.states)

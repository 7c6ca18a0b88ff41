"""The vocabulary of cases: states, kinds, satisfaction levels.

States follow the lifecycle of digital urban management (数字城管); the Chinese terms are in the message catalogue.
"""

KINDS = ("problem", "hazard")
"""问题 and 隐患. A case is exactly one of them, so that no case counts twice."""

STATUSES = (
    "registered", "reported", "dispatched", "accepted", "handling", "suspended", "verifying",
    "closed", "refused", "void", "merged", "self_handled", "detected",
)  # fmt: skip

ENDED = frozenset({"closed", "refused", "self_handled"})
"""States after which a case is no longer open: 已结案, 不予受理, 自处置办结."""

CLOSED = frozenset({"closed", "self_handled"})
"""Ended with the matter settled. A refusal (不予受理) ends a case but closes nothing."""

DETECTED = "detected"
"""待确认: a machine has seen something. Nobody has confirmed it, so it is no case of anybody's yet."""

TAKEN_OUT = frozenset({"void", "merged"})
"""作废 and 已并案: ended without counting; so are test cases, which are stored as void."""

NOT_COUNTED = TAKEN_OUT | {DETECTED}
"""What counts in no figure. A detection counts once a person confirms it, from when it was seen."""

LEVELS = ("satisfied", "basically", "dissatisfied")
"""满意, 基本满意, 不满意."""

HERE, NO_PLACE, OUTSIDE, PINNED = range(4)
"""How a case is placed in its area: on the map; without coordinates; outside every boundary; on a known default pin."""
PLACINGS = ("here", "no_place", "outside", "pin")

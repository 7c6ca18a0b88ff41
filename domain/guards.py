"""What must be true of a case and of who moves it, beyond state and role; each with the sentence that says why not."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.actor import Actor
from domain.lifecycle import MOVES, TABLE, Move
from domain.measures import N_

MOST_EXTENSIONS = 2
"""延期 at most twice, +1 original limit each (domain handbook §2)."""


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a case. Times are epoch seconds in UTC.

    department: responsible now. returned_by: who returned it last. bound: an arbiter decided. asked: what waits for an
    answer (hold | extension | supported | appeal | ""). passed: the verification of this round (None = not yet).
    tasks: departments summoned whose task is open → whether they have arrived. unscored: tasks done and not scored.
    """

    state: str
    department: str = ""
    handler: str = ""
    returns: int = 0
    most_returns: int = 2
    returned_by: str = ""
    bound: bool = False
    asked: str = ""
    passed: bool | None = None
    held: bool = False
    extensions: int = 0
    limited: bool = False
    overdue: bool = False
    closed_late: bool = False
    appealed: bool = False
    supervised: bool = False
    tasks: tuple[tuple[str, bool], ...] = ()
    unscored: int = 0


@dataclass(frozen=True)
class Permission:
    """Whether a move may be made, and if not, why: a message id."""

    move: Move
    allowed: bool
    why: str = ""


Guard = Callable[[Facts, Actor], bool]


def _own(facts: Facts, actor: Actor) -> bool:
    return actor.role != "handler" or (bool(facts.department) and actor.department == facts.department)


def _task(facts: Facts, actor: Actor) -> bool | None:
    """Whether the task of the actor's department has arrived; None when it has no open task."""
    return dict(facts.tasks).get(actor.department)


GUARDS: dict[str, tuple[Guard, str]] = {
    "own_department": (_own, N_("Only the responsible department can do this.")),
    "nothing_asked": (lambda f, a: not f.asked or a.role == "system", N_("A request waits for its answer first.")),
    "below_return_limit": (lambda f, _a: f.returns < f.most_returns, N_("It was returned as often as is allowed; the shift leader decides.")),
    "was_returned": (lambda f, _a: f.returns > 0, N_("Only a case that was returned needs a decision.")),
    "not_bound": (lambda f, _a: not f.bound, N_("The shift leader has decided who is responsible; it cannot be returned again.")),
    "tasks_done": (lambda f, _a: not f.tasks, N_("Summoned departments have not finished.")),
    "not_the_handler": (lambda f, a: a.login != f.handler, N_("Who handled it cannot verify or close it.")),
    "not_checked": (lambda f, _a: f.passed is None, N_("It was verified already: close it, or send it back.")),
    "check_passed": (lambda f, _a: f.passed is True, N_("It must pass verification first.")),
    "never_suspended": (lambda f, _a: not f.held, N_("A case can be on hold once only.")),
    "hold_asked": (lambda f, _a: f.asked == "hold", N_("No hold was asked for.")),
    "has_limit": (lambda f, _a: f.limited, N_("Its source has set its deadline; it cannot be extended here.")),
    "not_overdue": (lambda f, _a: not f.overdue, N_("It is overdue; more time must be asked for before.")),
    "extensions_left": (lambda f, _a: f.extensions < MOST_EXTENSIONS, N_("It was extended twice already.")),
    "extension_asked": (lambda f, _a: f.asked == "extension", N_("No extension waits for support.")),
    "extension_supported": (lambda f, _a: f.asked == "supported", N_("The dispatcher must support the extension first.")),
    "extension_open": (lambda f, _a: f.asked in {"extension", "supported"}, N_("No extension was asked for.")),
    "task_open": (lambda f, a: _task(f, a) is not None, N_("Your department was not summoned, or has finished.")),
    "not_arrived": (lambda f, a: _task(f, a) is False, N_("Your department has signed in already.")),
    "arrived": (lambda f, a: _task(f, a) is True, N_("Sign in on site first.")),
    "unscored_task": (lambda f, _a: f.unscored > 0, N_("No summoned department waits for a score.")),
    "not_supervised": (lambda f, _a: not f.supervised, N_("It is supervised already.")),
    "closed_late": (lambda f, _a: f.closed_late, N_("It was closed in time; there is nothing to appeal against.")),
    "never_appealed": (lambda f, _a: not f.appealed, N_("An appeal can be made once only.")),
    "not_archived": (lambda f, a: f.state != "archived" or a.role == "system", N_("It is archived; only a low rating by its reporter opens it again.")),
    "appeal_open": (lambda f, _a: f.asked == "appeal", N_("No appeal waits for an answer.")),
}  # fmt: skip

WRONG_STATE = N_("This is not possible in the present state.")
WRONG_ROLE = N_("This is for another role.")


def permission(move: Move, facts: Facts, actor: Actor) -> Permission:
    """Whether the actor may make a move now; the first reason why not, role before state before guards."""
    if actor.role not in move.roles:
        return Permission(move, allowed=False, why=WRONG_ROLE)
    if facts.state not in move.states:
        return Permission(move, allowed=False, why=WRONG_STATE)
    for name in move.guards:
        holds, why = GUARDS[name]
        if not holds(facts, actor):
            return Permission(move, allowed=False, why=why)
    return Permission(move, allowed=True)


def permissions(facts: Facts, actor: Actor) -> tuple[Permission, ...]:
    """What the actor's role can do with a case at all, and what of it now, in the order of the table."""
    mine = (move for move in TABLE if actor.role in move.roles and move.states != ("",))
    return tuple(permission(move, facts, actor) for move in mine)


def is_known(name: str) -> bool:
    """Whether there is a move of this name that moves a case which is there."""
    return name in MOVES and MOVES[name].states != ("",)

"""Writes docs/lifecycle.md from the one table (domain/lifecycle.py); a test holds that it is up to date."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from components.words import catalogue
from domain.fields import FIELDS
from domain.guards import GUARDS
from domain.lifecycle import FINAL, STAGES, STATES, STATUS_OF, TABLE, Move

FILE = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"
CHINESE = catalogue("zh_CN")
HEAD = """# The life of a case

Written by `python scripts/lifecycle.py` from the table in `domain/lifecycle.py`, which also drives the rules
(`actions/move.py`) and the buttons. Change the table, then run it again.

## States

`status` is the word by which lists and figures know a state; feeds bring the same words (`accepted` stands for `handling`).
`detected` is brought by a feed alone: a machine has seen something. It stands on no board and in no figure until a person confirms it;
then it counts from the time at which it was seen.
"""
MIDDLE = """
## Ways

```mermaid
stateDiagram-v2
"""
MOVES = """```

## Moves

Fields in brackets may be left empty. A guard is tried after role and state; its sentence is what people read when it says no.

| move | from → to | roles | fields | guards |
|---|---|---|---|---|
"""
GUARD_HEAD = """
## Guards

| guard | what it says when it does not hold |
|---|---|
"""
CLOCK = """
## What the schedule does

Each minute (`actions/keep_time.py`), in steps of its own that move nothing: `warn` when a fifth of the limit is left,
`escalate` at twice and at three times the limit, one level up each (社区 → 街道 → 区), with the reason in the step. A hold
ends by `resume` at the agreed moment. `recalendar` says from where to where a deadline moved when the calendar of workdays
was changed; `told` keeps what a feed says of a case that is worked here, and undoes nothing.
"""


def both(text: str) -> str:
    """A text in English, with its Chinese."""
    return f"{text} {CHINESE[text]}"


def document() -> str:
    """The whole page."""
    return f"{HEAD}{_states()}{MIDDLE}{_ways()}{MOVES}{_moves()}{GUARD_HEAD}{_guards()}{CLOCK}"


def _states() -> str:
    stage_of = {state: stage for stage, states in STAGES.items() for state in states}
    rows = "".join(
        f"| `{state}` | {both(label)} | {both(stage_of[state])} | `{STATUS_OF[state]}` | {'yes' if state in FINAL else ''} |\n"
        for state, label in STATES.items()
    )
    return f"\n| state | | stage | status | final |\n|---|---|---|---|---|\n{rows}"


def _ways() -> str:
    ways: dict[tuple[str, str], list[str]] = {}
    for move in TABLE:
        for state in move.states:
            if move.to not in (None, state):
                ways.setdefault((state or "[*]", str(move.to)), []).append(move.name)
    return "".join(f"    {a} --> {b}: {', '.join(names)}\n" for (a, b), names in ways.items())


def _moves() -> str:
    return "".join(
        f"| `{m.name}` {both(m.label)} | {_way(m)} | {_roles(m)} | {_fields(m)} | {_codes(m.guards)} |\n" for m in TABLE
    )


def _way(move: Move) -> str:
    begins = ", ".join(state or "–" for state in move.states)
    return begins if move.to is None else f"{begins} → {move.to}"


def _roles(move: Move) -> str:
    return ", ".join(move.roles)


def _fields(move: Move) -> str:
    asked = [f"{FIELDS[name].label}" for name in move.asks]
    return ", ".join([*asked, *(f"[{FIELDS[name].label}]" for name in move.may)]) or "–"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _guards() -> str:
    return "".join(f"| `{name}` | {both(why)} |\n" for name, (_guard, why) in GUARDS.items())


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")

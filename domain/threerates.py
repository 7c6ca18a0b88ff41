"""三率: of the people who were asked, whom somebody contacted, whose problem is solved, who is satisfied.

Source: the formulas of a Beijing district's code (domain handbook §2). V = valid answers; each rate has the answers to
its own question below the line, because a rating says nothing about contact. Beside each stands n/N: how many of the
closed cases of the period it knows about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.measures import N_, SATISFACTION_WEIGHT_BASICALLY

RATES: Mapping[str, tuple[str, str]] = {
    "response": (N_("Response rate"), N_("Contacted ÷ asked")),
    "solved": (N_("Solved rate"), N_("Solved ÷ asked")),
    "satisfied": (N_("Satisfied rate"), N_("(Satisfied + {weight} × basically satisfied) ÷ rated")),
}
"""Name → label, formula."""


@dataclass(frozen=True)
class Answers:
    """What is known of the cases closed in a period, each by its last answer, and of surveys that name no case.

    asked_contact, asked_solved: answers that say whether somebody made contact, whether it is solved. rated: answers with
    a level. surveys…: how many of each come from surveys that name no case.
    """

    closed: int = 0
    asked_contact: int = 0
    contacted: int = 0
    asked_solved: int = 0
    resolved: int = 0
    rated: int = 0
    satisfied: int = 0
    basically: int = 0
    surveys: int = 0
    surveys_contact: int = 0
    surveys_solved: int = 0


@dataclass(frozen=True)
class Rate:
    """One of the three. value in percent, None without an answer; n of whole cases are known, surveys come on top."""

    name: str
    value: float | None
    n: int
    whole: int
    surveys: int = 0

    @property
    def coverage(self) -> float | None:
        """The share of the closed cases that is known, in percent; None where none was closed."""
        return 100 * self.n / self.whole if self.whole else None


def three_rates(answers: Answers, weight: float = SATISFACTION_WEIGHT_BASICALLY) -> tuple[Rate, Rate, Rate]:
    """Response, solved and satisfied rate; weight: how much 基本满意 counts."""
    content, whole = answers.satisfied + weight * answers.basically, answers.closed

    def rate(name: str, top: float, asked: int, surveys: int) -> Rate:
        return Rate(name, _percent(top, asked), asked - surveys, whole, surveys)

    return (
        rate("response", answers.contacted, answers.asked_contact, answers.surveys_contact),
        rate("solved", answers.resolved, answers.asked_solved, answers.surveys_solved),
        rate("satisfied", content, answers.rated, answers.surveys),
    )


def _percent(top: float, bottom: int) -> float | None:
    return 100 * top / bottom if bottom else None

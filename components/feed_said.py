"""What came of work on a service, in a sentence."""

from collections.abc import Mapping

from components.amounts import number
from components.sentences import sentence
from components.words import _
from domain.measures import N_
from domain.refusal import Refused

SWITCHED = {
    "paused": N_("Paused. A fetch that is under way ends after its batch."),
    "resumed": N_("It goes on from where it was."),
}


def switched(state: str) -> str:
    """After a pause or its end."""
    return _(SWITCHED[state])


def taken_again(done: Mapping[str, int]) -> str:
    """After bad rows were taken again: read = kept + unchanged + quarantined."""
    return _(
        "{read} rows taken again: {kept} kept, {unchanged} as before, {quarantined} still do not fit.",
        **{name: number(n) for name, n in done.items()},
    )


def said(error: Exception) -> str:
    """Why nothing was done."""
    if isinstance(error, Refused):
        return _(error.message, **error.values)
    return sentence(str(error))

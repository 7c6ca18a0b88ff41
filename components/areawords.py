"""The words for levels of areas."""

from components.words import _
from domain.measures import N_

LEVEL_WORDS = {
    "city": N_("City"), "district": N_("District"), "street": N_("Street"), "community": N_("Community"),
    "village": N_("Village"), "grid": N_("Grid"),
}  # fmt: skip
WHOLE_WORDS = {"city": N_("Whole city"), "district": N_("Whole district"), "street": N_("Whole street")}


def level_word(level: str) -> str:
    """The word for a level; a level of the site's own keeps its name."""
    return _(LEVEL_WORDS[level]) if level in LEVEL_WORDS else level


def whole_word(level: str) -> str:
    """The word for all of a site of this level ('' = not known)."""
    return _(WHOLE_WORDS.get(level, N_("Whole area")))

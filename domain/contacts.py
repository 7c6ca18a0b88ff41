"""What residents write into a form: checked as text, before anything is kept."""

import re
import unicodedata

from domain.measures import N_
from domain.refusal import Refused

MOST_WORDS = 2_000
MOST_SPOT = 100
_PHONE = re.compile(r"\+?\d{8,15}", re.ASCII)
_BETWEEN = re.compile(r"[\s\-()\u2010-\u2014]")


def words(text: str, most: int) -> str:
    """The text without blanks around it. Raises Refused: too long, or with characters that no keyboard makes."""
    found = text.replace("\r\n", "\n").strip()
    if len(found) > most:
        raise Refused("invalid", N_("The text is too long; {n} characters are the most."), n=most)
    if any((unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} and c not in "\n\t") or c == "\ufffd" for c in found):
        raise Refused("invalid", N_("The text holds characters that are none; write it again."))
    return found


def phone(text: str) -> str:
    """A telephone number, digits only ("" for none). Raises Refused."""
    found = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:64]))
    if found and not _PHONE.fullmatch(found):
        raise Refused("invalid", N_("This is no telephone number: 11 digits for a mobile one, or leave it empty."))
    return found


def coordinate(text: str) -> float | None:
    """A degree as a form sends it; None for nothing. Raises Refused."""
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -180 <= value <= 180:
        raise Refused("invalid", N_("The place on the map is no place; choose it again."))
    return value

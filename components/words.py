"""Texts for people: English message ids, Chinese by default, by gettext catalogues read as they are."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "locale"
LANGUAGES = ("zh_CN", "en")

_language = "zh_CN"


def set_language(language: str) -> None:
    """Choose the language of this process (zh_CN | en)."""
    global _language  # noqa: PLW0603  one language a process, set once when it starts
    _language = language


def language() -> str:
    """The language of this process."""
    return _language


def _(message: str, **values: object) -> str:
    """The text of a message id in the language of this process; {names} are filled in from values."""
    text = catalogue(_language).get(message) or message
    return text.format(**values) if values else text


@cache
def catalogue(name: str) -> dict[str, str]:
    """Message id → text of a language, from all its catalogues (one a part of the product)."""
    found: dict[str, str] = {}
    for path in sorted((FOLDER / name / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found |= {str(m.id): str(m.string) for m in read_po(file, locale=name) if m.id and m.string and not m.fuzzy}
    return found

"""Every text for people has its Chinese, with the same blanks to fill in; no catalogue has a text that nobody says."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from components.words import FOLDER, LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("actions", "api", "briefings", "components", "datasources", "domain", "geo", "pages", "store", "views")
MARKERS = {"_", "N_"}
BLANK = re.compile(r"\{(\w*)\}")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def templates() -> list[Path]:
    return sorted((ROOT / "components" / "plain").rglob("*.html"))


def said_in_template(path: Path) -> set[str]:
    """The message ids that a template marks; jinja2 finds them as it will read them."""
    found = Environment(extensions=["jinja2.ext.i18n"]).extract_translations(path.read_text(encoding="utf-8"))
    return {message if isinstance(message, str) else message[0] for _line, _function, message in found}


def said(path: Path) -> set[str]:
    """The message ids that a file marks: _("…") and N_("…")."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    marked = [c.args[0] for c in calls if isinstance(c.func, ast.Name) and c.func.id in MARKERS and c.args]
    return {arg.value for arg in marked if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def every_id() -> set[str]:
    return set().union(*map(said, sources()), *map(said_in_template, templates()))


def test_every_message_id_has_a_text_in_every_language():
    for language in LANGUAGES:
        assert sorted(every_id() - set(catalogue(language))) == [], language


def test_no_text_waits_for_a_message_id_that_nobody_says():
    """Which also finds ids that reach gettext without having been marked where they are defined."""
    for language in LANGUAGES:
        assert sorted(set(catalogue(language)) - every_id()) == [], language


def test_a_translation_fills_in_nothing_that_its_message_id_does_not_give():
    for language in LANGUAGES:
        odd = [m for m, text in catalogue(language).items() if not set(BLANK.findall(text)) <= set(BLANK.findall(m))]
        assert odd == [], language


def test_chinese_texts_are_chinese_and_english_texts_are_not():
    symbols = {m for m, text in catalogue("zh_CN").items() if not CHINESE.search(text)}
    assert not [
        m for m in symbols if re.search(r"[A-Za-z]{3}", BLANK.sub("", catalogue("zh_CN")[m])) and m != "MMMM YYYY"
    ]
    assert not [m for m, text in catalogue("en").items() if CHINESE.search(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_id_has_two_texts(language):
    texts: dict[str, set[str]] = {}
    for path in sorted((FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    assert not message.fuzzy, message.id
                    texts.setdefault(message.id, set()).add(message.string)
    assert {m: found for m, found in texts.items() if len(found) > 1} == {}


def test_sentences_that_are_filled_in_are_marked_with_a_literal():
    """An id that is put together at run time could not be found by anyone, and would stay English for ever."""
    odd = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS
            if called and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                odd.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert odd == []


def test_a_template_holds_no_chinese_of_its_own():
    assert [path.name for path in templates() if CHINESE.search(path.read_text(encoding="utf-8"))] == []

"""Whatever text comes, it is kept as it is or refused with a sentence; no text breaks a batch."""

import pytest

from store import sources
from store.engine import write
from tests.factories import NOW, batch, cases, rejected

TEXT_FIELDS = ("title", "text", "channel", "department", "order_no", "category", "external_id", "area_code")
NUL, HALF = "left\0right", "left\ud83dright"
ODD = {
    "emoji": "🚧 占道 👩‍👩‍👧",
    "other planes": "\U00020000\U0010ffff",
    "quotes and separators": "a\tb\nc\r\n\\N \\. 'x' \"y\" ,;|",
    "right to left": "\u202eabc\u200f",
    "blank": " ",
    "noncharacters": "\ufffe\uffff\x01\x7f\x85",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("field", [f for f in TEXT_FIELDS if f != "area_code"])
def test_odd_texts_are_kept_to_the_letter(town, field, name):
    assert town.take({field: ODD[name]}) == (1, 0, 0)
    column = "(SELECT name FROM categories)" if field == "category" else field
    assert town.rows(f"SELECT {column} FROM cases") == [(ODD[name],)]
    assert town.take({field: ODD[name]}) == (0, 1, 0)


@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize(("text", "word"), [(NUL, "NUL character"), (HALF, "lone surrogate")])
def test_a_text_no_database_keeps_puts_its_row_in_quarantine_and_no_other(town, field, text, word):
    assert town.take({field: text, "external_id": text if field == "external_id" else "2"}, {}) == (1, 0, 1)
    [(reason, detail)] = town.rows("SELECT reason, detail FROM quarantine")
    assert reason == "bad_text"
    assert detail.startswith(f"{field}: ") and word in detail


def test_a_refused_text_is_kept_once_however_often_it_comes(town):
    for _ in range(2):
        assert town.take({"title": HALF}, {"external_id": "2", "title": NUL}) == (0, 0, 2)
    assert town.rows("SELECT count(*) FROM quarantine") == [(2,)]


def test_a_megabyte_of_text_is_kept(town):
    text = "网格" * 175_000
    assert town.take({"text": text, "title": text}) == (1, 0, 0)
    assert town.rows("SELECT text = title, length(text) FROM cases") == [(1, 350_000)]


@pytest.mark.parametrize("field", ["external_id", "category"])
def test_a_key_may_have_512_characters_of_any_kind_and_no_more(town, field):
    longest = "".join(chr(0x20000 + (i * 7919) % 40_000) for i in range(512))  # 4 bytes each, not to be compressed
    assert town.take({field: longest}) == (1, 0, 0)
    assert town.take({field: longest + "x"}) == (0, 0, 1)
    [(detail,)] = town.rows("SELECT detail FROM quarantine")
    assert detail == f"{field}: the text has 513 characters, more than the 512 of a key; map a shorter column"


def test_a_megabyte_as_a_key_is_refused_and_its_row_kept(town):
    assert town.take({"external_id": "x" * 1_000_000}) == (0, 0, 1)
    [(key, size)] = town.rows("SELECT external_id, length(raw) FROM quarantine")
    assert key == "x" * 512
    assert size > 1_000_000


def test_ratings_are_held_to_the_same(town):
    assert town.rate({"case": NUL}, {"external_id": HALF}, {"external_id": "long", "case": "x" * 513}) == (0, 0, 3)
    assert {row[0] for row in town.rows("SELECT reason FROM quarantine")} == {"bad_text"}


def test_bad_rows_of_the_mapping_may_hold_any_text(town):
    odd = {"external_id": NUL, "detail": HALF, "raw": '{"a": "\ud800", "b": "\\u0000"}', "origin": "\udcff.csv"}
    assert town.feed()(batch(cases(), rejected(odd))).quarantined == 1
    assert town.rows("SELECT external_id, detail, raw, origin FROM quarantine") == [
        ("left\\u0000right", "left\\ud83dright", '{"a": "\\ud800", "b": "\\u0000"}', "\\udcff.csv")
    ]


def test_an_error_of_a_source_may_hold_any_text(town):
    feed = town.feed()
    feed(batch(cases({})))
    feed.failed("down", f"{NUL} {HALF}")
    assert town.rows("SELECT error FROM sources") == [("left\\u0000right left\\ud83dright",)]
    assert town.rows("SELECT error FROM runs") == [("left\\u0000right left\\ud83dright",)]


def test_a_cursor_may_name_a_file_whose_name_is_no_text(town):
    feed, cursor = town.feed(), {"files": {"\udcb5\udcc6.csv": {"row": 5}, "网格.csv": {"row": NOW}}}
    with write(town.engine) as connection:
        sources.update(connection, feed.source_id, cursor=cursor)
    assert feed.cursor() == cursor

"""Half a character costs its own row and no other, whichever way the JSON came."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.feeds.rest import connector as rest
from datasources.jsontext import dumps, loads
from datasources.mapping import Mapping
from tests.datasources.feeds.rest.test_connector import connector
from tests.datasources.sources import NOW, ROW, case_source, mapped
from tests.servers.http import Reply

HALVES = st.characters(categories=["Cs"])
TEXTS = st.text(st.one_of(st.characters(), HALVES, st.sampled_from('\\"u😀')))


@given(st.dictionaries(TEXTS, st.lists(TEXTS, max_size=3), max_size=3))
def test_what_json_can_say_is_read_and_only_halves_are_lost(value):
    text = json.dumps(value)
    assert loads(text.encode()) == json.loads("".join(_without_halves(text)))
    assert json.loads(dumps(value)) == value


def _without_halves(text: str):
    """Sign by sign: an escape that Python reads as half a character is written as NUL."""
    at = 0
    while at < len(text):
        size = 1 if text[at] != "\\" else 6 if text[at + 1] == "u" else 2
        pair = text[at : at + 12]
        if size == 6 and pair[6:8] == "\\u" and len(json.loads(f'"{pair}"')) == 1:
            size = 12
        piece = text[at : at + size]
        is_half = size == 6 and "\ud800" <= json.loads(f'"{piece}"') <= "\udfff"
        yield "\\u0000" if is_half else piece
        at += size


@pytest.mark.parametrize("text", [b"", b"[1,", b'{"a": "\\x"}', b'"\\ud83d', b"\xff"])
def test_what_is_no_json_stays_none(text):
    with pytest.raises(orjson.JSONDecodeError):
        loads(text)


def test_a_row_with_half_a_character_is_quarantined_and_the_others_are_kept():
    batch = mapped({"title": "t"}, {"id": "1", "t": "cut \ud83d"}, {"id": "2", "t": "whole 😀"}, {"id": "3", "t": None})
    assert batch.frame["external_id"].tolist() == ["2", "3"]
    (row,) = batch.rejected.to_dict("records")
    assert (row["external_id"], row["reason"]) == ("1", "unreadable_text")


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("since", [None, {"param": "since", "field": "at"}])
def test_it_is_so_for_small_and_large_answers(http_server, monkeypatch, large, since):
    rows = [{**ROW, "id": str(number), "type": "cut \ud83d" if number == 1 else "noise"} for number in range(3)]
    http_server.answer = lambda _asked: Reply(json.dumps([*rows, "\udc00"]).encode())
    if large:
        monkeypatch.setattr(rest, "WHOLE_BYTES", 10)
    (page,) = connector(http_server, **({"since": since} if since else {})).pages(None)
    batch = Mapping(case_source()).apply(page, NOW)
    assert batch.frame["external_id"].tolist() == ["0", "2"]
    assert batch.rejected["reason"].tolist() == ["unreadable_text", "unreadable_row"]

"""Items one after the other, against the same document read at once."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.errors import BadDataError
from datasources.feeds.rest import connector as rest
from datasources.feeds.rest import trees
from tests.datasources.feeds.rest.test_connector import connector, ids
from tests.servers.http import Reply

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def streamed(text: str, path=()) -> trees.Streamed:
    return trees.Streamed(io.BytesIO(text.encode("utf-8", "surrogatepass")), path, "test")


@given(st.lists(VALUES), st.sampled_from([1, 2, 7, 1 << 20]), st.booleans())
def test_a_list_is_read_as_json_reads_it(items, block, spaced):
    old, trees.BLOCK_CHARACTERS = trees.BLOCK_CHARACTERS, block
    try:
        assert list(streamed(json.dumps(items, indent=1 if spaced else None))) == items
    finally:
        trees.BLOCK_CHARACTERS = old


@given(st.lists(VALUES), VALUES, VALUES)
def test_what_stands_around_the_list_is_known_afterwards(items, before, after):
    reading = streamed(json.dumps({"a": before, "data": {"list": items, "next": after}, "z": 1}), ("data", "list"))
    assert list(reading) == items
    assert reading.rest == {"a": before, "data": {"next": after}, "z": 1}


@pytest.mark.parametrize(
    "text", ["", "[", "[1, 2", '[{"a": 1}, {"b"', '{"data": [1', "[1] 2"[:2], "[tru", '["\\x"]', "{}", "7"]
)
def test_what_is_cut_or_wrong_is_bad_data(text):
    with pytest.raises(BadDataError):
        list(streamed(text, ("data",) if text.startswith("{") else ()))


def test_a_large_answer_gives_the_same_pages_as_a_small_one(http_server, monkeypatch):
    rows = [{"id": n, "text": "字" * 50} for n in range(1_000)]
    http_server.answer = lambda _asked: Reply.json({"meta": 1, "data": rows, "total": 1_000})
    made = connector(http_server, items="data", total="total", page_rows=300)
    small = list(made.pages(None))
    monkeypatch.setattr(rest, "WHOLE_BYTES", 1_000)
    large = list(made.pages(None))
    assert ids(small) == ids(large) == list(range(1_000))
    assert [len(page.frame) for page in large] == [300, 300, 300, 100]
    assert ids(made.pages(large[1].cursor)) == list(range(600, 1_000))
    assert list(made.pages(large[-1].cursor)) == []

"""What is pushed, body by body."""

import pytest

from datasources.bodies import MOST_COLUMNS, Gathered, UnreadableBodyError, row_of_text, rows_of_json


@pytest.mark.parametrize(
    ("body", "items", "rows"),
    [
        (b'{"a": 1}', None, [{"a": 1}]),
        (b'[{"a": 1}, 2]', None, [{"a": 1}, {"value": 2}]),
        (b"21.5", None, [{"value": 21.5}]),
        (b"null", None, [{"value": None}]),
        (b"[]", None, []),
        (b'{"data": {"rows": [{"a": 1}]}}', "data.rows", [{"a": 1}]),
    ],
)
def test_a_body_is_its_rows(body, items, rows):
    assert rows_of_json(body, items) == rows


@pytest.mark.parametrize(
    ("body", "items"), [(b"", None), (b"21,5", None), (b"{}", "rows"), (b"[]", "rows"), (b"\xff", None)]
)
def test_a_body_without_rows_says_why(body, items):
    with pytest.raises(UnreadableBodyError, match="mend what sends it"):
        rows_of_json(body, items)


def test_text_is_one_value():
    assert row_of_text("21,5 °C".encode()) == [{"value": "21,5 °C"}]
    with pytest.raises(UnreadableBodyError, match="UTF-8"):
        row_of_text(b"\xff")


def test_rows_and_what_is_unreadable_are_numbered_together():
    gathered = Gathered(11)
    gathered.add(b"", [{"a": 1}, {"b": 2}])
    gathered.refuse(b"x\0\xff", "no JSON")
    gathered.add(b"", [{"a": 3}])
    assert gathered.row_numbers().tolist() == [11, 12, 14] and gathered.next_row == 15
    assert gathered.frame().to_dict("records") == [{"a": 1, "b": None}, {"a": None, "b": 2}, {"a": 3, "b": None}]
    assert [(each.row, each.text) for each in gathered.unreadable] == [(13, "x\\x00\\xff")]


def test_a_sender_that_makes_up_names_fills_no_memory():
    gathered = Gathered(1)
    gathered.add(b"many", ({f"{number}-{key}": 0 for key in range(400)} for number in range(10)))
    assert len(gathered.columns) <= MOST_COLUMNS
    assert len(gathered.rows) == 2 and len(gathered.unreadable) == 8

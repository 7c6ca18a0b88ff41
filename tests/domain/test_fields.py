"""What comes in with a move is read strictly: whatever it is, it fits, or a sentence names the field."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from domain.fields import FIELDS, MOST_PHOTOS, MOST_TEXT, cleaned
from domain.lifecycle import MOVES, Move
from domain.refusal import Refused

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text(st.characters())
JSON = st.recursive(SCALARS, lambda deeper: st.lists(deeper) | st.dictionaries(st.text(), deeper), max_leaves=6)


def asks(name: str) -> Move:
    return Move("test", "", ("reported",), None, (), (name,))


@given(st.sampled_from([name for name in FIELDS if name != "place"]), JSON)
def test_anything_at_all_is_taken_or_refused_with_a_sentence(name, raw):
    try:
        found = cleaned(asks(name), {name: raw})
    except Refused as error:
        no = error
    else:
        assert found[name] not in (None, "", ())
        return
    assert no.kind in {"missing", "invalid"}
    assert no.values["field"] == FIELDS[name].label


@pytest.mark.parametrize(("name", "raw", "found"), [
    ("reason", "  two\r\nlines ", "two\nlines"), ("hours", "2.5", 2.5), ("until", 1_800_000_000, 1_800_000_000),
    ("photos", [3, 3, 1], (3, 1)), ("passed", "no", "no"), ("departments", ["Parks", " Parks ", "Police"], ("Parks", "Police")),
])  # fmt: skip
def test_what_fits_is_cleaned(name, raw, found):
    assert cleaned(asks(name), {name: raw}) == {name: found}


@pytest.mark.parametrize(("name", "raw"), [
    ("reason", "x" * (MOST_TEXT + 1)), ("reason", "\ud800"), ("reason", "a\x00b"), ("reason", 7), ("hours", "nan"),
    ("hours", 1e999), ("until", 1e999), ("hours", 0), ("photos", [1] * (MOST_PHOTOS + 1)), ("photos", ["x"]),
    ("passed", "maybe"), ("passed", ["yes"]), ("departments", "Parks"), ("score", 6), ("task", True),
])  # fmt: skip
def test_what_does_not_fit_is_refused(name, raw):
    with pytest.raises(Refused, check=lambda error: error.kind == "invalid"):
        cleaned(asks(name), {name: raw})


@pytest.mark.parametrize("raw", [None, "", "   ", [], {}])
def test_what_is_empty_is_missing(raw):
    with pytest.raises(Refused, check=lambda error: error.kind == "missing"):
        cleaned(MOVES["refuse"], {"reason": raw})

"""A log shows where a request went, and nothing that opens or tells something about somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.redaction import PERSONAL, SECRETS, shown_path, shown_query


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/cases/12", "/cases/12"), ("/track/K7M4-9PQX-2TRW", "/track/…"), ("/p/abcdef", "/p/…"), ("/rate/x/y", "/rate/…"),
        ("/track", "/track"), ("/a\nb", "/a%0Ab"), ("/photos/3", "/photos/3"), ("/places", "/places"),
    ],
)  # fmt: skip
def test_codes_of_a_path_are_left_out(path, shown):
    assert shown_path(path) == shown


@pytest.mark.parametrize("name", [*sorted(SECRETS | PERSONAL), "API_KEY", "access_token", "reset_code"])
def test_secret_and_personal_fields_are_named_and_not_told(name):
    assert shown_query(f"a=1&{name}=VERY-SECRET&b=2") == f"a=1&{name}=…&b=2"


@given(st.text(max_size=50))
def test_any_query_comes_out_as_one_line(text):
    assert shown_query(text).isprintable()
    assert shown_path("/" + text).isprintable()


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=12))
def test_whatever_a_secret_is_it_is_not_shown(secret):
    assert secret not in shown_query(f"x=1&token={secret}&password={secret}")

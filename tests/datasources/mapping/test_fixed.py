# ruff: noqa: DTZ001, DTZ007 (local times without a zone are what is read here)
"""Times as columns of digits, against strptime row by row."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.mapping.fixed import read

FORMS = ["%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y", "%Y%m%d%H%M", "%p %I|%Y/%d/%m"]
MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31))
DIGITS = st.lists(st.integers(0, 99), min_size=7, max_size=7).map(
    lambda n: "{:02}/{:02}/{:02}{:02} {:02}:{:02}:{:02} AM".format(*n)
)


def strictly(text: str, form: str) -> np.datetime64:
    """What strptime reads, if writing it again gives the same text."""
    try:
        moment = datetime.strptime(text, form)
    except ValueError:
        return np.datetime64("NaT", "s")
    again = moment.strftime(form.replace("%Y", f"{moment.year:04}"))  # strftime writes the year 1 as "1"
    return np.datetime64(moment, "s") if again == text else np.datetime64("NaT", "s")


@given(st.lists(MOMENTS, max_size=20), st.sampled_from(FORMS))
def test_what_strftime_writes_is_read_back(moments, form):
    texts = [each.strftime(form) for each in moments]
    np.testing.assert_array_equal(
        read(texts, form), np.array([strictly(text, form) for text in texts], dtype="datetime64[s]")
    )


@given(st.lists(st.one_of(DIGITS, st.text(max_size=24)), max_size=20))
def test_what_is_no_such_time_is_left_to_others(texts):
    form = FORMS[0]
    np.testing.assert_array_equal(
        read(texts, form), np.array([strictly(text, form) for text in texts], dtype="datetime64[s]")
    )


@pytest.mark.parametrize(
    "text",
    [
        "02/29/2023 01:00:00 AM",
        "00/10/2023 01:00:00 AM",
        "04/31/2023 01:00:00 AM",
        "04/00/2023 01:00:00 AM",
        "04/01/2023 13:00:00 AM",
        "04/01/2023 01:00:00 XM",
    ],
)
def test_days_and_hours_that_are_not_are_not_read(text):
    assert np.isnat(read([text], FORMS[0])[0])


@pytest.mark.parametrize(
    "form", ["%B %d, %Y", "%H:%M", "%Y-%m-%d %I:%M", "%Y-%m-%d %z", "%Y-%m-%d %Y", "iso", "ISO8601", ""]
)
def test_patterns_with_other_parts_are_left_to_others(form):
    assert np.isnat(read(["2024-05-01"], form)).all()

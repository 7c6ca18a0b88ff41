"""Splitting CSV against Python's own csv module."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasources.feeds.file.records import Splitter, cells

# A lone CR stands for the line breaks of old systems where the first block holds no LF: a test of its own below.
CELLS = st.lists(st.sampled_from([*'ab,;"\n\t é中', "\r\n"]), max_size=8).map("".join)


def records(text: str, separator=",", block=7) -> list[tuple[str, bool]]:
    """Every record and whether it is broken, reading `block` bytes at a time."""
    data = text.encode()
    blocks = [data[at : at + block] for at in range(0, len(data), block)] + [b""]
    found = []
    for part in Splitter(separator).split(blocks):
        found += [
            (part.data[start:end].decode(), bool(broken))
            for start, end, broken in zip(part.starts, part.ends, part.broken, strict=True)
        ]
    return found


@settings(max_examples=300)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12)
    ),
    st.sampled_from([",", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 40),
)
@example([["a", '"\n,"'], ['"', "b"]], ",", "\n", 3)
def test_what_the_csv_module_writes_comes_back_cell_by_cell(rows, separator, ending, block):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(rows)
    found = records(out.getvalue(), separator, block)
    assert not any(broken for _, broken in found)
    assert [cells(record.encode(), separator) for record, _ in found] == rows


@given(
    st.lists(st.text(st.sampled_from(list("ab1 é中")), min_size=1, max_size=6), min_size=1, max_size=20),
    st.integers(1, 9),
)
def test_lines_without_quotes_are_records(lines, block):
    assert records("\n".join(lines), block=block) == [(line, False) for line in lines]


@given(st.text(st.sampled_from(list('ab,"\n')), max_size=60), st.integers(1, 20))
def test_no_byte_of_any_text_is_lost_but_line_breaks(text, block):
    found = "".join(record for record, _ in records(text, block=block))
    assert found.replace("\n", "") == text.replace("\n", "")


@given(st.text(st.sampled_from(list('ab,"\n')), max_size=60), st.integers(1, 20))
@example('a\n"\n",\n', 1)
@example('"a\nb",c\n"\n",\n', 2)
def test_the_size_of_blocks_makes_no_difference(text, block):
    assert records(text, block=block) == records(text, block=10_000)


def test_a_quote_that_is_never_closed_costs_one_line():
    found = records('a,b\n1,"x\n2,y\n3,z\n')
    assert found == [("a,b", False), ('1,"x', True), ("2,y", False), ("3,z", False)]


def test_a_later_quote_does_not_swallow_the_rows_between():
    found = records('a,b,c\n1,"x,y\n2,x,y\n3,"x",y\n4,x,y\n')
    assert [broken for _, broken in found] == [False, True, False, False, False]


def test_a_quote_within_a_cell_is_a_letter():
    found = records('a,b\n1,5" pipe\n2,y\n')
    assert found == [("a,b", False), ('1,5" pipe', False), ("2,y", False)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_breaks_of_every_system_are_read(ending):
    assert [record for record, _ in records(ending.join(["a,b", "1,2", "", "3,4"]) + ending, block=100)] == [
        "a,b",
        "1,2",
        "3,4",
    ]

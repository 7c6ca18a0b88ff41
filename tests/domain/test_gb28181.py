"""Codes of GB/T 28181: the handbook's example, property tests, and the rows in which the editions differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.gb28181 import NEWEST, CodeError, is_code, parse
from domain.gb28181_tables import EDITIONS, GROUPS, INDUSTRIES, KINDS, NETWORKS

EXAMPLE = "34020000001320000101"
CODES = st.from_regex(r"[0-9]{20}", fullmatch=True)


def test_the_handbooks_example():
    code = parse(EXAMPLE)
    assert (code.centre, code.industry, code.kind, code.network, code.serial) == (
        "34020000", "00", "132", "0", "000101",
    )  # fmt: skip
    assert code.division == "3402"
    assert code.is_camera
    assert code.group == "Peripherals"


@given(CODES)
def test_the_parts_of_a_code_make_the_code(text):
    code = parse(text)
    assert str(code) == text
    assert [len(part) for part in (code.centre, code.industry, code.kind, code.network, code.serial)] == [8, 2, 3, 1, 6]
    assert text.startswith(code.division)
    assert not code.division.endswith("00")


@given(st.text(max_size=25))
def test_whatever_else_is_no_code(text):
    wanted = len(text.strip()) == 20 and all(sign in "0123456789" for sign in text.strip())
    assert is_code(text) == wanted
    if not wanted:
        with pytest.raises(CodeError, match="has 20 digits"):
            parse(text)


@pytest.mark.parametrize(
    "text", ["", "3402", EXAMPLE + "1", "３４０２００００００１３２００００１０１", EXAMPLE[:-1] + "x"]
)
def test_wide_digits_and_wrong_lengths_are_refused(text):
    assert not is_code(text)


@given(CODES, st.sampled_from(EDITIONS))
def test_a_value_in_no_table_has_no_name(text, edition):
    code = parse(text)
    names = code.names(edition)
    assert names["industry"] == INDUSTRIES[edition].get(text[8:10])
    assert names["kind"] == KINDS[edition].get(text[10:13])
    assert names["network"] == NETWORKS[edition].get(text[13])


@pytest.mark.parametrize(
    ("text", "part", "names"),
    [
        ("42010600081325000001", "network", ("Public security network", "Public security network")),
        ("42010600081326000001", "network", ("Government network", "Government extranet")),
        ("42010600081328000001", "network", ("Access network of society's resources", "Dedicated line")),
        ("42010600081329000001", "network", (None, None)),
        ("42010600081320000001", "industry", ("Urban management", "Urban management")),
        ("42010600121320000001", "industry", (None, "Civil aviation")),
        ("42010600431320000001", "industry", ("Metallurgy", "Electricity, heat, gas and water supply")),
        ("42010600991320000001", "industry", (None, None)),
        ("42010600001220000001", "kind", (None, "Multi-lens device")),
        ("42010600002150000001", "kind", ("Business group", "Business group")),
        ("42010600001990000001", "kind", (None, None)),
    ],
)
def test_the_editions_differ_where_they_do(text, part, names):
    assert tuple(parse(text).names(edition)[part] for edition in EDITIONS) == names
    assert parse(text).names()[part] == names[EDITIONS.index(NEWEST)]


def test_an_edition_that_nobody_knows_is_not_guessed():
    with pytest.raises(KeyError):
        parse(EXAMPLE).names("2011")


def test_the_ranges_of_types_leave_no_gap_and_every_type_lies_in_one():
    assert [last + 1 for _first, last, _name in GROUPS[:-1]] == [first for first, _last, _name in GROUPS[1:]]
    for table in KINDS.values():
        assert all(parse(f"4201060000{kind}0000001").group for kind in table)
    assert parse("42010600001100000001").group is None


def test_the_newer_edition_keeps_the_types_and_authorities_of_the_older():
    older, newer = EDITIONS
    assert KINDS[older].items() <= KINDS[newer].items()
    assert all(INDUSTRIES[newer][code] == name for code, name in INDUSTRIES[older].items() if int(code) < 40)

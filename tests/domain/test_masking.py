"""The middle of personal data is hidden as people expect it, and never more is left than the rule says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import COMPOUND, mask_address, mask_cell, mask_id, mask_name, mask_phone, mask_text

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张小三", "张*三"), ("张三", "张*"), ("欧阳修文", "欧阳**"), ("欧阳修", "欧阳*"), ("欧阳", "欧*"), ("张", "*"), ("", ""),
        ("李王小明", "李**明"), ("John Smith", "J**"), ("阿依古丽·买买提", "阿**"), (" 张三 ", "张*"),
    ],
)  # fmt: skip
def test_a_name_keeps_its_surname_and_of_three_characters_its_last(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"), ("138 1234 5678", "138****5678"), ("+86 13812345678", "138****5678"),
        ("027-87654321", "*******4321"), ("87654321", "********"), ("12345", "*****"), ("", ""), ("none", ""),
    ],
)  # fmt: skip
def test_a_number_keeps_its_ends(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("420106199001011234", "4201**********1234"), ("42010619900101123X", "4201**********123X"),
        ("420106900101123", "4201*******1123"), ("12345678", "********"), ("", ""),
    ],
)  # fmt: skip
def test_an_identity_number_keeps_four_at_each_end(number, shown):
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("云浦路12号3栋2单元501室", "云浦路12号3栋***"), ("云浦花园3号楼501", "云浦花园3号楼***"), ("云浦路12号", "云浦路12号"),
        ("云浦路12号501", "云浦路12号***"), ("幸福里三栋二单元", "幸福里三栋***"), ("桥头小卖部", "桥头小卖部"), ("人民路501室", "人民路***"),
        ("A座1201", "A座***"), ("", ""),
    ],
)  # fmt: skip
def test_an_address_ends_with_its_building(address, shown):
    assert mask_address(address) == shown


@given(st.text(HAN, min_size=1, max_size=8))
def test_a_masked_name_is_as_long_and_hides_all_but_two_characters(name):
    shown = mask_name(name)
    assert len(shown) == len(name)
    assert shown.count("*") >= max(len(name) - 2, 1)
    assert all(a in (b, "*") for a, b in zip(shown, name, strict=True))


@given(st.sampled_from(sorted(COMPOUND)), st.text(HAN, min_size=1, max_size=3))
def test_of_a_compound_surname_nothing_of_the_given_name_is_left(surname, given_name):
    assert mask_name(surname + given_name) == surname + "*" * len(given_name)


@given(st.text(max_size=30))
def test_a_masked_number_shows_seven_digits_at_most_and_nothing_else(text):
    shown = mask_phone(text)
    assert set(shown) <= set("0123456789*")
    assert sum(c.isdigit() for c in shown) <= 7


@given(st.text(max_size=30))
def test_a_masked_identity_number_shows_eight_characters_at_most(text):
    shown = mask_id(text)
    assert len(shown) == len(text.strip())
    assert shown.count("*") >= len(shown) - 8


@given(st.text(HAN, max_size=6), st.integers(1, 99), st.integers(1, 9), st.integers(100, 999))
def test_no_room_is_left_of_an_address(road, building, unit, room):
    assert str(room) not in mask_address(f"{road}{building}栋{unit}单元{room}室")


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("姓名", "张小三", "张*三"), ("联系电话", "13812345678", "138****5678"), ("api_key", "abc", "***"),
        ("内容", "打 13812345678 找人", "打 138****5678 找人"), ("单号", "20261124000138", "20261124000138"),
        ("stream", "rtsp://admin:secret@10.0.0.7/1", "rtsp://***@10.0.0.7/1"),
    ],
)  # fmt: skip
def test_a_cell_is_masked_by_its_column_and_by_what_stands_in_it(name, text, shown):
    assert mask_cell(name, text) == shown


def test_an_identity_number_in_a_text_is_masked():
    assert mask_text("证件 420106199001011234 复印") == "证件 4201**********1234 复印"

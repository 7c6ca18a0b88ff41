"""A sheet of codes is the same each time, holds what it is told literally, and reads nothing else."""

import re
import zlib

import pytest

from components import typesetting
from components.code_sheet import Card, code_sheet
from components.typesetting import TypesettingError, typeset

MOMENT = 1_764_000_000
STREAM = re.compile(rb"stream\r?\n(.+?)\r?\nendstream", re.DOTALL)


def card(number: int = 1, name: str = "园北街 18 号楼") -> Card:
    return Card(name, "文昌社区 02 网格", f"https://gridhall.example/p/Zk3v9QpLw2X{number}")


def pages(pdf: bytes) -> int:
    told = [pdf, *(inflated(part) for part in STREAM.findall(pdf))]
    return max(int(n) for text in told for n in re.findall(rb"/Count (\d+)", text))


def inflated(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


def test_a_sheet_is_the_same_byte_for_byte_each_time():
    assert code_sheet([card()], site="云浦街道", moment=MOMENT) == code_sheet([card()], site="云浦街道", moment=MOMENT)


@pytest.mark.parametrize(("cards", "wanted"), [(1, 1), (8, 1), (9, 2), (24, 3)])
def test_eight_cards_fill_a_page(cards, wanted):
    assert pages(code_sheet([card(n) for n in range(cards)], site="x", moment=MOMENT)) == wanted


@pytest.mark.parametrize(
    "name", ['#read("/etc/passwd")', "#panic()", "$ x $", '"]', "*a* _b_ <c> @d", "a\x00b\ud800c\ue000", "长" * 400, ""]
)
def test_a_name_is_printed_and_never_run(name):
    assert code_sheet([card(name=name)], site=name, moment=MOMENT).startswith(b"%PDF")


def test_a_document_reads_nothing_of_the_machine():
    for path in ("/etc/passwd", "../../etc/passwd"):
        with pytest.raises(TypesettingError):
            typeset(f'#read("{path}")', {}, moment=MOMENT)


def test_a_document_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(typesetting, "SECONDS", 0.5)
    with pytest.raises(TypesettingError, match="not ready"):
        typeset(
            "#let f(n) = if n < 0 { 0 } else { for i in range(9999999) { n += i }; n }\n#f(1) #f(2) #f(3)",
            {},
            moment=MOMENT,
        )


def test_no_sheet_is_printed_of_no_place():
    with pytest.raises(ValueError, match="place"):
        code_sheet([], site="x", moment=MOMENT)

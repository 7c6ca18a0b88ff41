"""Places with a QR code at a terminal: made, listed, printed, revoked; what is wrong is one clear line."""

import pytest

from tests.commands.program import clear_line
from tests.commands.smalltown import SmallTown


@pytest.fixture
def town(tmp_path) -> SmallTown:
    return SmallTown(tmp_path).write()


def test_codes_are_made_listed_and_revoked(town, run):
    (made,) = run(town.program, "places", "make", "--name", "North gate").lines
    assert len(made["id"]) >= 12
    (listed,) = run(town.program, "places", "list").lines
    assert listed == {"id": made["id"], "name": "North gate", "area": "", "revoked": False}
    assert run(town.program, "places", "revoke", made["id"]).code == 0
    assert run(town.program, "places", "list").lines[0]["revoked"] is True


def test_a_sheet_is_printed_with_the_address_of_the_settings(town, run, tmp_path):
    town.configure(("[site]", '[site]\npublic_url = "https://hall.example"'))
    run(town.program, "places", "make", "--name", "North gate")
    out = tmp_path / "codes.pdf"
    assert run(town.program, "places", "sheet", "--out", str(out)).lines == [{"out": str(out), "codes": 1}]
    assert out.read_bytes()[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("make",), "Give the place a name"),
        (("make", "--area", "nowhere", "--name", "x"), "no area 'nowhere'"),
        (("revoke", "nosuch"), "no such place"),
        (("sheet", "--out", "/dev/null"), "public_url"),
    ],
)
def test_what_is_wrong_is_one_clear_line_and_changes_nothing(town, run, words, said):
    assert said in clear_line(run(town.program, "places", *words))
    assert town.rows("SELECT * FROM places") == []

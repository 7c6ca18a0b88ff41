"""What the address of the outcome page asks for, and what is shown when it asks for nothing."""

from datetime import date
from types import SimpleNamespace

import pytest

from domain.periods import SiteZone, day_of, month
from views.outcome_query import closed_months, known_months, parse_outcomes

AREAS = SimpleNamespace(position={"": 0, "A": 1, "429099001001": 2})


def moment(first=date(2024, 1, 15), last=date(2026, 11, 24), today=date(2026, 11, 24)):
    snapshot = SimpleNamespace(bounds=lambda _measure: (day_of(first), day_of(last)) if first else None)
    return SimpleNamespace(snapshot=snapshot, areas=AREAS, zone=SiteZone("Asia/Shanghai"), today=day_of(today))


def test_without_months_the_last_six_closed_ones_are_halved():
    found = parse_outcomes("", moment(), paper=False)
    assert found.months == ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
    assert (found.launch, found.launch_given, found.area) == ("2026-08", False, "")
    assert (found.before, found.after) == (found.months[:3], found.months[3:])


def test_the_demo_town_shows_the_published_table():
    found = parse_outcomes("", moment(), paper=True)
    assert (found.area, found.months[0], found.months[-1], found.launch) == (
        "429099001001",
        "2022-08",
        "2023-01",
        "2022-11",
    )
    assert found.launch_given
    assert parse_outcomes("?area=A", moment(), paper=True).months[-1] == "2026-10"


def test_the_month_of_the_last_report_of_a_quiet_site_is_closed():
    assert closed_months(moment(last=date(2015, 12, 20)), 2) == ("2015-11", "2015-12")
    assert closed_months(moment(last=date(2026, 11, 20)), 2) == ("2026-09", "2026-10")
    assert closed_months(moment(today=date(2026, 11, 30), last=date(2026, 11, 30)), 1) == ("2026-11",)


@pytest.mark.parametrize(
    "text", ["2026-13..2027-01", "2026-05..2026-01", "x", "2026-05", "1990-01..2026-01", "..", "2026-05..x"]
)
def test_months_that_make_no_sense_fall_back(text):
    assert parse_outcomes(f"?months={text}", moment(), paper=False) == parse_outcomes("", moment(), paper=False)


@pytest.mark.parametrize("launch", ["2026-01", "2025-12", "2026-05", "x", ""])
def test_a_launch_outside_the_months_or_at_their_beginning_is_not_taken(launch):
    found = parse_outcomes(f"?months=2026-01..2026-04&launch={launch}", moment(), paper=False)
    assert (found.launch, found.launch_given) == ("2026-03", False)


def test_an_area_that_is_not_there_is_the_whole_site():
    assert parse_outcomes("?area=nowhere", moment(), paper=True).area == ""


def test_an_address_reads_back_as_what_it_was_written_from():
    for search in ("?area=A&months=2026-01..2026-04&launch=2026-02", "?months=2025-01..2025-12", "?area=all"):
        found = parse_outcomes(search, moment(), paper=True)
        again = parse_outcomes(found.text(), moment(), paper=True)
        assert (again.area, again.months, again.launch) == (found.area, found.months, found.launch)


def test_the_months_that_can_be_chosen_run_from_the_first_report_to_the_last():
    assert known_months(moment())[0] == "2024-01"
    assert known_months(moment())[-1] == "2026-11"
    assert len(known_months(moment())) == 35
    assert known_months(moment(first=None)) == ()
    assert month("2024-01").first <= day_of(date(2024, 1, 15))

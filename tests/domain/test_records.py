"""The fields of each record as docs and mapping rely on them."""

import pytest

from actions.take import TAKERS
from domain.cases import KINDS, LEVELS, STATUSES
from domain.records import RECORDS

REQUIRED = {  # configuration.md, the fields with a star
    "case": {"external_id", "reported_at", "status", "category"},
    "rating": {"external_id", "rated_at", "level"},
    "sensor": {"external_id", "type"},
    "reading": {"sensor", "measure", "observed_at", "value"},
}


@pytest.mark.parametrize(("record", "names"), REQUIRED.items())
def test_a_row_needs_what_its_record_needs(record, names):
    assert {name for name, field in RECORDS[record].items() if field.required} == names


def test_states_kinds_and_levels_are_those_of_cases():
    assert RECORDS["case"]["status"].allowed == STATUSES
    assert RECORDS["case"]["kind"].allowed == KINDS
    assert RECORDS["rating"]["level"].allowed == LEVELS


def test_the_store_takes_every_record():
    assert set(TAKERS) == set(RECORDS)

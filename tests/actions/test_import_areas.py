"""Boundaries may change: areas keep their numbers by their code, and what lies in them is to be counted again."""

import threading

import pytest
import sqlalchemy as sa

import actions.import_areas as module
from actions.import_areas import import_areas, recounted
from geo.errors import GeoError
from store.areas import read_areas
from store.engine import read
from tests.factories import EAST, LEVELS, WEST, ZONE, squares

IDS = "SELECT code, id FROM areas"
COMMUNITIES = [("community", squares({"A": (WEST, 114.02), "B": (114.02, EAST)}))]
MOVED = [("community", squares({"A": (WEST, 114.03), "B": (114.03, EAST)})), LEVELS[1]]


def test_the_same_boundaries_again_ask_for_nothing(town):
    town.take({})
    before = town.rows("SELECT * FROM areas ORDER BY id")
    assert town.import_areas(LEVELS) is False
    assert town.rows("SELECT * FROM areas ORDER BY id") == before


def test_changed_boundaries_keep_the_ids_and_ask_for_a_recount(town):
    town.take({})
    before = dict(town.rows(IDS))
    assert town.import_areas(MOVED) is True
    assert dict(town.rows(IDS)) == before


def test_without_cases_there_is_nothing_to_recount(town):
    assert town.import_areas(MOVED) is False


def test_the_duty_to_recount_is_remembered_until_it_is_done(town):
    town.take({})
    town.import_areas(MOVED)
    assert town.import_areas(MOVED) is True
    recounted(town.engine)
    assert town.import_areas(MOVED) is False


def test_another_zone_asks_for_a_recount(town):
    town.take({})
    assert import_areas(town.engine, LEVELS, site_name="Town", zone="America/New_York") is True


def test_an_area_that_left_the_files_stays_below_the_site_and_comes_back_as_itself(town):
    town.take({"area_code": "B1", "longitude": None, "latitude": None})
    before = dict(town.rows(IDS))
    town.import_areas(COMMUNITIES)
    gone = town.rows(
        "SELECT a.code, p.code, a.geometry IS NULL FROM areas a JOIN areas p ON p.id = a.parent_id "
        "WHERE a.level = 'grid' ORDER BY a.position"
    )
    assert gone == [(code, "", True) for code in ("A1", "A2", "B1", "B2")]
    assert town.site.areas.range("") == (0, 7)
    town.import_areas(LEVELS)
    assert dict(town.rows(IDS)) == before
    assert town.rows("SELECT count(*) FROM areas WHERE geometry IS NULL") == [(0,)]


def test_more_areas_may_leave_than_a_statement_may_name(town):
    with read(town.engine) as connection:
        left = module._left_behind(connection, [*(f"G{i}" for i in range(70_000)), "A1"], 5, 1)
    assert [(row["code"], row["position"], row["parent_id"]) for row in left] == [("A1", 5, 1)]


def test_a_new_area_gets_a_number_nobody_had(town):
    taken = set(dict(town.rows(IDS)).values())
    town.import_areas([*LEVELS, ("grid", squares({"C": (EAST, 114.05)}))])
    assert dict(town.rows(IDS))["C"] not in taken


def test_positions_make_every_area_with_what_lies_in_it_one_range(town):
    by_code = {row.code: row for row in _areas(town)}
    parents = dict(town.rows("SELECT a.code, p.code FROM areas a LEFT JOIN areas p ON p.id = a.parent_id"))

    def ancestors(code):
        return {code} | (ancestors(parents[code]) if parents[code] is not None else set())

    for code, row in by_code.items():
        inside = {other for other in by_code if code in ancestors(other)}
        assert {o for o, r in by_code.items() if row.position <= r.position <= row.last} == inside
        closure = town.rows(
            "SELECT a.code FROM area_closure JOIN areas a ON a.id = descendant_id WHERE ancestor_id = :id", id=row.id
        )
        assert {found for (found,) in closure} == inside


def test_boundaries_that_are_refused_change_nothing(town):
    before = town.rows("SELECT * FROM areas ORDER BY id")
    with pytest.raises(GeoError):
        town.import_areas([("community", squares({"A": (WEST, EAST)})), ("grid", squares({"A": (WEST, EAST)}))])
    assert town.rows("SELECT * FROM areas ORDER BY id") == before


@pytest.mark.parametrize("how_many", [4])
def test_several_programs_started_at_once_store_the_areas_once(town, how_many):
    with town.engine.begin() as connection:
        for table in ("area_closure", "areas", "site"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
    together, errors = threading.Barrier(how_many), []

    def start():
        together.wait()
        try:
            import_areas(town.engine, LEVELS, site_name="Town", zone=ZONE)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert town.rows("SELECT count(*) FROM areas") == [(7,)]


def _areas(town):
    with read(town.engine) as connection:
        assert len(read_areas(connection)) == 7
        return connection.execute(sa.text("SELECT id, code, position, last FROM areas")).all()

"""Being overdue is a write of its own, done once however often and by however many it is asked for."""

import threading

from actions.mark_overdue import mark_overdue
from tests.factories import NOW

MARKS = "SELECT overdue FROM cases ORDER BY external_id"


def test_open_cases_past_their_deadline_are_marked(town):
    town.take(
        {"external_id": "1 due", "due_at": NOW + 10},
        {"external_id": "2 later", "due_at": NOW + 1_000},
        {"external_id": "3 on the second", "due_at": NOW + 100},
        {"external_id": "4 closed", "due_at": NOW + 10, "status": "closed", "closed_at": NOW},
        {"external_id": "5 void", "due_at": NOW + 10, "status": "void"},
        {"external_id": "6 no deadline"},
    )
    assert mark_overdue(town.site, now=NOW + 100) == 1
    assert [row[0] for row in town.rows(MARKS)] == [1, 0, 0, 0, 0, 0]


def test_marking_twice_marks_once(town):
    town.take({"due_at": NOW + 10})
    assert mark_overdue(town.site, now=NOW + 100) == 1
    batches = town.rows("SELECT count(*) FROM count_batch")
    assert mark_overdue(town.site, now=NOW + 200) == 0
    assert town.rows("SELECT count(*) FROM count_batch") == batches


def test_more_cases_than_a_batch_are_all_marked(town, monkeypatch):
    monkeypatch.setattr("actions.mark_overdue.BATCH", 3)
    town.take(*({"external_id": str(i), "due_at": NOW + 10} for i in range(10)))
    assert mark_overdue(town.site, now=NOW + 100) == 10


def test_several_at_once_mark_each_case_once(town, monkeypatch):
    monkeypatch.setattr("actions.mark_overdue.BATCH", 5)
    town.take(*({"external_id": str(i), "due_at": NOW + 10} for i in range(60)))
    together, marked = threading.Barrier(4), []

    def mark():
        together.wait()
        marked.append(mark_overdue(town.site, now=NOW + 100))

    threads = [threading.Thread(target=mark) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mark_overdue(town.site, now=NOW + 100)  # what another held is left to the next minute
    assert town.rows("SELECT count(*) FROM cases WHERE NOT overdue") == [(0,)]
    assert sum(marked) <= 60


def test_a_marked_case_that_is_closed_is_no_longer_overdue_and_open(town):
    town.take({"due_at": NOW + 10})
    mark_overdue(town.site, now=NOW + 100)
    town.now = NOW + 200
    town.take({"due_at": NOW + 10, "status": "closed", "closed_at": NOW + 150})
    assert town.rows("SELECT overdue, ended_at FROM cases") == [(1, NOW + 150)]


def test_a_marked_case_whose_deadline_was_put_off_is_on_time_again(town):
    town.take({"due_at": NOW + 10})
    mark_overdue(town.site, now=NOW + 100)
    town.take({"due_at": NOW + 10_000})
    assert town.rows(MARKS) == [(0,)]
    assert mark_overdue(town.site, now=NOW + 20_000) == 1

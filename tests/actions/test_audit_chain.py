"""The audit record is sealed in batches into a chain, and whatever is done to it afterwards is found and named."""

import threading

import pytest
import sqlalchemy as sa

from actions.seal_audit import adopt, seal_audit
from actions.verify_audit import verify_audit
from domain import chain
from domain.actor import SYSTEM
from domain.secrets import key
from store import audit, seals
from store.engine import write
from store.refill import unguarded
from tests.factories import NOW, Town

SECRET = b"s" * 32


@pytest.fixture
def town(tables_url):
    town = Town(tables_url)
    yield town
    town.close()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "away" / "heads.log"


def put(town, n, first=1):
    with write(town.engine) as connection:
        for i in range(first, first + n):
            audit.append(connection, SYSTEM, "case.move", f"case:{i}", now=NOW + i, detail={"名": i})


def seal(town, file):
    return seal_audit(town.engine, SECRET, file, now=NOW)


def verdict(town, file):
    return verify_audit(town.engine, SECRET, file)


def change(town, order, **values):
    with write(town.engine) as connection, unguarded(connection):
        connection.execute(sa.text(order), values)


def test_rows_are_sealed_in_batches_and_the_tail_is_stated(town, file, monkeypatch):
    monkeypatch.setattr("actions.seal_audit.MOST_ROWS", 4)
    put(town, 10)
    assert verdict(town, file).tail == 10
    assert seal(town, file) == 3
    put(town, 2, first=11)
    found = verdict(town, file)
    assert (found.differences, found.seals, found.rows, found.tail, found.sealed_at) == ((), 3, 10, 2, NOW)
    assert [line.split()[:1] + line.split()[2:5] for line in file.read_text().splitlines()] == [
        ["1", "1", "4", "4"], ["2", "5", "8", "4"], ["3", "9", "10", "2"],
    ]  # fmt: skip


def test_nothing_new_makes_no_seal(town, file):
    put(town, 1)
    assert (seal(town, file), seal(town, file)) == (1, 0)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("UPDATE audit SET actor = 'other' WHERE id = 3", "row 3 of seal 1 was changed"),
        ("DELETE FROM audit WHERE id = 2", "row 2 of seal 1 is gone"),
        ("UPDATE audit_seals SET n = 4 WHERE id = 1", "seal 1 was changed, or made with another secret"),
        ("UPDATE audit_seals SET made_at = 5 WHERE id = 2", "seal 2 was changed, or made with another secret"),
        ("DELETE FROM audit_seals WHERE id = 1", "seal 1 is gone: seal 2 follows"),
        ("DELETE FROM audit_seals WHERE id = 2", "has the heads of seals 2 to 2, which the store has not"),
    ],
)
def test_whatever_is_done_to_the_record_is_named(town, file, order, said):
    put(town, 5)
    seal(town, file)
    put(town, 5, first=6)
    seal(town, file)
    change(town, order)
    assert said in " · ".join(verdict(town, file).differences)


def test_a_row_put_in_among_sealed_ones_is_named(town, file):
    put(town, 5)
    change(town, "DELETE FROM audit WHERE id = 3")
    seal(town, file)
    change(
        town,
        "INSERT INTO audit SELECT 3, at, actor, role, via, action, subject, result, detail FROM audit WHERE id = 1",
    )
    assert verdict(town, file).differences == ("row 3 was put in among the rows of seal 1 afterwards",)


def test_who_rewrites_the_store_with_the_secret_is_found_by_the_file(town, file):
    put(town, 3)
    seal(town, file)
    change(town, "UPDATE audit SET actor = 'other' WHERE id = 1")
    change(town, "DELETE FROM audit_seals")
    with write(town.engine) as connection:
        rows = seals.rows_between(connection, 0, 3)
        seals.add(connection, chain.sealed(key(SECRET, chain.PURPOSE), None, rows, NOW))
    assert verdict(town, file).differences == (f"seal 1 differs from its head in {file}",)


def test_a_file_that_lost_lines_or_was_changed_is_found(town, file):
    for first in (1, 4, 7):
        put(town, 3, first=first)
        seal(town, file)
    one, two, three = file.read_text().splitlines()
    file.write_text(f"{one}\n{three}\n")
    assert verdict(town, file).differences == (f"{file} lacks the heads of seals 2 to 2",)
    file.write_text(f"{one}\n{two[:-1]}x\n{three}\n")
    assert verdict(town, file).differences == (f"seal 2 differs from its head in {file}",)


def test_a_crash_between_store_and_file_is_made_good(town, file):
    put(town, 3)
    seal(town, file)
    file.unlink()
    assert verdict(town, file).differences == ()  # the newest head may be on its way
    seal(town, file)
    assert len(file.read_text().splitlines()) == 1


def test_a_torn_last_line_counts_as_missing(town, file):
    put(town, 3)
    seal(town, file)
    whole = file.read_text()
    file.write_text(whole[:20])
    assert verdict(town, file).differences == ()


def test_ids_of_transactions_that_were_taken_back_raise_no_alarm(town, file):
    def taken_back():
        with write(town.engine) as connection:
            audit.append(connection, SYSTEM, "case.move", "case:9", now=NOW)
            raise RuntimeError

    put(town, 2)
    with pytest.raises(RuntimeError):
        taken_back()
    put(town, 2, first=3)
    seal(town, file)
    assert verdict(town, file).differences == ()


def test_a_row_that_is_committed_late_is_not_lost(town, file, monkeypatch):
    """A writer with a lower id commits after one with a higher id: it is sealed later, with the others or not at all."""
    monkeypatch.setattr(seals, "PATIENCE", "100ms")
    begun, go = threading.Event(), threading.Event()

    def late():
        with write(town.engine) as connection:
            audit.append(connection, SYSTEM, "case.late", "case:1", now=NOW)
            begun.set()
            go.wait(10)

    writer = threading.Thread(target=late)
    writer.start()
    begun.wait(10)
    if town.engine.dialect.name == "postgresql":
        put(town, 1)  # commits first, with a higher id
        assert seal(town, file) == 0
    go.set()
    writer.join()
    seal(town, file)
    found = verdict(town, file)
    assert found.differences == ()
    assert found.tail == 0
    assert found.rows == len(town.rows("SELECT id FROM audit"))


def test_after_a_backup_was_put_back_the_chain_goes_on_from_it(town, file):
    for first in (1, 4, 7):
        put(town, 3, first=first)
        seal(town, file)
    change(town, "DELETE FROM audit WHERE id > 3")
    change(town, "DELETE FROM audit_seals WHERE id > 1")
    assert "audit adopt" in verdict(town, file).differences[0]
    assert adopt(town.engine, file, SYSTEM, now=NOW) == 1
    seal(town, file)
    found = verdict(town, file)
    assert found.differences == ()
    assert found.rows == 4
    assert town.rows("SELECT action FROM audit ORDER BY id DESC LIMIT 1") == [("audit.adopt",)]

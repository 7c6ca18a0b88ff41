"""A reader sees each commit at once, asks little when there is none, and survives its database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from domain.contributions import Deltas
from store.counts.batches import append
from store.counts.packing import unpack
from store.counts.seal import seal
from store.counts.verify import rebuild
from store.engine import read, write
from store.schema import count_batch
from tests.store.counts.world import DAY, START, WHOLE, World, assert_equal


def rows_of(world: World) -> list[dict]:
    with read(world.engine) as connection:
        return world.rows(connection)


def test_an_empty_store_has_no_figures(world):
    assert_equal(world.counts().snapshot(), [])


def test_what_comes_to_nothing_is_not_appended(world):
    with write(world.engine) as connection:
        append(connection, Deltas.joined(()), known_at=START, backfill=False)
    world.write((1, {"status": "void"}), (2, None))
    with read(world.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(count_batch)) == 0


def test_a_batch_says_when_it_was_known_and_whether_it_is_history(world):
    world.write((1, {}))
    with write(world.engine) as connection:
        payload = connection.scalar(sa.select(count_batch.c.payload))
        append(connection, -unpack(bytes(payload)), known_at=START + 7, backfill=True)
    with read(world.engine) as connection:
        found = connection.execute(sa.select(count_batch.c.known_at, count_batch.c.backfill, count_batch.c.sealed_in))
        assert [tuple(row) for row in found] == [(START, False, None), (START + 7, True, None)]


def test_every_commit_of_another_process_is_seen_at_once_and_changes_the_version(world):
    process, other = world.counts(), World(str(world.engine.url), world.folder, fresh=False)
    versions = {process.snapshot().version}
    for case in range(1, 5):
        other.write((case, {"reported_at": START + case * DAY}))
        snapshot = process.snapshot()
        versions.add(snapshot.version)
        assert_equal(snapshot, rows_of(world))
    seal(other.engine, other.folder, now=START)
    versions.add(process.snapshot().version)
    rebuild(other.engine, other.folder, other.zone, now=START)
    versions.add(process.snapshot().version)
    assert_equal(process.snapshot(), rows_of(world))
    assert len(versions) == 7
    other.engine.dispose()


def test_without_a_commit_a_snapshot_is_the_same_and_reads_no_batch(world):
    world.write((1, {}))
    process = world.counts()
    first, statements = process.snapshot(), []
    sa.event.listen(world.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert process.snapshot() is first
    assert statements == []


def test_a_write_that_is_rolled_back_is_never_seen(world):
    process = world.counts()
    with pytest.raises(ZeroDivisionError), write(world.engine) as connection:  # noqa: PT012
        world.write((1, {})) if world.engine.dialect.name == "postgresql" else None
        append(connection, _one(world, connection), known_at=START, backfill=False)
        assert_equal(process.snapshot(), rows_of(world))
        raise ZeroDivisionError
    assert_equal(process.snapshot(), rows_of(world))


def test_a_snapshot_in_the_readers_own_transaction_agrees_with_its_rows(world):
    process = world.counts()
    world.write((1, {}))
    with read(world.engine) as connection:
        rows = world.rows(connection)
        world.write((2, {"reported_at": START + DAY}))
        assert_equal(process.at(connection), rows)
        assert_equal(process.snapshot(), rows_of(world))
        assert_equal(process.at(connection), rows)
    assert len(rows) == 1


def test_many_threads_ask_while_others_write(world):
    process, stop = world.counts(), threading.Event()

    def ask() -> int:
        last = 0
        while not stop.is_set():
            snapshot = process.snapshot()
            total = snapshot.totals(["reported"], None, 10**6, WHOLE)["reported"]
            assert total >= last
            assert int(snapshot.by_area("reported", None, 10**6, WHOLE).sum()) == total
            last = total
        return last

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask) for _ in range(8)]
        try:
            for case in range(1, 30):
                world.write((case, {}))
                if case % 10 == 0:
                    seal(world.engine, world.folder, now=START)
        finally:
            stop.set()
        for one in asking:
            one.result()
    assert_equal(process.snapshot(), rows_of(world))


@pytest.mark.postgres
def test_batches_that_commit_out_of_the_order_of_their_ids_are_all_seen(postgres_server, tmp_path):
    world = World(postgres_server(), tmp_path / "counts")
    world.write((1, {}))
    process = world.counts()
    process.snapshot()
    with world.engine.connect() as slow, slow.begin():
        append(slow, _one(world, slow), known_at=START, backfill=False)
        world.write((2, {"category_id": 2}))
        before = process.snapshot()
        assert before.totals(["reported"], None, 10**6, WHOLE) == {"reported": 2}
        seal(world.engine, world.folder, now=START)
        assert process.snapshot().totals(["reported"], None, 10**6, WHOLE) == {"reported": 2}
    assert process.snapshot().totals(["reported"], None, 10**6, WHOLE) == {"reported": 3}
    assert world.counts().snapshot().totals(["reported"], None, 10**6, WHOLE) == {"reported": 3}
    seal(world.engine, world.folder, now=START)
    assert process.snapshot().totals(["reported"], None, 10**6, WHOLE) == {"reported": 3}
    world.engine.dispose()


@pytest.mark.postgres
def test_a_lost_connection_is_made_again(postgres_server, tmp_path):
    world = World(postgres_server(), tmp_path / "counts")
    process = world.counts()
    process.snapshot()
    world.write((1, {}))
    with world.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
    assert_equal(process.snapshot(), rows_of(world))
    process.close()
    assert_equal(process.snapshot(), rows_of(world))
    world.engine.dispose()


@pytest.mark.postgres
def test_a_commit_rings_on_postgresql_and_a_rollback_does_not(postgres_server, tmp_path):
    world = World(postgres_server(), tmp_path / "counts")
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as ears:
        ears.exec_driver_sql("LISTEN gridhall")
        with world.engine.connect() as connection, connection.begin() as transaction:
            append(connection, _one(world, connection), known_at=START, backfill=False)
            transaction.rollback()
        world.write((2, {}))
        rung = list(ears.connection.driver_connection.notifies(timeout=5, stop_after=1))
        assert [(n.channel, n.payload) for n in rung] == [("gridhall", "")]
        assert list(ears.connection.driver_connection.notifies(timeout=0)) == []
    world.engine.dispose()


def _one(world: World, connection: sa.Connection) -> Deltas:
    """What one more case, numbered 1 000, counts for; it is not written."""
    row = {"area_id": 2, "placing": 0, "kind": 0, "category_id": 1, "source_id": 1}
    from tests.store.counts.world import EMPTY  # noqa: PLC0415

    return world._f([EMPTY | {"id": 1_000, "external_id": "1000"} | row])

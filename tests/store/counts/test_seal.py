"""Sealing changes no figure, whenever it breaks off and whoever else seals."""

import os
import shutil

import pytest
import sqlalchemy as sa

from store.counts import seal as sealing
from store.counts.seal import due, seal, seal_when_due
from store.counts.verify import rebuild, verify
from store.engine import read
from store.schema import checkpoints, count_batch
from tests.store.counts.world import DAY, START, World, assert_equal


def fill(world: World, first: int, last: int) -> None:
    for case in range(first, last):
        world.write(
            (case, {"reported_at": START + case * DAY, "category_id": 1 + case % 3, "area_id": (2, 9, 7)[case % 3]})
        )


def folders(world: World) -> set[str]:
    return {path.name for path in world.folder.iterdir() if path.is_dir()}


def named(world: World) -> list[str]:
    with read(world.engine) as connection:
        return list(connection.execute(sa.select(checkpoints.c.folder).order_by(checkpoints.c.id)).scalars())


def unsealed(world: World) -> int:
    with read(world.engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).where(count_batch.c.sealed_in.is_(None)))


def assert_right(world: World) -> None:
    """In a process that is new, and by the files themselves."""
    with read(world.engine) as connection:
        rows = world.rows(connection)
    assert_equal(world.counts().snapshot(), rows)
    assert verify(world.engine, world.zone, world.folder) == []


def test_nothing_unsealed_makes_no_checkpoint(world):
    assert not seal(world.engine, world.folder, now=START)
    fill(world, 1, 3)
    assert seal(world.engine, world.folder, now=START)
    assert not seal(world.engine, world.folder, now=START)
    assert len(named(world)) == 1


def test_it_is_due_when_many_batches_or_many_bytes_wait(world, monkeypatch):
    fill(world, 1, 4)
    assert not due(world.engine)
    monkeypatch.setattr(sealing, "MOST_BATCHES", 2)
    assert due(world.engine)
    assert seal_when_due(world.engine, world.folder, now=START) == 1
    fill(world, 4, 6)
    assert not due(world.engine)
    monkeypatch.setattr(sealing, "MOST_BYTES", 10)
    assert due(world.engine)
    assert_right(world)


def test_the_newest_folder_and_the_one_before_are_kept(world):
    for i in range(4):
        fill(world, 10 * i, 10 * i + 2)
        seal(world.engine, world.folder, now=START)
    assert folders(world) == set(named(world)[-2:])
    assert_right(world)


def test_a_reader_keeps_its_figures_when_its_files_are_removed(world):
    fill(world, 1, 3)
    seal(world.engine, world.folder, now=START)
    process = world.counts()
    old = process.snapshot()
    with read(world.engine) as connection:
        rows = world.rows(connection)
    for i in range(3):
        fill(world, 10 + i, 11 + i)
        seal(world.engine, world.folder, now=START)
    assert_equal(old, rows)
    assert process.snapshot().version != old.version


def test_the_big_file_is_linked_from_checkpoint_to_checkpoint(world):
    for i in range(3):
        fill(world, 10 * i, 10 * i + 2)
        seal(world.engine, world.folder, now=START)
    inodes = {os.stat(world.folder / name / "big.counts").st_ino for name in folders(world)}  # noqa: PTH116
    assert len(inodes) == 1
    assert_right(world)


@pytest.mark.parametrize("step", ["_write_files", "_commit", "write"])
@pytest.mark.parametrize("before", [0, 1])
def test_a_seal_that_breaks_off_leaves_only_an_orphan_that_the_next_removes(world, monkeypatch, step, before):
    fill(world, 1, 3)
    if before:
        seal(world.engine, world.folder, now=START)
        fill(world, 3, 5)
    names = named(world)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, step, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            seal(world.engine, world.folder, now=START)
    assert named(world) == names
    assert unsealed(world) == 2
    assert_right(world)
    assert seal(world.engine, world.folder, now=START)
    assert folders(world) == set(named(world))
    assert_right(world)


def test_a_folder_that_is_missing_or_damaged_is_made_again_from_the_batches(world, monkeypatch):
    monkeypatch.setattr("store.counts.folders.PORTION", 5)
    for i in range(3):
        fill(world, 10 * i, 10 * i + 3)
        seal(world.engine, world.folder, now=START)
    fill(world, 50, 52)
    newest = world.folder / named(world)[-1]
    for damage in (
        lambda: shutil.rmtree(newest),
        lambda: shutil.rmtree(world.folder),
        lambda: (newest / "big.counts").write_bytes(b"nonsense"),
        lambda: (newest / "big.counts").unlink(),  # noqa: PLW0108
    ):
        damage()
        assert_right(world)
        assert newest.is_dir()
    shutil.rmtree(world.folder)
    assert seal(world.engine, world.folder, now=START)
    assert_right(world)


def test_without_a_writable_disk_figures_come_from_memory(world, monkeypatch):
    fill(world, 1, 4)
    seal(world.engine, world.folder, now=START)
    fill(world, 4, 6)
    shutil.rmtree(world.folder)

    def full(*_arguments, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("store.counts.folders.write", full)
    with read(world.engine) as connection:
        rows = world.rows(connection)
    assert_equal(world.counts().snapshot(), rows)
    with pytest.raises(OSError, match="No space"):
        seal(world.engine, world.folder, now=START)
    assert_equal(world.counts().snapshot(), rows)


@pytest.mark.parametrize("other", ["seals", "rebuilds"])
def test_of_two_that_seal_at_once_one_does_nothing(world, tmp_path, monkeypatch, other):
    fill(world, 1, 4)
    elsewhere = tmp_path / "another machine"

    def overtaken(*arguments):
        monkeypatch.undo()
        if other == "seals":
            assert seal(world.engine, elsewhere, now=START)
        else:
            rebuild(world.engine, elsewhere, world.zone, now=START)
        return files(*arguments)

    files = sealing._write_files
    monkeypatch.setattr(sealing, "_write_files", overtaken)
    assert not seal(world.engine, world.folder, now=START)
    assert folders(world) == set()
    assert_right(world)


def test_very_much_is_sealed_in_portions(world, monkeypatch):
    fill(world, 1, 8)
    monkeypatch.setattr(sealing, "PORTION", 5)
    monkeypatch.setattr(sealing, "MOST_BATCHES", 0)
    assert seal_when_due(world.engine, world.folder, now=START) > 1
    assert unsealed(world) == 0
    assert_right(world)


def test_what_a_checkpoint_holds_fits_a_tree_that_has_grown_since(world):
    fill(world, 1, 5)
    seal(world.engine, world.folder, now=START)
    with world.engine.begin() as connection:  # one more grid in A: every position behind it moves
        connection.execute(sa.text("UPDATE areas SET last = last + 1 WHERE code = 'A' OR position > 3 OR code = ''"))
        connection.execute(sa.text("UPDATE areas SET position = position + 1 WHERE position > 3"))
        connection.execute(
            sa.text(
                "INSERT INTO areas (id, code, name, level, parent_id, depth, position, last) "
                "VALUES (11, 'A3', 'A3', 'area', 5, 2, 4, 4)"
            )
        )
    world.write((77, {"area_id": 11}))
    counts = world.counts()
    for _ in range(2):
        snapshot = counts.snapshot()
        by_area = dict(zip(counts.areas.code, snapshot.by_area("reported", None, 99_999, whole(counts)), strict=True))
        assert by_area == {"": 0, "A": 0, "A1": 1, "A2": 2, "A3": 1, "B": 0, "B1": 1, "B2": 0}
        seal(world.engine, world.folder, now=START)
        counts = world.counts()
    assert verify(world.engine, world.zone, world.folder) == []


def whole(counts):
    from store.counts.reader import Slice  # noqa: PLC0415

    return Slice(ranges=((0, len(counts.areas)),))

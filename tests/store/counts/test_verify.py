"""Counts that are wrong are told, and made right."""

import numpy as np
import pytest
import sqlalchemy as sa

from domain.cases import NO_PLACE
from domain.periods import SiteZone
from store.counts.reader import Slice
from store.counts.recount import recount
from store.counts.seal import seal
from store.counts.verify import Places, rebuild, verify
from store.engine import read, write
from store.schema import cases, checkpoints, count_batch
from tests.store.counts.world import DAY, START, World, assert_equal, truth


def rows_of(world: World) -> list[dict]:
    with read(world.engine) as connection:
        return world.rows(connection)


def fill(world: World, count: int = 6) -> None:
    for case in range(1, count + 1):
        world.write(
            (case, {"reported_at": START + case * DAY, "area_id": (2, 9, 7)[case % 3], "category_id": 1 + case % 3})
        )


def test_a_recount_is_what_plain_loops_over_the_rows_give(world, monkeypatch):
    monkeypatch.setattr("store.counts.recount.ROWS", 4)
    fill(world)
    world.write((3, {"status": "closed", "closed_at": START + 9 * DAY, "level": 1}))
    with read(world.engine) as connection:
        found, rows = recount(connection, world.zone), world.rows(connection)
    assert int(found.n.sum()) == sum(truth(rows).values())
    assert len(found) == len(truth(rows))


@pytest.mark.parametrize("sealed", [False, True])
def test_a_case_changed_behind_the_counts_back_is_named(world, sealed):
    fill(world)
    if sealed:
        seal(world.engine, world.folder, now=START)
    assert verify(world.engine, world.zone, world.folder) == []
    with world.engine.begin() as connection:
        connection.execute(sa.update(cases).where(cases.c.id == 2).values(category_id=2))
    found = verify(world.engine, world.zone)
    assert sorted(found) == [
        "reported on 2026-03-03 in B1 (here), problem, category 'c2', source 's1': the cases give 1, the counts say 0",
        "reported on 2026-03-03 in B1 (here), problem, category 'c3', source 's1': the cases give 0, the counts say 1",
    ]


def test_thousands_of_differences_are_told_in_few_sentences(world):
    for case in range(40):
        world.write((case, {"reported_at": START + case * DAY, "category_id": 1 + case % 3}))
    found = verify(world.engine, SiteZone("America/New_York"))
    assert 10 < len(found) < 30
    assert "counts rebuild" in found[-1]


def test_a_batch_that_is_missing_is_named(world):
    fill(world)
    with world.engine.begin() as connection:
        connection.execute(sa.delete(count_batch).where(count_batch.c.id == 1))
    assert [sentence.split(":")[1] for sentence in verify(world.engine, world.zone)] == [
        " the cases give 1, the counts say 0"
    ]


def test_files_that_do_not_hold_their_batches_are_named(world):
    fill(world)
    seal(world.engine, world.folder, now=START)
    with world.engine.begin() as connection:
        connection.execute(sa.update(count_batch).where(count_batch.c.id == 2).values(sealed_in=None))
    assert verify(world.engine, world.zone) == []
    assert "do not hold its batches" in verify(world.engine, world.zone, world.folder)[0]


@pytest.mark.parametrize("array", ["reported/slabs", "ended/sums", "reported/n"])
def test_damaged_numbers_in_a_file_are_found(little_world, array, monkeypatch):
    monkeypatch.setattr("store.counts.building._LEAST_REST", 1)
    world = little_world
    fill(world)
    world.write((3, {"status": "closed", "closed_at": START + 9 * DAY, "level": 1}))
    seal(world.engine, world.folder, now=START)
    [path] = world.folder.glob("*/big.counts")
    from store.counts.files import open_segment  # noqa: PLC0415

    at = open_segment(path).arrays._directory[f"categories/{array}"][2]
    bytes_ = bytearray(path.read_bytes())
    bytes_[at + 4 if array.endswith("slabs") else at] ^= 1
    path.write_bytes(bytes_)
    assert verify(world.engine, world.zone) == []
    assert any("is made again" in sentence for sentence in verify(world.engine, world.zone, world.folder))


def test_a_rebuild_makes_any_counts_right_again_for_readers_old_and_new(world):
    fill(world)
    process = world.counts()
    process.snapshot()
    for damage in (
        sa.delete(count_batch).where(count_batch.c.id == 1),
        sa.update(cases).values(category_id=3),
        sa.delete(count_batch),
        sa.delete(cases).where(cases.c.id > 2),
    ):
        with world.engine.begin() as connection:
            connection.execute(damage)
        rebuild(world.engine, world.folder, world.zone, now=START)
        assert verify(world.engine, world.zone, world.folder) == []
        assert_equal(world.counts().snapshot(), rows_of(world))
        assert_equal(process.snapshot(), rows_of(world))
        world.write((50, {"level": None}))


def test_a_rebuild_of_nothing_leaves_nothing(world):
    rebuild(world.engine, world.folder, world.zone, now=START)
    assert_equal(world.counts().snapshot(), [])
    assert verify(world.engine, world.zone, world.folder) == []


def test_numbers_of_batches_and_checkpoints_are_never_given_twice(world):
    seen: set[tuple[str, int]] = set()
    for _ in range(3):
        fill(world, 2)
        world.write((1, None))
        rebuild(world.engine, world.folder, world.zone, now=START)
        with read(world.engine) as connection:
            batches = {("batch", i) for i in connection.execute(sa.select(count_batch.c.id)).scalars()}
            points = {("checkpoint", i) for i in connection.execute(sa.select(checkpoints.c.id)).scalars()}
        assert not (batches | points) & seen
        seen |= batches | points


def test_a_rebuild_can_place_every_case_anew(world, monkeypatch):
    monkeypatch.setattr("store.counts.recount.ROWS", 4)
    fill(world)
    world.write((1, {"longitude": 114.5, "latitude": 30.5}), (2, {"area_code": "B2", "placing": NO_PLACE}))
    asked: list[Places] = []

    def locate(places: Places):
        asked.append(places)
        area = np.where(np.isfinite(places.longitude), 3, 1)
        return area.astype(np.int64), np.where(np.isfinite(places.longitude), 0, places.placing).astype(np.int8)

    rebuild(world.engine, world.folder, world.zone, now=START, locate=locate)
    assert [len(places.longitude) for places in asked] == [4, 2]
    assert asked[0].longitude[0] == 114.5
    assert asked[0].area_code.tolist() == [None, "B2", None, None]
    rows = rows_of(world)
    assert {row["id"]: (row["area_id"], row["placing"]) for row in rows} == {
        1: (3, 0),
        2: (1, NO_PLACE),
    } | dict.fromkeys(range(3, 7), (1, 0))
    assert_equal(world.counts().snapshot(), rows)
    part = Slice(ranges=((6, 7),))
    assert world.counts().snapshot().totals(["reported"], None, 10**6, part) == {"reported": 1}


def test_a_rebuild_that_breaks_off_changes_nothing(world):
    fill(world)
    seal(world.engine, world.folder, now=START)
    rows = rows_of(world)

    def broken(_places):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild(world.engine, world.folder, world.zone, now=START, locate=broken)
    assert rows_of(world) == rows
    assert_equal(world.counts().snapshot(), rows)
    with write(world.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(checkpoints)) == 1

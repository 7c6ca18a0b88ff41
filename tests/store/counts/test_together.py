"""Writers, a sealing process that is killed again and again, and readers: every snapshot equals a recount."""

import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from store.counts.seal import seal
from store.counts.verify import verify
from store.engine import read
from store.schema import checkpoints
from tests.store.counts.world import WHOLE, World, assert_equal

ROOT = Path(__file__).parents[3]
WRITERS, WRITES = 4, {"postgresql": 80, "sqlite": 50}
TURNS = 10
"""The writers begin again until enough seals came through: how many a turn sees depends on the machine."""


def start(world: World, task: str, *rest: object) -> subprocess.Popen[bytes]:
    url = world.engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-m", "tests.store.counts.hands", task, url, str(world.folder), *map(str, rest)]
    return subprocess.Popen(words, cwd=ROOT)


def test_every_snapshot_is_a_recount_while_four_write_and_seals_are_killed(world):
    world.write((1, {}))
    process, compared, sealed = world.counts(), 0, 0
    sealer, writers = start(world, "seal"), []
    try:
        for turn in range(TURNS):
            writers = [
                start(world, "write", turn * WRITERS + seed, WRITES[world.engine.dialect.name])
                for seed in range(WRITERS)
            ]
            while any(writer.poll() is None for writer in writers):
                with read(world.engine) as connection:
                    rows = world.rows(connection)
                    assert_equal(process.at(connection), rows)
                now = process.snapshot()
                assert (
                    int(now.by_area("reported", None, 10**6, WHOLE).sum())
                    == now.totals(["reported"], None, 10**6, WHOLE)["reported"]
                )
                compared += 1
            assert [writer.returncode for writer in writers] == [0] * WRITERS
            with read(world.engine) as connection:
                sealed = connection.execute(sa.select(sa.func.count()).select_from(checkpoints)).scalar_one()
            if compared > 20 and sealed > 3:
                break
    finally:
        for one in (sealer, *writers):
            one.kill()
            one.wait()
    with read(world.engine) as connection:
        rows = world.rows(connection)
    assert compared > 20
    assert sealed > 3
    assert_equal(process.snapshot(), rows)
    assert_equal(world.counts().snapshot(), rows)
    seal(world.engine, world.folder, now=0)
    assert verify(world.engine, world.zone, world.folder) == []
    assert len([path for path in world.folder.iterdir() if path.is_dir()]) <= 2

"""A backup holds everything, is the same for both databases, and a restore is whole or nothing."""

import io
import tarfile

import pytest
import sqlalchemy as sa

from actions.backup import backup
from actions.fold_readings import fold_readings
from actions.restore import restore
from domain.actor import SYSTEM
from domain.periods import SiteZone
from store import archive
from store.counts.verify import verify
from store.engine import StoreError, open_engine, read
from store.migrate import migrate
from tests.actions.test_take_readings import take
from tests.factories import IN_B2, NOW, ZONE, Town

SITE_ZONE = SiteZone(ZONE)


def contents(engine) -> dict[str, list[tuple]]:
    """Every row of every table that a backup holds, without the audit record, which notes the backup itself."""
    with read(engine) as connection:
        return {
            table.name: [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in archive.tables()
            if table.name != "audit"
        }


@pytest.fixture
def full(tables_url, tmp_path):
    town = Town(tables_url)
    town.take(
        {"external_id": "1"}, {"external_id": "2", "title": "“=1+1”\n井盖", "longitude": IN_B2[0]}, {"external_id": "3"}
    )
    town.rate({"external_id": "r", "case": "1"})
    take(town, ("a", 0, 1.0), ("b", 40 * 86_400, 2.0))
    take(town, ("a", 0, 1.5))
    fold_readings(town.site)
    (tmp_path / "uploads" / "ab").mkdir(parents=True)
    (tmp_path / "uploads" / "ab" / "abcd.jpg").write_bytes(b"\xff\xd8photo")
    yield town
    town.close()


def saved(full, tmp_path):
    out = tmp_path / "backup.tar"
    backup(full.engine, tmp_path / "uploads", out, SYSTEM, now=NOW)
    return out


def other_store(tmp_path, request, kind: str):
    url = f"sqlite:///{tmp_path}/other.db" if kind == "sqlite" else request.getfixturevalue("postgres_server")()
    engine = open_engine(url)
    migrate(engine)
    return engine


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_what_was_backed_up_comes_back_on_either_database(full, tmp_path, request, kind):
    out = saved(full, tmp_path)
    engine = other_store(tmp_path, request, kind)
    restore(engine, tmp_path / "counts", tmp_path / "there", out, SYSTEM, zone=SITE_ZONE, now=NOW, replace=False)
    assert contents(engine) == contents(full.engine)
    assert verify(engine, SITE_ZONE, tmp_path / "counts") == []
    assert (tmp_path / "there" / "ab" / "abcd.jpg").read_bytes() == b"\xff\xd8photo"
    engine.dispose()


def test_new_rows_go_on_after_the_restored_ones(full, tmp_path):
    out = saved(full, tmp_path)
    restore(full.engine, tmp_path / "c", tmp_path / "u", out, SYSTEM, zone=SITE_ZONE, now=NOW, replace=True)
    full.take({"external_id": "4"})
    assert full.rows("SELECT count(*), count(DISTINCT id) FROM cases") == [(4, 4)]
    assert take(full, ("c", 80 * 86_400, 3.0), ("a", 60, 4.0)).kept == 2
    assert full.rows("SELECT count(*), count(DISTINCT series_id) FROM readings") == [(4, 3)]


def test_a_store_in_use_is_not_overwritten_by_accident(full, tmp_path):
    out = saved(full, tmp_path)
    before = contents(full.engine)
    with pytest.raises(StoreError, match="--replace"):
        restore(full.engine, tmp_path / "c", tmp_path / "u", out, SYSTEM, zone=SITE_ZONE, now=NOW, replace=False)
    assert contents(full.engine) == before


@pytest.mark.parametrize("harm", ["cut", "changed", "stranger", "outside"])
def test_a_damaged_backup_changes_nothing(full, tmp_path, harm):
    out = saved(full, tmp_path)
    raw = bytearray(out.read_bytes())
    if harm == "cut":
        out.write_bytes(raw[: len(raw) // 2])
    elif harm == "changed":
        where = raw.index(b"\xff\xd8photo")
        raw[where + 3] ^= 1
        out.write_bytes(raw)
    elif harm == "stranger":
        out.write_bytes(b"no archive at all")
    else:
        with tarfile.open(out, "w") as tar:
            manifest = b'{"format":1,"made_at":0,"revision":"0006","rows":{},"digests":{"../x":"00"}}'
            info = tarfile.TarInfo("manifest.json")
            info.size = len(manifest)
            tar.addfile(info, io.BytesIO(manifest))
    before = contents(full.engine)
    with pytest.raises(StoreError, match=r"backup\.tar"):
        restore(full.engine, tmp_path / "c", tmp_path / "u", out, SYSTEM, zone=SITE_ZONE, now=NOW, replace=True)
    assert contents(full.engine) == before


def test_a_restore_that_breaks_off_leaves_the_old_rows(full, tmp_path, monkeypatch):
    out = saved(full, tmp_path)
    full.take({"external_id": "5"})
    before = contents(full.engine)
    rows = archive.Unpacker.rows

    def torn(self, table):
        if table.name == "case_steps":
            raise OSError("gone")
        return rows(self, table)

    monkeypatch.setattr(archive.Unpacker, "rows", torn)
    with pytest.raises(OSError, match="gone"):
        restore(full.engine, tmp_path / "c", tmp_path / "u", out, SYSTEM, zone=SITE_ZONE, now=NOW, replace=True)
    assert contents(full.engine) == before


def test_a_backup_that_cannot_be_written_leaves_no_half(full, tmp_path, monkeypatch):
    def full_disk(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Packer, "upload", full_disk)
    with pytest.raises(OSError, match="No space"):
        saved(full, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("backup")] == []

"""Files as they come: whole, empty, cut, broken, forbidden."""

import gzip
from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation

ROWS = [f"{number},2024-05-01T08:00:{number:02},noise {number}" for number in range(1, 24)]
TEXT = "\n".join(["id,at,type", *ROWS]) + "\n"


def normal(folder: Path) -> Situation:
    (folder / "a.csv").write_text(TEXT)
    (folder / "b.csv").write_text("id,at,type\n91,2024-05-01T09:00:00,light\n")
    return Situation({"path": ".", "page_rows": 4}, folder)


def empty(folder: Path) -> Situation:
    (folder / "a.csv").write_text("id,at,type\n")
    return Situation({"path": "a.csv"}, folder)


def partial(folder: Path) -> Situation:
    packed = gzip.compress("\n".join(["id,at,type", *ROWS * 4000]).encode(), mtime=0)
    (folder / "a.csv.gz").write_bytes(packed[: len(packed) * 9 // 10])
    return Situation({"path": "a.csv.gz", "page_rows": 5000}, folder, raises=BadDataError)


def malformed(folder: Path) -> Situation:
    (folder / "a.csv").write_text(
        TEXT + '90,"never closed,noise\n91,too,many,cells\n92,few\n93,2024-05-01T08:00:00,noise\n'
    )
    return Situation({"path": "a.csv", "page_rows": 4}, folder)


def refused(folder: Path) -> Situation:
    (folder / "a.csv").write_text(TEXT)

    def forbid(monkeypatch):
        def open_forbidden(self, *args, **kwargs):
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", open_forbidden)

    return Situation({"path": "a.csv"}, folder, raises=AuthenticationError, arrange=forbid)


SITUATIONS = {"normal": normal, "empty": empty, "partial": partial, "malformed": malformed, "refused": refused}

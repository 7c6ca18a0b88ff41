"""Constructed: tables as people write them (CSV); the column names follow the recorded list of Atlanta in SOURCES.md."""

from pathlib import Path

from datasources.errors import AuthenticationError
from tests.datasources.sources import Situation

HEAD = "id,name,RTSP,url,lon,lat"
ROWS = [f"cctv_{n},Gate {n},rtsp://cams.test/{n},http://cams.test/{n}.jpg,{114 + n / 1000},30.5" for n in range(1, 12)]
OPTIONS = {"path": "cameras.csv", "page_rows": 4, "hosts": ["http://cams.test", "rtsp://cams.test"]}


def table(folder: Path, *rows: str) -> Path:
    path = folder / "cameras.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n")
    return path


def normal(folder: Path) -> Situation:
    table(folder, *ROWS)
    return Situation(OPTIONS, folder)


def empty(folder: Path) -> Situation:
    table(folder)
    return Situation(OPTIONS, folder)


def partial(folder: Path) -> Situation:
    table(folder, *ROWS, 'cctv_99,"never closed,rtsp://cams.test/99')
    return Situation(OPTIONS, folder)


def malformed(folder: Path) -> Situation:
    table(folder, *ROWS, "cctv_97,too,many,cells,1,2,3", "cctv_98,few", *ROWS[:1])
    return Situation(OPTIONS, folder)


def refused(folder: Path) -> Situation:
    table(folder, *ROWS)

    def forbid(monkeypatch):
        def open_forbidden(self, *args, **kwargs):
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", open_forbidden)

    return Situation(OPTIONS, folder, raises=AuthenticationError, arrange=forbid)


SITUATIONS = {"normal": normal, "empty": empty, "partial": partial, "malformed": malformed, "refused": refused}

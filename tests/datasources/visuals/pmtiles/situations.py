"""An archive that GDAL wrote, recorded (recorded/sources.toml)."""

from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation
from tests.datasources.visuals.recorded import heard

ARCHIVE = Path(__file__).parent / "recorded" / "things.pmtiles"
PARTIAL = "is one layer in one file: half of it is malformed, and nothing comes before the cut"


def written(folder: Path, body: bytes, **said) -> Situation:
    (folder / "things.pmtiles").write_bytes(body)
    return Situation({"path": "things.pmtiles"}, folder, **said)


def normal(folder: Path) -> Situation:
    return written(folder, ARCHIVE.read_bytes())


def malformed(folder: Path) -> Situation:
    whole = ARCHIVE.read_bytes()
    return written(folder, whole[: len(whole) // 2], raises=BadDataError)


def refused(folder: Path) -> Situation:
    def forbid(monkeypatch):
        def open_forbidden(self, *args, **kwargs):
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", open_forbidden)

    return written(folder, ARCHIVE.read_bytes(), raises=AuthenticationError, arrange=forbid)


SITUATIONS = {
    "normal": normal,
    "empty": lambda folder: heard("visuals.pmtiles", normal(folder)),
    "partial": PARTIAL,
    "malformed": malformed,
    "refused": refused,
}

"""Collections as files. constructed after RFC 7946 (The GeoJSON Format), sections 3.2 and 3.3."""

import json
from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation

FEATURES = [
    {"type": "Feature", "properties": {"name": f"hydrant {n}"},
     "geometry": {"type": "Point", "coordinates": [114.3 + n / 1000, 30.5]}}
    for n in range(5)
]  # fmt: skip
WHOLE = json.dumps({"type": "FeatureCollection", "features": FEATURES})


def written(folder: Path, text: str, **said) -> Situation:
    (folder / "hydrants.geojson").write_text(text)
    return Situation({"path": "hydrants.geojson"}, folder, **said)


def normal(folder: Path) -> Situation:
    return written(folder, WHOLE)


def empty(folder: Path) -> Situation:
    from datasources.registry import connector_class  # noqa: PLC0415
    from tests.datasources.test_contract import read  # noqa: PLC0415

    made = written(folder, WHOLE)
    last = read(connector_class("visuals.geojson"), made)[-1]
    return written(folder, WHOLE, cursor=last.cursor)


def malformed(folder: Path) -> Situation:
    broken = [*FEATURES, {"type": "Feature", "geometry": {"type": "Point", "coordinates": ["east", "north"]}}]
    return written(folder, json.dumps({"type": "FeatureCollection", "features": broken}), raises=BadDataError)


def refused(folder: Path) -> Situation:
    def forbid(monkeypatch):
        def open_forbidden(self, *args, **kwargs):
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", open_forbidden)

    return written(folder, WHOLE, raises=AuthenticationError, arrange=forbid)


PARTIAL = "is one layer in one document: half of it is malformed, and nothing comes before the cut"
SITUATIONS = {"normal": normal, "empty": empty, "partial": PARTIAL, "malformed": malformed, "refused": refused}

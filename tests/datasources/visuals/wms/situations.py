"""Capabilities and maps of a MapProxy, recorded (recorded/sources.toml)."""

from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.visuals.recorded import BASE, always, answers, cut, heard, replay, world
from tests.painted import BOX

OPTIONS = {"url": f"{BASE}/service", "bounds": BOX}
NAMED = {**OPTIONS, "version": "1.1.1", "layers": ["ground", "again"]}


def normal(folder: Path) -> Situation:
    return world(folder, OPTIONS, replay(answers("wms")))


def partial(folder: Path) -> Situation:
    found = replay(answers("wms"))

    def answer(request):
        return cut(request) if request.url.params["LAYERS"] == "again" else found(request)

    return world(folder, NAMED, answer, raises=TemporaryError)


def malformed(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("wms")["older.xml"]), raises=BadDataError)


def refused(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("wms")["unauthorized.txt"]), raises=AuthenticationError)


SITUATIONS = {
    "normal": normal,
    "empty": lambda folder: heard("visuals.wms", normal(folder)),
    "partial": partial,
    "malformed": malformed,
    "refused": refused,
}

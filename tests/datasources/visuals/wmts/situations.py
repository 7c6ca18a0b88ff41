"""Capabilities and tiles of a MapProxy, recorded (recorded/sources.toml)."""

from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.visuals.recorded import BASE, always, answers, cut, heard, replay, world
from tests.painted import BOX

OPTIONS = {"url": f"{BASE}/service", "bounds": BOX}
NAMED = {**OPTIONS, "layers": ["ground", "again"], "matrix_set": "mercator"}


def normal(folder: Path) -> Situation:
    return world(folder, OPTIONS, replay(answers("wmts")))


def partial(folder: Path) -> Situation:
    found = replay(answers("wmts"))

    def answer(request):
        return cut(request) if request.url.params["LAYER"] == "again" else found(request)

    return world(folder, NAMED, answer, raises=TemporaryError)


def malformed(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("wmts")["unknown.xml"]), raises=BadDataError)


def refused(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("wmts")["unauthorized.txt"]), raises=AuthenticationError)


SITUATIONS = {
    "normal": normal,
    "empty": lambda folder: heard("visuals.wmts", normal(folder)),
    "partial": partial,
    "malformed": malformed,
    "refused": refused,
}

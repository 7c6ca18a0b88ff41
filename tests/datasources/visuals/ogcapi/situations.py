"""Collections and items of a pygeoapi, recorded (recorded/sources.toml). refused: constructed after RFC 9110, 15.5.2."""

from pathlib import Path

import httpx

from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from tests.datasources.sources import Situation
from tests.datasources.visuals.recorded import BASE, always, answers, cut, heard, replay, world

OPTIONS = {"url": BASE}


def normal(folder: Path) -> Situation:
    return world(folder, OPTIONS, replay(answers("ogcapi")))


def partial(folder: Path) -> Situation:
    found = replay(answers("ogcapi"))

    def answer(request):
        return cut(request) if "again/items" in request.url.path else found(request)

    return world(folder, OPTIONS, answer, raises=TemporaryError)


def malformed(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("ogcapi")["landing.json"]), raises=BadDataError)


def refused(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(httpx.Response(401)), raises=AuthenticationError)


SITUATIONS = {
    "normal": normal,
    "empty": lambda folder: heard("visuals.ogcapi", normal(folder)),
    "partial": partial,
    "malformed": malformed,
    "refused": refused,
}

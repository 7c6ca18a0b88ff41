"""Tiles of a MapProxy, recorded (recorded/sources.toml)."""

from pathlib import Path

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation
from tests.datasources.visuals.recorded import BASE, always, answers, heard, replay, world
from tests.painted import BOX

OPTIONS = {"url": f"{BASE}/tiles/1.0.0/ground/mercator/{{z}}/{{x}}/{{y}}.png", "title": "Ground", "bounds": BOX}
PARTIAL = "has one layer, told once a tile was seen: nothing comes before a cut"


def normal(folder: Path) -> Situation:
    return world(folder, OPTIONS, replay(answers("xyz")))


def malformed(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("xyz")["capabilities.xml"]), raises=BadDataError)


def refused(folder: Path) -> Situation:
    return world(folder, OPTIONS, always(answers("xyz")["unauthorized.txt"]), raises=AuthenticationError)


SITUATIONS = {
    "normal": normal,
    "empty": lambda folder: heard("visuals.xyz", normal(folder)),
    "partial": PARTIAL,
    "malformed": malformed,
    "refused": refused,
}

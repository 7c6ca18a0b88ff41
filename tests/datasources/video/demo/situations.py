"""The demo town's cameras are computed: little can go wrong with them."""

from pathlib import Path

from datasources.errors import BadDataError
from demo.map import SEED
from tests.datasources.sources import Situation

NEVER = "computes its rows itself: nothing can be cut off, and nobody can refuse it"


def normal(folder: Path) -> Situation:
    return Situation({}, folder)


def empty(folder: Path) -> Situation:
    return Situation({}, folder, cursor={"map": SEED})


def malformed(folder: Path) -> Situation:
    return Situation({}, folder, cursor={"until": 1}, raises=BadDataError)


SITUATIONS = {"normal": normal, "empty": empty, "partial": NEVER, "malformed": malformed, "refused": NEVER}

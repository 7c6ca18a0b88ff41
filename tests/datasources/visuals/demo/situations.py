"""The demo town draws its layers itself: little can go wrong with it."""

from pathlib import Path

from datasources.errors import BadDataError
from tests.datasources.sources import Situation

NEVER = "draws its layers itself: nothing can be cut off, and nobody can refuse it"


def normal(folder: Path) -> Situation:
    return Situation({}, folder)


def empty(folder: Path) -> Situation:
    from datasources.registry import connector_class  # noqa: PLC0415 (the town is drawn only when it is asked for)
    from tests.datasources.test_contract import read  # noqa: PLC0415

    return Situation({}, folder, cursor=read(connector_class("visuals.demo"), normal(folder))[-1].cursor)


def malformed(folder: Path) -> Situation:
    return Situation({}, folder, cursor={"layers": 7}, raises=BadDataError)


SITUATIONS = {"normal": normal, "empty": empty, "partial": NEVER, "malformed": malformed, "refused": NEVER}

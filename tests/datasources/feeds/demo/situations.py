"""The demo town computes its rows: little can go wrong with it."""

from pathlib import Path

from datasources.errors import BadDataError
from tests.datasources.sources import Situation

OPTIONS = {"what": "case", "days": 3, "paper": False}
NEVER = "computes its rows itself: nothing can be cut off, and nobody can refuse it"


def normal(folder: Path) -> Situation:
    return Situation(OPTIONS, folder)


def empty(folder: Path) -> Situation:
    from datasources.registry import connector_class  # noqa: PLC0415 (the town is drawn only when it is asked for)
    from tests.datasources.test_contract import read  # noqa: PLC0415

    everything = Situation({"what": "layer"}, folder)
    return Situation({"what": "layer"}, folder, cursor=read(connector_class("feeds.demo"), everything)[-1].cursor)


def malformed(folder: Path) -> Situation:
    return Situation(OPTIONS, folder, cursor={"until": "yesterday"}, raises=BadDataError)


SITUATIONS = {"normal": normal, "empty": empty, "partial": NEVER, "malformed": malformed, "refused": NEVER}

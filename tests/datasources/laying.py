"""A connector that lies in a folder of its own: known to the registry and to the contract suite for one test."""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from datasources.registry import CONNECTORS, connector_class
from tests.datasources import test_contract as contract


@contextmanager
def installed(root: Path, name: str, found: str) -> Iterator[None]:
    """`name` ("feeds.rivers", its class at `found`) is imported from the house that is laid out at root."""
    group, _, short = name.partition(".")
    packages = [f"datasources.{group}", f"tests.datasources.{group}"]
    with pytest.MonkeyPatch.context() as patch:
        for package in map(importlib.import_module, packages):
            patch.setattr(package, "__path__", [*package.__path__, str(root / package.__name__.replace(".", "/"))])
        patch.setitem(CONNECTORS, name, found)
        patch.setattr(contract, "ROOT", root)
        yield
    for module in [
        each for each in sys.modules if each.startswith(tuple(f"{package}.{short}" for package in packages))
    ]:
        del sys.modules[module]


def rules() -> list[Any]:
    """Every rule of the contract suite, once for each situation that it is tried with, as parameters of a test."""
    found = []
    for rule in (each for name, each in vars(contract).items() if name.startswith("test_")):
        cases = [mark.args[1] for mark in getattr(rule, "pytestmark", ()) if mark.name == "parametrize"]
        found += [pytest.param(rule, which, id=f"{rule.__name__} {which}") for which in (cases[0] if cases else [""])]
    return found


def hold(rule: Callable[..., None], which: str, name: str, request: pytest.FixtureRequest) -> None:
    """One rule against one connector."""
    own = {"name": name, "found": connector_class(name), "which": which}
    rule(**{word: own.get(word) or request.getfixturevalue(word) for word in inspect.signature(rule).parameters})

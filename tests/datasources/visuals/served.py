"""Connectors that are asked over HTTP, as their tests make them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasources.registry import connector_class
from tests.datasources.sources import NOW

Making = Callable[..., Any]


def making(name: str, folder: Path, usual: dict[str, Any]) -> Making:
    """Makes the connector with its usual options and others."""

    def make(**options: Any) -> Any:
        return connector_class(name)({**usual, **options}, folder=folder, zone=None, clock=lambda: NOW)

    return make


def listed(connector: Any) -> list[dict[str, Any]]:
    """The layers of its pages as rows."""
    return [row for page in connector.pages(None) for row in page.frame.to_dict("records")]

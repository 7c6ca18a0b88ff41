"""Every connector by name: an explicit table, so that it can be searched (a test holds it against the folders)."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from config import ConfigError
from config_errors import hint
from config_sources import SourceSettings
from datasources.contract import Clock, Connector

CONNECTORS = {
    "feeds.demo": "datasources.feeds.demo.connector:DemoConnector",
    "feeds.file": "datasources.feeds.file.connector:FileConnector",
}


def connector_class(name: str) -> type[Connector]:
    """The class of a connector. Raises ConfigError for a name that nobody knows."""
    if name not in CONNECTORS:
        raise ConfigError(f"connector: there is no '{name}'{hint(name, CONNECTORS)}")
    module, _, found = CONNECTORS[name].partition(":")
    return cast("type[Connector]", getattr(import_module(module), found))


def create(source: SourceSettings, *, folder: Path, clock: Clock) -> Connector:
    """The connector of a source; relative paths start at folder. Raises ConfigError that names the source's key."""
    return build(
        source.connector,
        source.options,
        folder=folder,
        zone=ZoneInfo(source.timezone),
        clock=clock,
        where=f"sources.{source.name}",
    )


def build(
    name: str, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock, where: str
) -> Connector:
    """A connector by name; where: path of its table in the configuration, for the ConfigError."""
    try:
        return connector_class(name)(options, folder=folder, zone=zone, clock=clock)
    except ConfigError as error:
        raise ConfigError(f"{where}.{error}") from error

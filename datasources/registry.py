"""Every connector by name: an explicit table, so that it can be searched (a test holds it against the folders)."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from config import ConfigError
from config_errors import hint, read_model
from config_sources import SourceSettings
from datasources.contract import Clock, Connector
from datasources.visuals.layered import Layered
from domain.records import RECORDS

CONNECTORS = {
    "feeds.demo": "datasources.feeds.demo.connector:DemoConnector",
    "feeds.file": "datasources.feeds.file.connector:FileConnector",
    "feeds.frigate": "datasources.feeds.frigate.connector:FrigateConnector",
    "feeds.mqtt": "datasources.feeds.mqtt.connector:MqttConnector",
    "feeds.open311": "datasources.feeds.open311.connector:Open311Connector",
    "feeds.redis_stream": "datasources.feeds.redis_stream.connector:RedisStreamConnector",
    "feeds.rest": "datasources.feeds.rest.connector:RestConnector",
    "feeds.sensorthings": "datasources.feeds.sensorthings.connector:SensorThingsConnector",
    "feeds.sql": "datasources.feeds.sql.connector:SqlConnector",
    "feeds.webhook": "datasources.feeds.webhook.connector:WebhookConnector",
    "video.demo": "datasources.video.demo.connector:DemoCamerasConnector",
    "video.go2rtc": "datasources.video.go2rtc.connector:Go2RtcConnector",
    "video.links": "datasources.video.links.connector:LinksConnector",
    "video.mediamtx": "datasources.video.mediamtx.connector:MediaMtxConnector",
    "video.onvif": "datasources.video.onvif.connector:OnvifConnector",
    "video.rtsp": "datasources.video.rtsp.connector:RtspConnector",
    "video.wvp": "datasources.video.wvp.connector:WvpConnector",
    "video.zlmediakit": "datasources.video.zlmediakit.connector:ZlMediaKitConnector",
    "visuals.demo": "datasources.visuals.demo.connector:DemoLayersConnector",
    "visuals.geojson": "datasources.visuals.geojson.connector:GeojsonConnector",
    "visuals.ogcapi": "datasources.visuals.ogcapi.connector:OgcapiConnector",
    "visuals.pmtiles": "datasources.visuals.pmtiles.connector:PmtilesConnector",
    "visuals.wms": "datasources.visuals.wms.connector:WmsConnector",
    "visuals.wmts": "datasources.visuals.wmts.connector:WmtsConnector",
    "visuals.xyz": "datasources.visuals.xyz.connector:XyzConnector",
}

PLACE = frozenset({"point", "longitude", "latitude"})
"""Fields that say where something is: who names one of them wants none of the usual ones."""


def connector_class(name: str) -> type[Connector]:
    """The class of a connector. Raises ConfigError for a name that nobody knows."""
    if name not in CONNECTORS:
        raise ConfigError(f"connector: there is no '{name}'{hint(name, CONNECTORS)}")
    module, _, found = CONNECTORS[name].partition(":")
    return cast("type[Connector]", getattr(import_module(module), found))


def completed(source: SourceSettings) -> SourceSettings:
    """The source with the usual fields of its connector (its FIELDS) where the configuration names none of its own.

    Raises ConfigError where a field that the record needs is named by neither, or where one names a field that its
    connector gives once and for all (its FIXED).
    """
    found = connector_class(source.connector)
    usual = {name: spec for name, spec in getattr(found, "FIELDS", {}).items() if name in RECORDS[source.taken_as]}
    for name in getattr(found, "FIXED", ()):
        if name in source.fields:
            raise ConfigError(
                f"sources.{source.name}.fields.{name}: {source.connector} says itself what it is; remove the line"
            )
    own = {name: spec.model_dump(exclude_none=True) for name, spec in source.fields.items()}
    if not usual and not own:
        raise ConfigError(
            f"sources.{source.name}.fields: is missing; say which column is which field of a {source.record}"
        )
    if PLACE & own.keys():
        usual = {name: spec for name, spec in usual.items() if name not in PLACE}
    given = {**source.model_dump(exclude_none=True), "fields": {**usual, **own}}
    whole = read_model(SourceSettings, given, f"sources.{source.name}")
    for name, field in RECORDS[source.taken_as].items():
        if field.required and name not in whole.fields:
            raise ConfigError(f"sources.{source.name}.fields.{name}: is missing; a {source.record} needs it")
    return whole


def create(source: SourceSettings, *, folder: Path, clock: Clock) -> Connector:
    """The connector of a source; relative paths start at folder. Raises ConfigError that names the source's key."""
    made = build(
        source.connector,
        source.options,
        folder=folder,
        zone=ZoneInfo(source.timezone),
        clock=clock,
        where=f"sources.{source.name}",
    )
    if isinstance(made, Layered):
        made.declare(source.crs, f"sources.{source.name}")
    return made


def build(
    name: str, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock, where: str
) -> Connector:
    """A connector by name; where: path of its table in the configuration, for the ConfigError."""
    try:
        return connector_class(name)(options, folder=folder, zone=zone, clock=clock)
    except ConfigError as error:
        raise ConfigError(f"{where}.{error}") from error

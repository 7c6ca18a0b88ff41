"""What [sources.options] may say to visuals.wms."""

from typing import Literal

from pydantic import Field, model_validator

from config_errors import problem
from datasources.visuals.options import ServedOptions


class WmsOptions(ServedOptions):
    """layers: names; those of the capabilities unless said. projection: what maps are asked for in. query: sent as well.

    Capabilities of version 1.1.1 begin with a DTD, which is not read from anybody: its layers have to be named.
    """

    layers: tuple[str, ...] = ()
    version: Literal["1.1.1", "1.3.0"] = "1.3.0"
    projection: Literal["EPSG:3857", "EPSG:4326"] = "EPSG:3857"
    style: str = ""
    format: str = "image/png"
    transparent: bool = True
    query: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named_where_they_cannot_be_read(self) -> "WmsOptions":
        if self.version == "1.1.1" and not self.layers:
            raise problem("is missing; with version 1.1.1 name the layers, for its capabilities are not read", "layers")
        return self

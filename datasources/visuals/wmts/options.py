"""What [sources.options] may say to visuals.wmts."""

from typing import Any, Literal

from pydantic import Field, model_validator

from config_errors import problem
from datasources.visuals.addresses import blanks
from datasources.visuals.options import ServedOptions

PRESETS: dict[str, dict[str, Any]] = {
    "tianditu": {
        "url": "https://t{s}.tianditu.gov.cn/{layer}_w/wmts",
        "subdomains": tuple("01234567"),
        "matrix_set": "w",
        "format": "tiles",
        "min_zoom": 1,
        "max_zoom": 18,
        "attribution": "天地图",
        "bounds": (73.0, 3.0, 136.0, 54.0),
        "layers": ("vec", "cva"),
    },
}
"""Tianditu (the national platform): CGCS2000, Web Mercator, levels from 1; the key goes as tk. bounds: where it is looked at."""

TITLES = {
    "tianditu": {"vec": "天地图矢量", "cva": "天地图矢量注记", "img": "天地图影像", "cia": "天地图影像注记", "ter": "天地图地形", "cta": "天地图地形注记"},
}  # fmt: skip
KEYS = {"tianditu": "tk"}


class WmtsOptions(ServedOptions):
    """url: of the service, of its capabilities, or a template with {TileMatrix}, {TileRow} and {TileCol}.

    layers: names; all of the capabilities unless said. matrix_set: where it is named, the capabilities are not asked;
    matrix: name of a level of it, {z} its number. query: sent as well. preset: usual options of a known service; key: what
    it asks for.
    """

    layers: tuple[str, ...] = ()
    style: str = "default"
    matrix_set: str = ""
    matrix: str = "{z}"
    format: str = "image/png"
    subdomains: tuple[str, ...] = ()
    query: dict[str, str] = Field(default_factory=dict)
    preset: Literal["tianditu"] | None = None
    key: str = ""

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, given: Any) -> Any:
        preset = given.get("preset") if isinstance(given, dict) else None
        return {**PRESETS[preset], **given} if preset in PRESETS else given

    @model_validator(mode="after")
    def _whole(self) -> "WmtsOptions":
        if self.preset and not self.key:
            raise problem('is missing; write key = "${ENV:NAME}" with the name of a variable that holds it', "key")
        if self.matrix_set and not self.layers:
            raise problem("is missing; name the layers of the matrix_set", "layers")
        if "tilerow" in blanks(self.url) and not self.matrix_set:
            raise problem("is missing; say which tile matrix set of the template is in EPSG:3857", "matrix_set")
        return self

    @property
    def sent(self) -> dict[str, str]:
        """What is sent with every request."""
        return {**self.query, **({KEYS[self.preset]: self.key} if self.preset else {})}

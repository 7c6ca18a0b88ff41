"""What [sources.options] may say to every service that draws layers."""

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of
from datasources.outgoing import Caps

MOST_ZOOM = 22


def _with_scheme(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise problem("is no address; write it with http:// or https:// in front")
    return url


Address = Annotated[str, AfterValidator(_with_scheme)]
"""An address of the web, or a template of one."""


class LayerOptions(Frozen):
    """title, attribution: what people read. bounds: west, south, east, north in degrees. keep: how long a tile is good."""

    title: str | None = None
    attribution: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    keep: Duration = "1d"

    @property
    def keep_seconds(self) -> int:
        """Seconds for which an answer is kept."""
        return seconds_of(self.keep)

    @field_validator("bounds")
    @classmethod
    def _a_box(cls, box: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        if box and not (-180 <= box[0] < box[2] <= 180 and -90 <= box[1] < box[3] <= 90):
            raise problem("is no box; write west, south, east, north in degrees, such as [114.2, 30.4, 114.4, 30.6]")
        return box


class ServedOptions(LayerOptions):
    """url: of the service. hosts: more hosts that it may lead to. headers: sent with every request.

    min_zoom, max_zoom: levels that it draws. silence_seconds, most_megabytes: what one answer may cost.
    """

    url: Address
    hosts: tuple[str, ...] = ()
    headers: dict[str, str] = Field(default_factory=dict)
    min_zoom: int = Field(default=0, ge=0, le=MOST_ZOOM)
    max_zoom: int = Field(default=18, ge=0, le=MOST_ZOOM)
    silence_seconds: float = Field(default=8.0, gt=0)
    most_megabytes: int = Field(default=16, ge=1)

    @model_validator(mode="after")
    def _from_low_to_high(self) -> "ServedOptions":
        if self.min_zoom > self.max_zoom:
            raise problem("is above max_zoom", "min_zoom")
        return self

    @property
    def caps(self) -> Caps:
        """What an answer may cost; a map waits for it, so it is less than a feed has."""
        silent = self.silence_seconds
        return Caps(min(4.0, silent), silent, 2 * silent, self.most_megabytes << 20)

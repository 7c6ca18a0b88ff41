"""What [sources.options] may say to visuals.geojson."""

from pydantic import Field, model_validator

from config_errors import problem
from config_sources import Duration
from datasources.visuals.options import Address, LayerOptions

MOST_MEGABYTES = 64


class GeojsonOptions(LayerOptions):
    """path: a file, or url: an address. label: the property that names a feature. hosts: more hosts that url leads to.

    silence_seconds: how long an address may keep silent; most_megabytes: how large it may be.
    """

    path: str | None = None
    url: Address | None = None
    hosts: tuple[str, ...] = ()
    headers: dict[str, str] = Field(default_factory=dict)
    label: str | None = None
    most_megabytes: int = Field(default=MOST_MEGABYTES, ge=1)
    silence_seconds: float = Field(default=20.0, gt=0)
    keep: Duration = "5m"

    @model_validator(mode="after")
    def _one_place(self) -> "GeojsonOptions":
        if (self.path is None) == (self.url is None):
            raise problem("name either a file (path) or an address (url)", "path")
        return self

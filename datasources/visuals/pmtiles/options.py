"""What [sources.options] may say to visuals.pmtiles."""

from pydantic import Field

from datasources.visuals.options import LayerOptions


class PmtilesOptions(LayerOptions):
    """path: the archive. layers: of vector tiles, those to draw; all unless said. label: the property that names a feature."""

    path: str = Field(min_length=1)
    layers: tuple[str, ...] = ()
    label: str | None = None

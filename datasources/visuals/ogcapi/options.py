"""What [sources.options] may say to visuals.ogcapi."""

from pydantic import Field

from datasources.visuals.options import ServedOptions


class OgcapiOptions(ServedOptions):
    """url: the landing page. collections: ids; all unless said. label: the property that names a feature."""

    collections: tuple[str, ...] = ()
    label: str | None = None
    query: dict[str, str] = Field(default_factory=dict)

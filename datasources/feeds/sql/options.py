"""What [sources.options] may say to feeds.sql."""

from pydantic import Field, model_validator

from config_errors import problem
from config_sources import Frozen


class SqlOptions(Frozen):
    """url: SQLAlchemy address. table or query: what is read. by, key: the order in which it is read.

    overlap: seconds of a time column, or as many of a whole number, that each later fetch reads again. seconds: limit of a
    page.
    """

    url: str = Field(min_length=1)
    table: str | None = None
    query: str | None = None
    by: str = Field(min_length=1)
    key: str | None = None
    overlap: int = Field(default=0, ge=0)
    seconds: int = Field(default=60, ge=1)
    page_rows: int = Field(default=5_000, ge=1)

    @model_validator(mode="after")
    def _one_origin(self) -> "SqlOptions":
        if (self.table is None) == (self.query is None):
            raise problem("name either a table or a query")
        return self

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the order."""
        return (self.by,) if self.key in (None, self.by) else (self.by, str(self.key))

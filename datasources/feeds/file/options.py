"""What [sources.options] may say to feeds.file."""

import codecs
from typing import Literal

from pydantic import Field, field_validator

from config_errors import problem
from config_sources import Duration, Frozen, seconds_of

SUFFIXES = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".geojson": "geojson",
    ".parquet": "parquet",
    ".pq": "parquet",
}
PAGE_ROWS = 10_000


class FileOptions(Frozen):
    """path: a file, a pattern such as "*.json", or a folder; the last two are watched for new files.

    format: by the file's ending unless said. encoding: by its first bytes, else UTF-8. separator: one character.
    sheet: of a workbook, the first unless said. items: dotted path to the list within a JSON file.
    settle: in a watched folder, how long a file must have been left alone before it is read.
    hosts: where the URLs of cameras may lead, as URL or "host:port".
    """

    path: str = Field(min_length=1)
    format: Literal["csv", "tsv", "excel", "json", "jsonl", "geojson", "parquet"] | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    items: str | None = None
    settle: Duration = "2s"
    page_rows: int = Field(default=PAGE_ROWS, ge=1)
    hosts: tuple[str, ...] = ()

    @field_validator("separator")
    @classmethod
    def _one_sign(cls, sign: str | None) -> str | None:
        if sign is not None and (len(sign) != 1 or not sign.isascii() or sign in '"\r\n'):
            raise problem(f'{sign!r} is not allowed; write one ASCII character such as ",", ";" or "\\t"')
        return sign

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str | None) -> str | None:
        try:
            codecs.lookup(name or "utf-8")
        except LookupError:
            raise problem(f"'{name}' is not an encoding; write for example utf-8, utf-16 or gb18030") from None
        return name

    @property
    def settle_seconds(self) -> int:
        """Seconds that a watched file must have been left alone."""
        return seconds_of(self.settle)

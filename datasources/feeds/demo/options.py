"""What [sources.options] may say to feeds.demo."""

from typing import Literal

from pydantic import Field

from config_sources import Frozen


class DemoOptions(Frozen):
    """what: the records to give. seed: of the cases; the map is always the same one. days: full days before today.

    paper: with the replay of 2022-08 … 2023-01 in community 429099001001.
    """

    what: Literal["case", "rating", "layer"] = "case"
    seed: int = Field(default=7, ge=0)
    days: int = Field(default=400, ge=0)
    paper: bool = True

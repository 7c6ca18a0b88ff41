"""What [sources.options] may say to feeds.demo."""

from typing import Literal

from pydantic import Field

from config_sources import Frozen

USUAL_DAYS = {"reading": 1}


class DemoOptions(Frozen):
    """what: the records to give. seed: of cases and readings; the map and the devices are always the same ones.

    days: full days before today, of readings usually one. paper: with the replay of 2022-08 … 2023-01 in community 429099001001.
    """

    what: Literal["case", "rating", "layer", "sensor", "reading"] = "case"
    seed: int = Field(default=7, ge=0)
    days: int | None = Field(default=None, ge=0)
    paper: bool = True

    @property
    def full_days(self) -> int:
        """The days as given, or as many as are usual."""
        return USUAL_DAYS.get(self.what, 400) if self.days is None else self.days

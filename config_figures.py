"""[figures]: what the rules of a place may say otherwise about a figure."""

from pydantic import Field

from config_sources import Frozen


class Figures(Frozen):
    """[figures]: how much 基本满意 counts in the satisfied rate (0.9 in a district's 12345 code)."""

    basically_weight: float = Field(default=0.9, ge=0, le=1)

"""[trust]: where the heads of the audit record are written, and what machines of other systems may ask."""

from pathlib import Path

from pydantic import Field

from config_sources import Frozen


class Trust(Frozen):
    """[trust]: heads_file: outside the database, best on another disk; empty means var/audit-heads.log.

    jurisdiction: the jurisdiction_id of the Open311 interface; empty means any is taken. open311_days: the longest span of
    one question. open311_per_minute: how often a client without a key may ask.
    """

    heads_file: Path | None = None
    jurisdiction: str = ""
    open311_days: int = Field(default=90, ge=1, le=366)
    open311_per_minute: int = Field(default=120, ge=1, le=100_000)

"""What a reader looks at. Rolling windows are already resolved to days: a Filter means the same for ever."""

from dataclasses import dataclass, replace

from domain.periods import Period
from domain.scope import SITE


@dataclass(frozen=True)
class Filter:
    """A period, an area (its code; descendants included) and subsets of kinds, categories and sources (empty = all)."""

    period: Period
    area: str = SITE
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def before(self) -> "Filter":
        """The same for the previous period."""
        return replace(self, period=self.period.previous())

"""The part of the cells that a figure looks at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Slice:
    """A subset of the cells. Hashable, so that plans and views are cached by it.

    ranges: half-open ranges of area positions, disjoint and in order (AreaIndex.ranges); empty = nothing at all.
    kinds (index in KINDS), categories (ids), sources (ids), placings (index in PLACINGS): empty = all.
    """

    ranges: tuple[tuple[int, int], ...]
    kinds: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    placings: tuple[int, ...] = ()

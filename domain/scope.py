"""Who may see which areas. Every view, query and action takes a Scope without a default; no scope sees nothing."""

from dataclasses import dataclass

SITE = ""
"""The code of the root area."""


@dataclass(frozen=True)
class Scope:
    """The areas (codes, their descendants included) that the reader may see, and the role in which they read."""

    areas: frozenset[str]
    role: str

    @classmethod
    def site(cls, role: str) -> "Scope":
        """Everything of this site."""
        return cls(frozenset({SITE}), role)

    @classmethod
    def nothing(cls) -> "Scope":
        """No area at all."""
        return cls(frozenset(), "nobody")

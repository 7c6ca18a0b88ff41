"""What may be reported: categories in two schemes, with a limit for each condition of registration (立案条件)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from domain.measures import N_
from domain.workclock import Unit

USUAL = N_("Usual condition")
"""The condition of a category that has none of its own, and of those that a feed brings."""
SCHEMES = ("urban", "public_security")
"""部件/事件 of 数字城管 (GB/T 30428), and 综治 (GB/T 34300)."""


@dataclass(frozen=True)
class Limit:
    """A time limit: so much of a unit of domain.workclock."""

    amount: float
    unit: Unit


@dataclass(frozen=True)
class Condition:
    """A condition of registration, its limit, and what must be so to close."""

    name: str
    limit: Limit
    close: str = ""


@dataclass(frozen=True)
class Category:
    """One category (小类). group: the plain words under which residents find it; "" = residents do not. published: told to
    everyone by Open311. radius_m, hours: how near and how soon another report of it looks like the same matter.
    """

    name: str
    scheme: str = "urban"
    code: str = ""
    kind: str = "problem"
    department: str = ""
    group: str = ""
    published: bool = False
    conditions: tuple[Condition, ...] = ()
    radius_m: float = 50.0
    hours: float = 24.0

    def condition(self, name: str) -> Condition | None:
        """The condition of this name."""
        return next((each for each in self.conditions if each.name == name), None)


@dataclass(frozen=True)
class Catalogue:
    """All categories of a site in the order of its settings; usual: the condition of one that is not among them."""

    categories: tuple[Category, ...]
    usual: Condition

    @cached_property
    def by_name(self) -> dict[str, Category]:
        """Name → category."""
        return {category.name: category for category in self.categories}

    def of(self, name: str) -> Category:
        """The category of a name; one that a feed brought has the usual condition."""
        found = self.by_name.get(name) or Category(name)
        return found if found.conditions else Category(**{**vars(found), "conditions": (self.usual,)})

    def groups(self) -> tuple[tuple[str, tuple[Category, ...]], ...]:
        """The words for residents, each with its categories."""
        names = dict.fromkeys(category.group for category in self.categories if category.group)
        return tuple((name, tuple(c for c in self.categories if c.group == name)) for name in names)

    def departments(self, more: Iterable[str] = ()) -> tuple[str, ...]:
        """Every department that is named, those of feeds (`more`) too."""
        return tuple(dict.fromkeys([*(c.department for c in self.categories if c.department), *(m for m in more if m)]))

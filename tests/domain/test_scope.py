"""Whoever has no scope sees nothing; a filter of yesterday is one like today's."""

from domain.filters import Filter
from domain.periods import Period
from domain.scope import SITE, Scope


def test_nothing_holds_no_area_and_the_site_holds_all():
    assert Scope.nothing().areas == frozenset()
    assert Scope.site("command").areas == {SITE} and Scope.site("command").role == "command"


def test_the_filter_before_differs_in_its_period_only():
    chosen = Filter(Period(10, 16), "A", ("problem",), ("Litter",), ("one",))
    assert chosen.before() == Filter(Period(3, 9), "A", ("problem",), ("Litter",), ("one",))

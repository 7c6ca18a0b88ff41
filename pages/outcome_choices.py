"""What can be chosen on the outcome page, as menus of addresses."""

from collections.abc import Sequence

import dash_mantine_components as dmc

from components.facets import Option, facet
from components.words import _
from domain.scope import Scope
from pages.area_menu import area_menu
from views.outcome_query import MOST, WHOLE, OutcomeQuery, known_months, span
from views.reader import Moment


def menus(asked: OutcomeQuery, moment: Moment, scope: Scope) -> list[dmc.Popover]:
    """Area, first and last month, launch."""
    known = sorted({*known_months(moment), *asked.months})
    first, last = asked.months[0], asked.months[-1]
    begins = [m for m in known if m < last][-MOST + 1 :]
    ends = [m for m in known if m > first][: MOST - 1]
    return [
        area_menu(moment, scope, asked.area, lambda code: f"/outcomes{_moved(asked, code)}"),
        _months("first", _("From"), first, begins, [f"{m}..{last}" for m in begins], asked),
        _months("last", _("To"), last, ends, [f"{first}..{m}" for m in ends], asked),
        facet(
            "launch", _("Launch"), asked.launch,
            [Option(m, f"/outcomes{asked.text(launch=m)}", m == asked.launch) for m in asked.months[1:]],
        ),
    ]  # fmt: skip


def _months(
    name: str, label: str, current: str, offered: Sequence[str], spans: Sequence[str], asked: OutcomeQuery
) -> dmc.Popover:
    options = [
        Option(m, f"/outcomes{asked.text(months=s, launch=_kept(asked, s))}", m == current)
        for m, s in zip(offered, spans, strict=True)
    ]
    return facet(name, label, current, options[::-1])


def _kept(asked: OutcomeQuery, months: str) -> str:
    """The chosen launch where it still lies within the months."""
    first, _dots, last = months.partition("..")
    return asked.launch if asked.launch_given and first < asked.launch <= last else ""


def _moved(asked: OutcomeQuery, area: str) -> str:
    """The address of the same months for another area; the whole site is said too, as it may not be the default."""
    return asked.text(area=area or WHOLE, months=span(asked.months), launch=asked.launch if asked.launch_given else "")

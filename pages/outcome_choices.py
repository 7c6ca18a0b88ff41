"""What can be chosen on the outcome page, as menus of addresses."""

from components.facets import Menu, Option
from components.words import _
from domain.scope import Scope
from pages.area_menu import area_menu
from views.outcome_query import MOST, WHOLE, OutcomeQuery, known_months, span
from views.reader import Moment


def menus(asked: OutcomeQuery, moment: Moment, scope: Scope) -> tuple[Menu, ...]:
    """Area, first and last month, launch."""
    first, last = asked.months[0], asked.months[-1]
    return (
        area_menu(moment, scope, asked.area, lambda code: f"/outcomes{_moved(asked, code)}"),
        Menu("first", _("From"), first, lambda: _begins(asked, moment)),
        Menu("last", _("To"), last, lambda: _ends(asked, moment)),
        Menu("launch", _("Launch"), asked.launch, lambda: _launches(asked)),
    )


def _known(asked: OutcomeQuery, moment: Moment) -> list[str]:
    return sorted({*known_months(moment), *asked.months}, reverse=True)


def _begins(asked: OutcomeQuery, moment: Moment) -> list[Option]:
    last = asked.months[-1]
    return [_span(asked, m, last, m) for m in _known(asked, moment) if m < last][: MOST - 1]


def _ends(asked: OutcomeQuery, moment: Moment) -> list[Option]:
    first = asked.months[0]
    return [_span(asked, first, m, m) for m in _known(asked, moment) if m > first][-MOST + 1 :]


def _span(asked: OutcomeQuery, first: str, last: str, text: str) -> Option:
    months = f"{first}..{last}"
    href = f"/outcomes{asked.text(months=months, launch=_kept(asked, months))}"
    return Option(text, href, months == span(asked.months))


def _launches(asked: OutcomeQuery) -> list[Option]:
    return [Option(m, f"/outcomes{asked.text(launch=m)}", m == asked.launch) for m in asked.months[1:]]


def _kept(asked: OutcomeQuery, months: str) -> str:
    """The chosen launch where it still lies within the months."""
    first, _dots, last = months.partition("..")
    return asked.launch if asked.launch_given and first < asked.launch <= last else ""


def _moved(asked: OutcomeQuery, area: str) -> str:
    """The address of the same months for another area; the whole site is said too, as it may not be the default."""
    return asked.text(area=area or WHOLE, months=span(asked.months), launch=asked.launch if asked.launch_given else "")

"""What can be chosen on a list of cases: as menus of addresses, and as chips that take a choice back."""

from collections.abc import Callable, Iterable, Sequence

import dash_mantine_components as dmc
from dash import html

from components.caselines import KIND_WORDS, PLACING_WORDS, STATUS_WORDS
from components.facets import Option, chips, facet
from components.period_words import ROLLING_WORDS, period_words
from components.words import _
from domain.cases import KINDS, PLACINGS, STATUSES
from domain.measures import KPIS, N_
from domain.scope import SITE, Scope
from views.area_names import full_name, tree
from views.query import DEFAULT_FIGURE, DEFAULT_PERIOD, ListQuery, anchor
from views.reader import Moment

Word = Callable[[str], str]

LABELS = {
    "figure": N_("Figure"), "period": N_("Period"), "area": N_("Area"), "kind": N_("Kind"), "category": N_("Matter"),
    "source": N_("Source"), "status": N_("State"), "placing": N_("On the map"), "q": N_("Search"),
}  # fmt: skip


def _chosen(asked: ListQuery) -> dict[str, tuple[str, ...]]:
    chosen = asked.query.chosen
    return {
        "kind": chosen.kinds, "category": chosen.categories, "source": chosen.sources,
        "status": asked.statuses, "placing": asked.placings,
    }  # fmt: skip


def _words() -> dict[str, Word]:
    return {
        "kind": lambda name: _(KIND_WORDS[name]),
        "status": lambda name: _(STATUS_WORDS[name]),
        "placing": lambda name: _(PLACING_WORDS[name]),
        "category": str,
        "source": str,
    }


def _offered(moment: Moment) -> dict[str, Sequence[str]]:
    return {
        "kind": KINDS,
        "category": sorted(moment.names.category_id),
        "source": sorted(moment.names.source_id),
        "status": STATUSES,
        "placing": PLACINGS,
    }


def menus(asked: ListQuery, moment: Moment, scope: Scope) -> list[dmc.Popover]:
    """A menu for each choice, in the order of the address."""
    several, words, offered = _chosen(asked), _words(), _offered(moment)
    return [
        _figures(asked),
        _periods(asked, moment),
        _areas(asked, moment, scope),
        *(_several(asked, name, several[name], offered[name], words[name]) for name in several),
    ]


def _figures(asked: ListQuery) -> dmc.Popover:
    options = [
        Option(_(kpi.label), f"/cases{asked.text(figure=name)}", name == asked.figure) for name, kpi in KPIS.items()
    ]
    return facet("figure", _(LABELS["figure"]), _(KPIS[asked.figure].label), options)


def _periods(asked: ListQuery, moment: Moment) -> dmc.Popover:
    options = [
        Option(_(words), f"/cases{asked.text(period=text)}", text == asked.query.period)
        for text, words in ROLLING_WORDS.items()
    ]
    options += [Option(m, f"/cases{asked.text(period=m)}", m == asked.query.period) for m in months(moment)]
    return facet("period", _(LABELS["period"]), _period_said(asked, moment), options)


def _period_said(asked: ListQuery, moment: Moment) -> str:
    return period_words(asked.query.period, asked.query.chosen.period, moment.today)


def months(moment: Moment) -> list[str]:
    """The months in which something was reported, newest first."""
    from domain.periods import Period, date_of, month  # noqa: PLC0415

    bounds = moment.snapshot.bounds("reported")
    if bounds is None:
        return []
    first, last = (month(date_of(day).strftime("%Y-%m")) for day in (bounds[0], min(bounds[1], anchor(moment))))
    return list(reversed(Period(first.first, last.last).months()))


def _areas(asked: ListQuery, moment: Moment, scope: Scope) -> dmc.Popover:
    chosen = asked.query.chosen.area
    options = [
        Option(name, f"/cases{asked.text(area=code)}", code == chosen, depth)
        for low, high in moment.areas.ranges(scope)
        for code, name, depth in tree(moment.areas, low, high)
    ]
    return facet("area", _(LABELS["area"]), full_name(moment.areas, chosen), options)


def _several(
    asked: ListQuery, name: str, chosen: tuple[str, ...], offered: Iterable[str], word: Word
) -> dmc.Popover:
    options = [
        Option(word(value), f"/cases{asked.text(**{name: _toggled(chosen, value)})}", value in chosen)
        for value in offered
    ]
    current = _("All") if not chosen else word(chosen[0]) if len(chosen) == 1 else _("{n} chosen", n=len(chosen))
    return facet(name, _(LABELS[name]), current, options)


def _toggled(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)


def taken(asked: ListQuery, moment: Moment) -> html.Div:
    """A chip for each choice that narrows the list."""
    several, words, chosen = _chosen(asked), _words(), asked.query.chosen
    found = [
        (_(LABELS[name]), words[name](value), f"/cases{asked.text(**{name: _toggled(values, value)})}")
        for name, values in several.items()
        for value in values
    ]
    single = (
        ("period", asked.query.period != DEFAULT_PERIOD, _period_said(asked, moment), DEFAULT_PERIOD),
        ("area", chosen.area != SITE, full_name(moment.areas, chosen.area), SITE),
        ("q", bool(asked.text_search), asked.text_search, ""),
    )
    ones = [(_(LABELS[n]), said, f"/cases{asked.text(**{n: none})}") for n, is_set, said, none in single if is_set]
    figure = "" if asked.figure == DEFAULT_FIGURE else f"?figure={asked.figure}"
    return chips([*ones[:2], *found, *ones[2:]], f"/cases{figure}")

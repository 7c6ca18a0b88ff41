"""The bar of filters: each a pill that says what is chosen and opens what can be. All of it lives in the address.

The controls and the address are kept in step in the browser (assets/filters.js); nothing here calls anyone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from components.caselines import KIND_WORDS
from components.words import _, language

Option = dict[str, str]


@dataclass(frozen=True)
class Options:
    """What can be chosen: periods and areas (areas in groups), categories, sources."""

    periods: Sequence[tuple[str, str]]
    areas: Sequence[dict[str, object]]
    categories: Sequence[str]
    sources: Sequence[str]


def bar(options: Options, period: str) -> html.Div:
    """The filters of the first page, with sharing and export at the end."""
    return html.Div(
        [
            pill("period", _("Time"), _period(options.periods, period), width="auto"),
            pill("area", _("Area"), _area(options.areas), width=300),
            pill("kind", _("Kind"), _kinds(), width=200),
            pill("category", _("Category"), _many("category", _("Category"), options.categories), width=320),
            pill("source", _("Source"), _many("source", _("Source"), options.sources), width=280),
            html.Button(
                _("Reset"), type="button", className="filters-reset",
                **{"data-set": "period=&area=&kind=&category=&source="},
            ),
            html.Span(id="overview-ends", className="filters-ends"),
            html.Span(className="filters-gap"),
            html.Button(
                _("Share"), type="button", className="filters-button", id="overview-share",
                **{"data-done": _("Link copied"), "data-failed": _("Copy the address of this page")},
            ),
            html.A(_("Export"), className="filters-button", id="overview-export", href="/export/cases.csv", download=""),
        ],
        className="filters", role="group", **{"aria-label": _("Filters")},
    )  # fmt: skip


def pill(name: str, label: str, content: Component, *, width: int | str) -> dmc.Popover:
    """A filter: its name, what is chosen (filled in by callback), and the controls in a popover."""
    button = html.Button(
        [html.Span(label, className="pill-label"), html.Span(id=f"overview-{name}-text", className="pill-text")],
        type="button", className="pill", id=f"overview-{name}-pill",
    )  # fmt: skip
    return dmc.Popover(
        [dmc.PopoverTarget(button), dmc.PopoverDropdown(content, className="pill-drop")],
        position="bottom-start", width=width, shadow="md", offset=6, returnFocus=True, trapFocus=True,
    )  # fmt: skip


def _period(periods: Sequence[tuple[str, str]], chosen: str) -> html.Div:
    presets = dmc.RadioGroup(
        html.Div([dmc.Radio(label=name, value=text, size="sm") for text, name in periods], className="period-presets"),
        id="overview-period", size="sm", value=chosen, **{"aria-label": _("Time")},
    )  # fmt: skip
    calendar = dmc.DatesProvider(
        dmc.DatePicker(
            id="overview-dates", type="range", monthLabelFormat=_("MMMM YYYY"), size="sm", allowSingleDateInRange=True, withCellSpacing=False,
            **{"aria-label": _("Chosen dates")},
        ),
        settings={"locale": "zh-cn" if language() == "zh_CN" else "en", "firstDayOfWeek": 1, "weekendDays": [0, 6]},
    )  # fmt: skip
    return html.Div([presets, calendar], className="period-drop")


def _area(areas: Sequence[dict[str, object]]) -> dmc.Select:
    return dmc.Select(
        id="overview-area", data=list(areas), label=_("Area"), searchable=True, clearable=True, maxDropdownHeight=320,
        placeholder=_("Whole area"), nothingFoundMessage=_("Nothing found"), comboboxProps={"withinPortal": False},
    )  # fmt: skip


def _kinds() -> dmc.CheckboxGroup:
    boxes = [dmc.Checkbox(label=_(word), value=name, size="sm") for name, word in KIND_WORDS.items()]
    return dmc.CheckboxGroup(html.Div(boxes, className="kind-boxes"), id="overview-kind", **{"aria-label": _("Kind")})


def _many(name: str, label: str, values: Sequence[str]) -> dmc.MultiSelect:
    return dmc.MultiSelect(
        id=f"overview-{name}", data=list(values), label=label, searchable=True, clearable=True, maxDropdownHeight=280,
        placeholder=_("All"), nothingFoundMessage=_("Nothing found"), comboboxProps={"withinPortal": False},
        hidePickedOptions=False,
    )  # fmt: skip


def chosen_text(names: Sequence[str]) -> str:
    """What a pill says of the names chosen: all, the one, or the first and how many."""
    if not names:
        return _("All")
    return names[0] if len(names) == 1 else _("{first} and {n} more", first=names[0], n=len(names) - 1)


def kind_text(kinds: Sequence[str]) -> str:
    """What the pill of kinds says."""
    return chosen_text([_(KIND_WORDS[kind]) for kind in kinds])

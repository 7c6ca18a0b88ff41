"""What the colours of the map mean, and what is not on it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dash import dcc, html
from dash.development.base_component import Component

from components.amounts import number, unit
from components.caselines import PLACING_WORDS
from components.words import _
from domain.classes import CLASSES
from domain.measures import Kpi


def shade(index: int, classes: int) -> int:
    """The step of the ramp (1–6) of a class, so that few classes still use all of it."""
    return 1 + (int(index * (CLASSES - 1) / (classes - 1) + 0.5) if classes > 1 else 0)


def class_texts(breaks: Sequence[float], kpi: Kpi) -> list[str]:
    """The range of each class: 0–2, 3–5, …, ≥21 for counts; lower limits with an open end for the rest."""
    if not breaks:
        return []
    whole = kpi.denominator is None
    texts = []
    for low, high in pairwise(breaks):
        end = high - 1 if whole else high
        same = whole and end <= low
        texts.append(number(low, kpi.digits) if same else f"{number(low, kpi.digits)}–{number(end, kpi.digits)}")
    last = number(breaks[-1], kpi.digits)
    return [*texts, last if whole and tuple(breaks) == (0,) else f"≥{last}"]


def choropleth(breaks: Sequence[float], kpi: Kpi) -> html.Div:
    """The classes of a measure, its unit behind the last, and the class of no data."""
    texts = class_texts(breaks, kpi)
    texts[-1:] = [f"{texts[-1]}{'' if kpi.unit == 'percent' else ' '}{unit(kpi)}"] if texts else []
    steps = [_step(f"ramp-{shade(i, len(texts))}", text) for i, text in enumerate(texts)]
    return html.Div([*steps, _step("no-data", _("No feed"))], className="legend")


def _step(look: str, text: str) -> html.Div:
    return html.Div([html.Span(className=f"legend-colour {look}"), html.Span(text)], className="legend-step")


def heat() -> html.Div:
    """The ramp of the heat layer: thin to dense, with the radius it is smoothed over (assets/map.js, which knows the zoom)."""
    colours = html.Span([html.Span(className=f"ramp-{i}") for i in range(1, CLASSES + 1)], className="legend-ramp")
    radius = html.Span(id="overview-radius", className="legend-unit", **{"data-words": _("radius {n} m")})
    return html.Div([html.Span(_("thin")), colours, html.Span(_("dense")), radius], className="legend is-heat")


def off_map(counts: Mapping[str, int], hrefs: Mapping[str, str]) -> Component | None:
    """How many cases have no place on the map, by reason, each with its list; None when all have."""
    total = sum(counts.values())
    if not total:
        return None
    reasons = [
        dcc.Link(f"{_(PLACING_WORDS[name])} {number(n)}", href=hrefs[name], className="off-map-reason")
        for name, n in counts.items()
        if n
    ]
    return html.Div(
        [dcc.Link(_("{n} cases without a place, not on the map", n=number(total)), href=hrefs[""], className="off-map-all"), *reasons],
        className="off-map",
    )  # fmt: skip

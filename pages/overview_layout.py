"""The tree of the first page before its numbers: still blocks, controls, the map's layers."""

import dash_mantine_components as dmc
from dash import dcc, html

from components import choropleth, filters, kpi
from components.amounts import unit
from components.areawords import level_word
from components.datatimes import Age
from components.layer_panel import layer_button, layer_panel
from components.periodtext import presets
from components.words import _
from domain.feeds import WAITING
from domain.measures import CARDS, KPIS, MAP_MEASURES
from pages.asked import Asked, scheme
from views.places import ground, map_levels, places

MAP_LEVELS = 2
"""How many levels, counted from the finest, the map offers."""


def overview(asked: Asked) -> html.Div:
    """The page as it is sent first."""
    age = Age(None, WAITING, asked.moment.now, asked.zone)
    cards = [kpi.waiting_card(name, age) for name in CARDS]
    return html.Div(
        [
            dcc.Store(id="overview-values"),
            dcc.Store(id="overview-painted"),
            dcc.Store(id="overview-near-shown"),
            dcc.Store(id="overview-choice", data=asked.query.text(measure="", level="", layer="")),
            choropleth.words_store({**_words(), "level": asked.query.level}),
            filters.bar(_options(asked), asked.query.period),
            html.Div(cards, id="overview-cards", className="overview-cards"),
            html.Div(_map(asked), className="overview-map"),
            html.Section(id="overview-trend", className="overview-trend panel", **{"aria-label": _("Series")}),
            html.Aside(id="overview-rail", className="overview-rail panel", **{"aria-label": _("Area")}),
        ],
        className="overview",
    )


def _map(asked: Asked) -> list[object]:
    levels = map_levels(asked.moment)[-MAP_LEVELS:]
    borders = levels[0] if levels else ""
    ground_ = ground(asked.reader, asked.scope, borders)
    outlines = [level for level in dict.fromkeys((borders, _outermost(asked))) if level]
    measure = dmc.Select(
        id="overview-measure", data=[{"value": m, "label": _(KPIS[m].label)} for m in MAP_MEASURES], size="sm",
        allowDeselect=False, withCheckIcon=False, className="map-measure", **{"aria-label": _("Colour the map by")},
    )  # fmt: skip
    layers = [*reversed(levels)]
    segments = [{"value": layers[0], "label": level_word(layers[0])}] if layers else []
    segments += [{"value": "heat", "label": _("Heat")}]
    segments += [{"value": level, "label": level_word(level)} for level in layers[1:]]
    layer = dmc.SegmentedControl(
        id="overview-layer", data=segments, size="sm", **{"aria-label": _("What the map shows")}
    )
    return [
        choropleth.the_map(
            extent=ground_.extent, names=ground_.names, level=asked.query.level, outlines=outlines, theme=scheme()
        ),
        html.Div([measure, layer], className="map-top"),
        choropleth.buttons(),
        layer_button(),
        *layer_panel(),
        html.Div(id="overview-legend", className="map-legend"),
        html.Div(id="overview-off-map", className="map-off"),
        html.Section(id="overview-near", className="overview-near", **{"aria-label": _("Cameras at this point")}),
    ]


def _outermost(asked: Asked) -> str:
    areas = asked.moment.areas
    tops = [areas.level[p] for p in range(1, len(areas)) if areas.depth[p] == 1]
    return tops[0] if tops else ""


def _words() -> dict[str, object]:
    measures = {m: {"label": _(KPIS[m].label), "unit": unit(KPIS[m]), "digits": KPIS[m].digits} for m in MAP_MEASURES}
    return {"measures": measures, "cases": _("{n} cases"), "none": _("No feed")}


def _options(asked: Asked) -> filters.Options:
    names = asked.moment.names
    return filters.Options(
        periods=presets(asked.today),
        areas=_grouped(asked),
        categories=sorted(names.category_id),
        sources=sorted(name for name, record in names.source_record.items() if record == "case"),
    )


def _grouped(asked: Asked) -> list[dict[str, object]]:
    """The areas in groups: each area that has areas below, with these."""
    groups: dict[str, list[dict[str, str]]] = {}
    names: dict[str, str] = {}
    for place, above in places(asked.moment, asked.scope):
        names[place.code] = place.name
        if above is None:
            groups.setdefault(place.code, []).insert(
                0, {"value": place.code, "label": _("{name}, all of it", name=place.name)}
            )
        else:
            groups.setdefault(above.code, []).append({"value": place.code, "label": place.name})
    return [{"group": names[code], "items": items} for code, items in groups.items()]

"""The one way charts are made: plain figures, a template for each theme, no upload, no logo, nothing that calls out.

Colours come from the template, by the order of the traces of one type: the first is the series (accent), the second its
comparison (grey), the third an outline (ink). So a figure holds no colour and changes theme without its numbers.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from dash import dcc, html

from components.theme import FONT_STACK, THEMES, Theme

Figure = dict[str, Any]
Trace = Mapping[str, Any]

CONFIG: dict[str, Any] = {
    "showSendToCloud": False,
    "displaylogo": False,
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}
SEPARATORS = ".,"
"""Decimal point and comma between thousands, as Chinese prints numbers."""

AXIS_PX, LABEL_PX = 12, 12
LINE_PX, POINT_PX = 2, 7
MOST_GRIDLINES = 4


@cache
def template(name: str) -> Figure:
    """The Plotly template of a theme (dark | light), from the tokens."""
    theme = THEMES[name]
    axis = {
        "showline": False, "zeroline": False, "ticks": "", "gridcolor": theme.line, "gridwidth": 1,
        "tickfont": {"size": AXIS_PX, "color": theme.text_3}, "fixedrange": True, "automargin": True,
    }  # fmt: skip
    return {
        "layout": {
            "font": {"family": FONT_STACK, "size": AXIS_PX, "color": theme.text_2},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [theme.accent, theme.line_strong, theme.text_1],
            "separators": SEPARATORS,
            "showlegend": False,
            "dragmode": False,
            "hovermode": "x",
            "hoverlabel": {
                "bgcolor": theme.surface, "bordercolor": theme.line_strong,
                "font": {"family": FONT_STACK, "size": LABEL_PX, "color": theme.text_1},
            },
            "margin": {"l": 8, "r": 8, "t": 24, "b": 8, "pad": 4},
            "bargap": 0.58,
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "showgrid": True, "rangemode": "tozero", "nticks": MOST_GRIDLINES - 1},
            "shapedefaults": {"line": {"color": theme.text_1, "width": 1.5, "dash": "3px,3px"}},
            "annotationdefaults": {"showarrow": False, "font": {"size": LABEL_PX, "color": theme.text_2}},
        },
        "data": {
            "bar": [_bar(theme, theme.accent), _bar(theme, theme.line_strong), _bar(theme, theme.text_1)],
            "scatter": [_line(theme, theme.accent), _line(theme, theme.text_3), _line(theme, theme.text_1)],
        },
    }  # fmt: skip


def _bar(theme: Theme, colour: str) -> Figure:
    return {
        "type": "bar", "marker": {"color": colour, "line": {"width": 0}}, "textposition": "outside",
        "constraintext": "none", "cliponaxis": False, "textfont": {"color": theme.text_1, "size": LABEL_PX}, "error_y": _whisker(theme),
    }  # fmt: skip


def _line(theme: Theme, colour: str) -> Figure:
    return {
        "type": "scatter", "line": {"color": colour, "width": LINE_PX}, "cliponaxis": False,
        "marker": {"color": colour, "size": POINT_PX, "line": {"color": theme.surface, "width": 1.5}},
        "textfont": {"color": theme.text_1, "size": LABEL_PX}, "error_y": _whisker(theme),
    }  # fmt: skip


def _whisker(theme: Theme) -> Figure:
    return {"color": theme.text_3, "thickness": 1, "width": 3}


def figure(traces: Sequence[Trace], *, theme: str = "light", **layout: Any) -> Figure:
    """A figure of these traces. `theme` is what it is first drawn in; assets/charts.js turns it where the page differs.

    Both templates travel with it (layout.meta.templates), so that turning asks nobody.
    """
    both = {name: template(name) for name in THEMES}
    return {
        "data": [dict(trace) for trace in traces],
        "layout": {"template": both[theme], "meta": {"templates": both}, **layout},
    }


def graph(drawn: Figure, *, graph_id: str, label: str, height_px: int | None) -> html.Figure:
    """The one graph. label: what a reader is told who cannot see it. height_px: None = as high as what it stands in."""
    chart = dcc.Graph(
        id=graph_id, figure=drawn, config=CONFIG, style={"height": f"{height_px}px" if height_px else "100%"}
    )
    return html.Figure(chart, role="img", className="gh-chart", **{"aria-label": label})

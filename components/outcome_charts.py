"""A figure by month around a launch: grey before, the accent after, a dashed line that breaks the series."""

import math
from collections.abc import Sequence
from typing import Any

from components.charts import Figure, figure
from components.numbers import decimal
from components.outcome_words import FigureLike, month_text
from components.words import _

_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10)
HEADROOM = 1.15
PERCENT_TOP = 100
EDGE = 0.02
"""A gridline at the very end of an axis is not drawn; this keeps the first and the last a little inside."""
HIGH = 0.6
"""Points above this share of the axis carry their label below."""


def outcome_chart(shown: FigureLike, launch: str) -> Figure:
    """Bars for counts, lines for rates (with n under each month)."""
    months = [cell.month for cell in shown.cells]
    first = months.index(launch)
    top = axis_top(
        [cell.value for cell in shown.cells], percent=shown.kpi.unit == "percent", whole=shown.kpi.denominator is None
    )
    make = _bars if shown.kpi.denominator is None else _line
    traces = [make(shown, range(first, len(months)), top), make(shown, range(first), top)]
    return figure(
        traces,
        xaxis={
            "tickvals": list(range(len(months))), "ticktext": [_tick(shown, cell) for cell in shown.cells],
            "range": [-0.6, len(months) - 0.4],
        },
        yaxis={
            "range": [-EDGE * top, (1 + EDGE) * top], "tickvals": [0, top / 2, top],
            "ticktext": [decimal(v, 2) for v in (0, top / 2, top)],
        },
        barmode="overlay",
        shapes=[{"type": "line", "x0": first - 0.5, "x1": first - 0.5, "y0": 0, "y1": 1.12, "yref": "paper"}],
        annotations=[
            {
                "x": first - 0.5, "y": 1.12, "yref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 5,
                "text": _("Launch {month}", month=launch),
            }
        ],
        margin={"l": 8, "r": 8, "t": 26, "b": 4, "pad": 4},
    )  # fmt: skip


SMALLEST = 1e-6
"""Below this an axis would show nothing that anybody can read."""


def axis_top(values: Sequence[float | None], *, percent: bool, whole: bool) -> float:
    """The end of the axis: a round number with room for labels above the highest value.

    percent: rates of which one is above half go to 100. whole: counts, of which half an axis is whole too.
    """
    most = max((v for v in values if v is not None), default=0)
    if percent and most > PERCENT_TOP / 2:
        return PERCENT_TOP
    least = 2.0 if whole else most * HEADROOM or 1.0
    wanted = max(most * HEADROOM, least, SMALLEST)
    scale = 10 ** math.floor(math.log10(wanted))
    steps = (n * s for s in (scale, 10 * scale) for n in _NICE)
    return next(step for step in steps if step >= wanted * (1 - 1e-9) and not (whole and step % 2))


def _tick(shown: FigureLike, cell: Any) -> str:
    name = str(cell.month)[2:]
    return name if shown.kpi.denominator is None else f"{name}<br>n {cell.rows:,}"


def _cells(shown: FigureLike, which: range) -> dict[str, Any]:
    cells = [shown.cells[i] for i in which]
    return {
        "x": list(which), "y": [c.value for c in cells], "hoverinfo": "skip",
        "text": ["" if c.value is None else f"<b>{month_text(shown, c.value)}</b>" for c in cells],
    }  # fmt: skip


def _bars(shown: FigureLike, which: range, _top: float) -> dict[str, Any]:
    return {"type": "bar", "width": 0.42, **_cells(shown, which)}


def _line(shown: FigureLike, which: range, top: float) -> dict[str, Any]:
    drawn = _cells(shown, which)
    below = [v is not None and v > HIGH * top and shown.kpi.unit == "percent" for v in drawn["y"]]
    places = ["bottom center" if b else "top center" for b in below]
    return {"type": "scatter", "mode": "lines+markers+text", "textposition": places, "connectgaps": False, **drawn}

"""A series beside its previous period: bars, a tick where the previous one stood, the unfinished one hollow."""

from collections.abc import Sequence
from typing import Any, Protocol

from dash import html

from components.amounts import number, with_unit
from components.charts import Figure, figure
from components.datatimes import Age, data_line
from components.periodtext import dates
from components.words import _
from domain.measures import N_, Kpi
from domain.periods import Period, date_of

BAR, TICK = 0.21, 0.26
"""Half widths, in steps of the axis."""
MOST_LABELS = 10
MOST_DATES = 12
TITLES = (N_("{label} by day"), N_("{label} by week"), N_("{label} by month"))
UNFINISHED = (N_("day not finished"), N_("week not finished"), N_("month not finished"))


class Point(Protocol):
    """A point of a series (views.figures.Point)."""

    @property
    def period(self) -> Period: ...
    @property
    def value(self) -> float | None: ...
    @property
    def rows(self) -> int: ...
    @property
    def previous(self) -> float | None: ...
    @property
    def finished(self) -> bool: ...


def title(kpi: Kpi, points: Sequence[Point]) -> str:
    """What the chart shows: the figure by day, week or month."""
    return _(_by_length(points, *TITLES), label=_(kpi.label))


def _by_length(points: Sequence[Point], day: str, week: str, month: str) -> str:
    span = max((len(point.period) for point in points), default=1)
    return day if span == 1 else week if span <= 7 else month


def head(kpi: Kpi, points: Sequence[Point], before: str, age: Age) -> html.Div:
    """Title, what the marks mean, and the data time."""
    marks = [html.Span([html.I(className="mark-line"), before], className="trend-mark")]
    if any(not point.finished for point in points):
        word = _(_by_length(points, *UNFINISHED))
        marks.append(html.Span([html.I(className="mark-hollow"), word], className="trend-mark"))
    return html.Div([html.H2(title(kpi, points)), *marks, data_line(age)], className="trend-head")


def told(kpi: Kpi, points: Sequence[Point]) -> str:
    """The series in words, for who cannot see it."""
    each = ", ".join(f"{date_of(p.period.last):%m-%d} {number(p.value, kpi.digits)}" for p in points)
    return f"{title(kpi, points)}: {each}"


def chart(kpi: Kpi, points: Sequence[Point], hrefs: Sequence[str], today: int) -> Figure:
    """The figure. hrefs: the list behind each point; a click opens it (customdata)."""
    names = [point_name(point.period, today) for point in points]
    at = list(range(len(points)))
    top = max((v for p in points for v in (p.value, p.previous) if v is not None), default=0) or 1
    bars = {
        "type": "bar", "x": at, "y": [p.value for p in points], "width": 2 * BAR if len(points) < 16 else 0.7,
        "customdata": list(hrefs), "marker": {"opacity": [1 if p.finished else 0 for p in points]},
        "hovertemplate": "%{hovertext}<extra></extra>", "hovertext": [_told(kpi, p, today) for p in points],
    }  # fmt: skip
    step = -(-len(points) // MOST_DATES)
    return figure(
        [bars],
        shapes=[*_ticks(points), *_hollow(points)],
        annotations=_labels(kpi, points),
        xaxis={
            "tickvals": at[::-1][::step][::-1],
            "ticktext": names[::-1][::step][::-1],
            "range": [-0.5, len(points) - 0.5],
        },
        yaxis={"range": [0, top * 1.12], "nticks": 4, "tickformat": ",~r" if top >= 1 else ""},
        margin={"l": 8, "r": 8, "t": 8, "b": 4, "pad": 4},
        hovermode="closest",
        bargap=0,
    )


def point_name(period: Period, today: int) -> str:
    """A point under the axis: today, its day, its month, or the day a week ends with."""
    if period.last == today and len(period) == 1:
        return _("today")
    months = period.months()
    day = date_of(period.last)
    return months[0] if months else day.strftime("%m-%d") if len(period) <= 7 else day.strftime("%Y-%m")


def _told(kpi: Kpi, point: Point, today: int) -> str:
    lines = [f"<b>{dates(point.period, today)}</b>  {with_unit(kpi, point.value)}"]
    if kpi.denominator is not None:
        lines.append(_("of {n} cases", n=number(point.rows)))
    lines.append(_("the period before: {value}", value=with_unit(kpi, point.previous)))
    if not point.finished:
        lines.append(_("not finished"))
    return "<br>".join(lines)


def _ticks(points: Sequence[Point]) -> list[dict[str, Any]]:
    half = TICK if len(points) < 16 else 0.42
    if not any(point.previous for point in points):
        return []
    return [
        {
            "type": "line", "x0": i - half, "x1": i + half, "y0": point.previous, "y1": point.previous,
            "line": {"dash": "solid", "width": 2},
        }
        for i, point in enumerate(points)
        if point.previous is not None
    ]  # fmt: skip


def _hollow(points: Sequence[Point]) -> list[dict[str, Any]]:
    half = BAR if len(points) < 16 else 0.35
    return [
        {
            "type": "rect",
            "x0": i - half,
            "x1": i + half,
            "y0": 0,
            "y1": point.value,
            "line": {"dash": "3px,3px", "width": 1.5},
        }
        for i, point in enumerate(points)
        if not point.finished and point.value
    ]


def _labels(kpi: Kpi, points: Sequence[Point]) -> list[dict[str, Any]]:
    """Values beside the bars; where there is no room for all, those of the highest and of the last."""
    shown = range(len(points))
    beside = len(points) <= MOST_LABELS
    if not beside:
        known = [i for i in shown if points[i].value is not None]
        shown = sorted({max(known, key=lambda i: points[i].value or 0), known[-1]}) if known else []
    return [
        {
            "x": i + (TICK + 0.04 if beside else 0), "y": points[i].value, "text": f"<b>{number(points[i].value, kpi.digits)}</b>",
            "xanchor": "left" if beside else "center", "yanchor": "middle" if beside else "bottom", "showarrow": False,
        }
        for i in shown
        if points[i].value is not None
    ]  # fmt: skip

"""The panel that says what each outcome figure means, with what its numbers cannot say themselves."""

from collections.abc import Mapping, Sequence

from dash import html

from components.amounts import number
from components.definition import definition
from components.facets import go
from components.numbers import decimal
from components.outcome_card import Address
from components.outcome_words import FigureLike
from components.words import _


def outcome_definitions(
    figures: Sequence[FigureLike],
    medians: Sequence[float | None],
    pooled: Mapping[str, float | None],
    address: Address,
    *,
    folded: bool,
) -> html.Aside:
    """Definitions of all figures, and the way to the cases behind them."""
    by_name = {shown.kpi.name: shown for shown in figures}
    notes = {
        "reported": (_("More of them means that more is found; it is neither good nor bad."),),
        "response": _response(by_name["response"], medians, pooled["response"], folded=folded),
        "satisfaction": _satisfaction(by_name["satisfaction"], pooled["satisfaction"]),
        "online_rate": _online(by_name["online_rate"]),
    }
    reported = by_name["reported"]
    months = tuple(cell.month for cell in reported.cells)
    n = sum(cell.rows for cell in reported.cells)
    return html.Aside(
        [
            html.H2(_("Definitions")),
            *(definition(shown.kpi, notes=notes.get(shown.kpi.name, ())) for shown in figures),
            html.Footer(
                [
                    go(_("Show {n} cases", n=number(n)), address("reported", months), id="outcomes-cases"),
                    go(_("Where the data come from"), "/sources"),
                ]
            ),
        ],
        className="gh-card gh-definitions",
    )


def _response(
    shown: FigureLike, medians: Sequence[float | None], pooled: float | None, *, folded: bool
) -> tuple[str, ...]:
    if not folded:
        return (_("Medians and intervals follow within a minute; until then they are a dash."),)
    known = [(m, c.month) for m, c in zip(medians, shown.cells, strict=True) if m is not None]
    said = [_("Median {n} days ({month})", n=decimal(known[-1][0], 2), month=known[-1][1])] if known else []
    if shown.after.value is None:
        return ()
    return (
        *said,
        _("Mean of months {mean}, of all cases {all}", mean=decimal(shown.after.value, 2), all=decimal(pooled, 2)),
    )


def _satisfaction(shown: FigureLike, pooled: float | None) -> tuple[str, ...]:
    if shown.after.value is None:
        return ()
    mean = decimal(shown.after.value, 2)
    return (_("{mean} is the mean of months; over all ratings {all}", mean=mean, all=decimal(pooled, 2)),)


def _online(shown: FigureLike) -> tuple[str, ...]:
    side = shown.after
    if side.value is None:
        return ()
    top = round(side.value * side.rows / 100)
    return (f"{number(top)} ÷ {number(side.rows)} = {decimal(side.value, 1)}%",)

"""The outcome table as a file that the page carries with it."""

import csv
import io
from collections.abc import Sequence
from urllib.parse import quote

from components.outcome_table import ROWS_UNDER
from components.outcome_words import UNITS, FigureLike, change_text, interval_text
from components.words import _

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads the file in the encoding of its Windows."""


def outcome_csv(figures: Sequence[FigureLike], medians: Sequence[float | None]) -> str:
    """The file as an address (data:), UTF-8. Values are not rounded; what has no denominator is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    months = [cell.month for cell in figures[0].cells]
    sure = _("95 % interval")
    writer.writerow(
        [
            _("Figure"),
            _("Unit"),
            *months,
            _("Before"),
            f"{_('Before')} {sure}",
            _("After"),
            f"{_('After')} {sure}",
            _("Change"),
        ]
    )
    for shown in figures:
        sides = [text for s in (shown.before, shown.after) for text in (_plain(s.value), interval_text(shown, s))]
        values = [_plain(cell.value) for cell in shown.cells]
        writer.writerow([_(shown.kpi.label), _(UNITS[shown.kpi.name]), *values, *sides, change_text(shown)])
        if shown.kpi.name == "response":
            writer.writerow([_("Median ({unit})", unit=_("days")), _("days"), *(_plain(m) for m in medians)])
        if shown.kpi.name in ROWS_UNDER:
            sizes = [_plain(cell.rows) for cell in shown.cells]
            row = [*sizes, _plain(shown.before.rows), "", _plain(shown.after.rows)]
            writer.writerow([_(ROWS_UNDER[shown.kpi.name]), _("cases"), *row])
    return f"data:text/csv;charset=utf-8,{quote(BYTE_ORDER_MARK + out.getvalue())}"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"

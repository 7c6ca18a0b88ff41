"""The bad rows of a feed: why, where from, what stood there, and how they are taken again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dash import html

from components.amounts import number
from components.attributes import attributes
from components.caselines import moment_text
from components.facets import go
from components.sentences import reason_word, sentence
from components.words import _
from domain.masking import mask_cell, mask_text


@dataclass(frozen=True)
class Shown:
    """Which bad rows: of which source and reason ('' = all), from which row on, how many a page, how many in all."""

    source: str
    reason: str
    offset: int
    limit: int
    total: int

    def href(self, **changes: str | int) -> str:
        """The address with some changes."""
        values = {"source": self.source, "reason": self.reason, "from": self.offset, **changes}
        return f"/sources?{urlencode({k: v for k, v in values.items() if v})}"


def quarantine_list(
    shown: Shown, rows: Sequence[Mapping[str, Any]], reasons: Sequence[tuple[str, int]], zone: ZoneInfo
) -> html.Section:
    """Reasons to choose from, a page of rows, the pages, and the way back into the store."""
    title = _("{source}: in quarantine", source=shown.source)
    return html.Section(
        [
            html.Div(html.H2(title), className="gh-card-head"),
            _reasons(shown, reasons),
            html.Ol([_row(row, zone) for row in rows], className="gh-bad-rows"),
            _pages(shown, len(rows)),
            _replay(shown.source),
        ],
        className="gh-card gh-quarantine",
    )


def _reasons(shown: Shown, reasons: Sequence[tuple[str, int]]) -> html.Div:
    every = [("", sum(n for _reason, n in reasons)), *reasons]
    links = [
        go(
            [html.Span(reason_word(reason) if reason else _("All reasons")), html.B(number(n))],
            shown.href(reason=reason, **{"from": 0}), "gh-chip",
            **(attributes(aria_current="true") if reason == shown.reason else {}),
        )
        for reason, n in every
    ]  # fmt: skip
    return html.Div(links, className="gh-chips")


def _row(row: Mapping[str, Any], zone: ZoneInfo) -> html.Li:
    where = (
        _("{origin}, row {n}", origin=row["origin"], n=number(row["row_number"]))
        if row["row_number"]
        else row["origin"]
    )
    known = f" · {row['external_id']}" if row["external_id"] else ""
    cells = row["raw"].items() if isinstance(row["raw"], dict) else [("", row["raw"])]
    pairs = [
        each for k, v in cells for each in (html.Dt(str(k)), html.Dd("" if v is None else mask_cell(str(k), str(v))))
    ]
    return html.Li(
        [
            html.Div([html.B(reason_word(row["reason"])), html.Span(f"{where}{known}", className="gh-card-note")]),
            html.P(mask_text(sentence(row["detail"]))),
            html.Details(
                [
                    html.Summary(
                        _("Raw row · first seen {time}", time=moment_text(row["first_seen_at"], zone, "%m-%d %H:%M"))
                    ),
                    html.Dl(pairs, className="gh-raw"),
                ]
            ),
        ],
        **attributes(data_row=str(row["row_number"])),
    )


def _pages(shown: Shown, here: int) -> html.Nav:
    said = _(
        "{a}–{b} of {n}",
        a=number(shown.offset + 1 if here else 0),
        b=number(shown.offset + here),
        n=number(shown.total),
    )
    back = (
        [go(_("Previous"), shown.href(**{"from": max(shown.offset - shown.limit, 0)}), "gh-button")]
        if shown.offset
        else []
    )
    more = shown.offset + here < shown.total
    on = [go(_("Next"), shown.href(**{"from": shown.offset + shown.limit}), "gh-button")] if more else []
    return html.Nav([html.Span(said, className="gh-quiet"), *back, *on], className="gh-pages")


def _replay(source: str) -> html.P:
    return html.P(
        [
            _("Mend the mapping, the areas or the data; then take these rows again:"),
            html.Code(f"python app.py quarantine replay --source {source}"),
        ],
        className="gh-replay",
    )

"""What a test of a source brought: the first rows as mapped, the first that do not fit, or what is wrong."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from components.amounts import NOTHING, number
from components.caselines import moment_text
from components.numbers import decimal
from components.record_words import field_word, is_time
from components.sentences import reason_word, sentence
from components.words import _
from domain.masking import mask_cell, mask_text


def trial_result(found: Any, record: str, zone: ZoneInfo) -> html.Section:
    """found: actions.trial.Trial; record: what the source brings. Personal data is masked."""
    took = _("took {n} s", n=decimal(found.seconds, 1))
    return html.Section(
        [
            html.Div(
                [html.H2(_("What it would bring")), html.Span(took, className="gh-quiet")], className="gh-card-head"
            ),
            *_body(found, record, zone),
        ],
        className="gh-card gh-trial",
    )


def _body(found: Any, record: str, zone: ZoneInfo) -> list[Any]:
    if found.error:
        return [html.P(sentence(found.error), className="gh-feed-error")]
    if found.state == "empty":
        return [html.P(_("It answers, but has nothing to bring now."), className="gh-quiet")]
    said = _(
        "{origin}: {fit} of the first {n} rows fit. Nothing was stored.",
        origin=found.origin,
        fit=number(found.fit),
        n=number(found.looked_at),
    )
    table = [_table(found.records, record, zone)] if found.records else []
    return [html.P(said), *table, *_rejected(found.rejected)]


def _table(records: Iterable[Mapping[str, Any]], record: str, zone: ZoneInfo) -> html.Div:
    rows = list(records)
    names = [name for name in rows[0] if any(row[name] is not None for row in rows) and name != "pinned"]
    head = html.Thead(html.Tr([html.Th(field_word(name), scope="col", title=name) for name in names]))
    body = html.Tbody([html.Tr([html.Td(_cell(record, name, row[name], zone)) for name in names]) for row in rows])
    return html.Div(
        html.Table([head, body], className="gh-trial-rows"), className="gh-table-box", tabIndex=0, role="region"
    )


def _cell(record: str, name: str, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return NOTHING
    if is_time(record, name):
        return moment_text(int(value), zone)
    if isinstance(value, float):
        return decimal(value, 6)
    text = mask_cell(name, str(value))
    return text if len(text) <= 80 else f"{text[:79]}…"


def _rejected(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    items = [
        html.Li(
            [
                html.B(reason_word(row["reason"])),
                html.Span(_("{origin}, row {n}", origin=row["origin"], n=number(row["row"])), className="gh-card-note"),
                html.P(mask_text(sentence(row["detail"]))),
            ]
        )
        for row in rows
    ]
    return [html.H3(_("First rows that do not fit")), html.Ol(items, className="gh-failures")] if items else []

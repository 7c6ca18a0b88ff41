"""The audit record on a page: how far its chain reaches, the filter, the rows, the pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dash import dcc, html

from components.amounts import number
from components.attributes import attributes
from components.caselines import moment_text
from components.roles import ROLE_NAMES
from components.words import _
from domain.measures import N_

RESULT_WORDS = {"done": N_("Done as asked"), "refused": N_("Turned down")}
VIA_WORDS = {
    "web": N_("Browser"), "key": N_("Key"), "command": N_("Terminal"), "schedule": N_("Schedule"), "public": N_("Residents"),
}  # fmt: skip
HEADS = (N_("Time"), N_("Who"), N_("By way of"), N_("Action"), N_("Subject"), N_("Outcome"), N_("Detail"))
HEAD_SHOWN = 16


class Chain(Protocol):
    """How far the record is sealed (views.audit.Chain)."""

    @property
    def seals(self) -> int: ...
    @property
    def head(self) -> str: ...
    @property
    def sealed_at(self) -> int | None: ...
    @property
    def tail(self) -> int: ...


def audit_head(total: int, chain: Chain, export: str, zone: ZoneInfo) -> html.Div:
    """Title, how many rows, the state of the chain, the file of exactly these rows."""
    title = html.Div([html.H1(_("Audit record")), html.P(_("{n} rows", n=number(total)), className="gh-subtitle")])
    file = html.A("CSV", href=export, className="gh-button", download="")
    verify = html.Button(_("Verify the chain"), id="audit-verify", type="button", n_clicks=0, className="gh-button")
    return html.Div(
        [title, html.Div([_sealed(chain, zone), verify, file], className="gh-actions")], className="gh-head"
    )


def _sealed(chain: Chain, zone: ZoneInfo) -> html.Span:
    if chain.sealed_at is None:
        said = _("Not sealed yet; {n} rows wait", n=number(chain.tail))
    else:
        said = _(
            "Seal {seal} of {time} · {head}… · {n} rows not sealed yet", seal=number(chain.seals),
            time=moment_text(chain.sealed_at, zone), head=chain.head[:HEAD_SHOWN], n=number(chain.tail),
        )  # fmt: skip
    return html.Span(said, className="gh-data gh-chain", title=chain.head)


def verdict(differences: Sequence[str], rows: int, tail: int) -> html.Div:
    """What came of holding the record against its seals."""
    if not differences:
        said = _("{rows} rows are as they were sealed; {tail} not sealed yet.", rows=number(rows), tail=number(tail))
        return html.Div(["✓ ", said], className="gh-verdict is-good")
    lines = [html.Li(each) for each in differences[:20]]
    return html.Div([html.B(_("{n} differences", n=len(differences))), html.Ul(lines)], className="gh-verdict is-bad")


def audit_form(values: Mapping[str, str], actions: Sequence[str]) -> html.Form:
    """The filter, an ordinary form: its fields are the query of the address."""
    known = html.Datalist([html.Option(value=each) for each in actions], id="audit-actions")
    results = html.Select(
        [html.Option(_("Any outcome"), value=""), *_options(values.get("result", ""))],
        name="result",
        className="gh-field",
    )
    return html.Form(
        [
            _labelled(_("From day"), _box("since", "date", values)), _labelled(_("To day"), _box("until", "date", values)),
            _labelled(_("Who"), _box("actor", "text", values)), _labelled(_("Action"), _box("action", "text", values), known),
            _labelled(_("Subject"), _box("subject", "text", values)), _labelled(_("Outcome"), results),
            html.Button(_("Filter rows"), type="submit", className="gh-button"),
        ],
        action="/audit", method="GET", className="gh-audit-form gh-form", **attributes(data_keep=""),
    )  # fmt: skip


def _options(chosen: str) -> list[html.Option]:
    return [
        html.Option(_(label), value=name, **({"selected": "selected"} if name == chosen else {}))
        for name, label in RESULT_WORDS.items()
    ]


def _labelled(text: str, *fields: Any) -> html.Label:
    return html.Label([html.Span(text), *fields])


def _box(name: str, kind: str, values: Mapping[str, str]) -> dcc.Input:
    more = {"list": "audit-actions"} if name == "action" else {}
    return dcc.Input(
        name=name, type=kind, value=values.get(name, ""), className="gh-search", autoComplete="off", **more  # type: ignore[arg-type]
    )  # fmt: skip


def audit_table(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> html.Div:
    """The rows; below 780 px each is a block of its own."""
    head = html.Thead(html.Tr([html.Th(_(label), scope="col") for label in HEADS]))
    body = html.Tbody([html.Tr(_cells(row, zone)) for row in rows])
    look = attributes(aria_label=_("Rows of the record"))
    return html.Div(
        html.Table([head, body], className="gh-audit"),
        className="gh-surface gh-audit-box",
        tabIndex=0,
        role="region",
        **look,
    )


def _cells(row: Mapping[str, Any], zone: ZoneInfo) -> list[html.Td]:
    role = _(ROLE_NAMES[row["role"]]) if row["role"] in ROLE_NAMES else ""
    values = (
        moment_text(row["at"], zone), [html.B(row["actor"]), html.Small(f" {role}")], _(VIA_WORDS.get(row["via"], "")) or row["via"],
        html.Code(row["action"]), row["subject"],
        html.Span(_(RESULT_WORDS.get(row["result"], "")) or row["result"], className=f"gh-outcome-{row['result']}"),
        html.Code("" if row["detail"] == "{}" else row["detail"]),
    )  # fmt: skip
    return [html.Td(value, **attributes(data_label=_(label))) for label, value in zip(HEADS, values, strict=True)]

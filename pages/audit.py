"""/audit : the audit record, for the auditor: filter, pages, a file, and whether the chain still holds."""

from typing import Any
from zoneinfo import ZoneInfo

import dash
from dash import Input, Output, State, callback, dcc, html, no_update

from actions.verify_audit import verify_audit
from components.audit_list import audit_form, audit_head, audit_table, verdict
from components.words import _
from components.worklist import nothing, pager
from pages.access import actor
from pages.unchanged import version_of
from views.audit import PAGE, audit_page, chain_state, may_audit, parse_audit
from wiring import house

dash.register_page(__name__, path="/audit", title=lambda: _("Audit record"))

SEARCH = Input("frame-url", "search")


def layout(**_query: Any) -> html.Div:
    """The page without its rows; they come by callback."""
    return html.Div(
        [
            dcc.Store(id="audit-shown"), dcc.Interval(id="audit-minute", interval=60_000), html.Div(id="audit-head"),
            html.Div(id="audit-verdict", role="status"), html.Div(id="audit-form"), html.Div(id="audit-rows"),
        ],
        className="gh-page gh-page-audit",
    )  # fmt: skip


@callback(
    Output("audit-head", "children"), Output("audit-rows", "children"), Output("audit-shown", "data"),
    SEARCH, Input("audit-minute", "n_intervals"), State("audit-shown", "data"),
)  # fmt: skip
def show(search: str | None, _minute: object, shown: str | None) -> Any:
    """The rows of the address, again when there are others."""
    opened, query, who = house(), parse_audit(search or ""), actor()
    page, chain = audit_page(opened.engine, who, query, opened.zone), chain_state(opened.engine, who)
    version = version_of(query, page, chain)
    if version == shown:
        return no_update, no_update, no_update
    zone = ZoneInfo(opened.zone.name)
    head = audit_head(page.total, chain, f"/export/audit.csv{query.text(page=1)}", zone)
    if not page.rows:
        return head, nothing(_("No row of the record fits.")), version
    ways = pager(query.page, -(-page.total // PAGE), lambda number: f"/audit{query.text(page=number)}")
    return head, [audit_table(page.rows, zone), *([ways] if ways else [])], version


@callback(Output("audit-form", "children"), SEARCH)
def show_form(search: str | None) -> Any:
    """The filter as the address has it."""
    query, opened = parse_audit(search or ""), house()
    page = audit_page(opened.engine, actor(), query, opened.zone)
    return audit_form({name: str(value) for name, value in vars(query).items()}, page.actions)


@callback(Output("audit-verdict", "children"), Input("audit-verify", "n_clicks"), prevent_initial_call=True)
def check(clicks: int | None) -> Any:
    """Hold the whole record against its seals and the file of heads."""
    if not clicks or not may_audit(actor()):
        return no_update
    opened = house()
    found = verify_audit(opened.engine, opened.secret, opened.heads_file)
    return verdict(found.differences, found.rows, found.tail)

"""Who reported a case, masked; with a reason the whole of it (assets/reveal.js asks /reveal and hides it again)."""

from collections.abc import Sequence
from typing import Protocol

from dash import dcc, html

from components.attributes import attributes
from components.words import _


class Masked(Protocol):
    """A reporter with the middle hidden (views.contacts.Masked)."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def erased(self) -> bool: ...


def contact_card(case_id: int, found: Sequence[Masked], *, may_reveal: bool) -> html.Section | None:
    """The reporters and, where the reader may, the form that asks why; nothing where nobody said who they are."""
    if not found:
        return None
    rows = [html.Li(_said(each)) for each in found]
    shown = [html.Ul(rows, className="gh-contacts")]
    if may_reveal and not all(each.erased for each in found):
        shown.append(_form(case_id))
    head = html.Div(html.H2(_("Reporter")), className="gh-card-head")
    return html.Section([head, *shown], className="gh-card gh-contact-card")


def _said(each: Masked) -> list[object]:
    if each.erased:
        return [html.Span(_("Erased after the set time"), className="gh-quiet")]
    return [html.B(each.name or _("no name")), html.Span(each.phone or _("no number"))]


def _form(case_id: int) -> html.Form:
    box = dcc.Input(name="reason", type="text", maxLength=200, autoComplete="off", className="gh-search gh-reason")
    label = html.Label([html.Span(_("Why you need name and number (goes on record)"), className="gh-card-note"), box])
    button = html.Button(_("Show"), type="submit", className="gh-button")
    told = html.Div(className="gh-revealed", role="status", **attributes(data_hides=_("Hidden again in a minute")))
    return html.Form([label, button, told], className="gh-reveal", **attributes(data_case=str(case_id)))

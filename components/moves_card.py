"""What can be done next with a case: each step with its fields, and why the others cannot be taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from components.attributes import attributes
from components.movefields import Options, field_input
from components.words import _
from domain.fields import FIELDS
from domain.guards import WRONG_STATE, Permission
from domain.lifecycle import Move
from domain.measures import N_

USED = {
    "return": (N_("returned {n} of {most}"), "returns", "most_returns"),
    "extend_ask": (N_("extended {n} of {most}"), "extensions", "most_extensions"),
}
"""Move → how often it was made of the times that it may be, from the sheet."""
QUIET = ("note", "supervise", "whistle")
"""Steps that are possible at any time and so are never the next one."""


def moves_card(sheet: Mapping[str, Any], permissions: Sequence[Permission], options: Options) -> html.Section:
    """sheet: a row of casework with seen (number of the newest step on this page), most_returns and most_extensions.

    Possible steps come first, the others with their reason.
    """
    first = next((p for p in permissions if p.allowed and p.move.name not in QUIET), None)
    can = [_possible(sheet, p.move, options, leading=p is first) for p in permissions if p.allowed]
    cannot = [_impossible(p) for p in permissions if not p.allowed and p.why != WRONG_STATE]
    later = [p for p in permissions if not p.allowed and p.why == WRONG_STATE]
    body: list[Any] = [html.Ul([*can, *cannot], className="gh-moves")] if can or cannot else []
    body += [_later(later)] if later else []
    return html.Section(
        [
            html.Div(html.H2(_("Next step")), className="gh-card-head"),
            *(body or [html.P(_("Your role has nothing to do here."), className="gh-quiet")]),
        ],
        className="gh-card gh-moves-card",
    )


def _possible(sheet: Mapping[str, Any], move: Move, options: Options, *, leading: bool) -> html.Li:
    needs = " · ".join(_(FIELDS[name].label) for name in move.asks)
    said = _("needs: {what}", what=needs) if needs else _("needs nothing more")
    hint = " · ".join([said, *([_("cannot be undone")] if move.final else []), *_used(sheet, move)])
    button = html.Span(_("Submit") if leading else _("Open"), className=f"gh-button{' gh-primary' if leading else ''}")
    words = html.Span([html.B(_(move.label)), html.Small(hint)], className="gh-move-words")
    return html.Li(
        html.Details([html.Summary([words, button], className="gh-move-row"), move_form(sheet, move, options)]),
        **attributes(data_possible=move.name),
    )


def _used(sheet: Mapping[str, Any], move: Move) -> list[str]:
    message, count, most = USED.get(move.name, ("", "", ""))
    return [_(message, n=sheet[count], most=sheet[most])] if most in sheet else []


def _impossible(permission: Permission) -> html.Li:
    words = html.Span([html.Span(_(permission.move.label)), html.Small(_(permission.why))], className="gh-move-words")
    return html.Li(
        html.Div([words, html.Span(_("Not available"), className="gh-move-no")], className="gh-move-row"),
        className="gh-move-off", **attributes(data_impossible=permission.move.name),
    )  # fmt: skip


def _later(later: Sequence[Permission]) -> html.Details:
    """Steps of the reader's role that belong to other states, folded away."""
    rows = html.Ul([_impossible(each) for each in later], className="gh-moves")
    return html.Details(
        [html.Summary(_("{n} other steps of your role, not in this state", n=len(later))), rows], className="gh-later"
    )


def move_form(sheet: Mapping[str, Any], move: Move, options: Options) -> html.Form:
    """The form of a step; assets/work.js sends it with the version it was drawn at and a key that makes it happen once."""
    fields = [
        field_input(FIELDS[name], options, required=name in move.asks)
        for name in dict.fromkeys((*move.asks, *move.may))
        if name in FIELDS
    ]
    marks = {
        "data_move": move.name, "data_case": str(sheet["case_id"]), "data_version": str(sheet["version"]),
        "data_seen": str(sheet["seen"]), "data_sending": _("Sending …"), "data_done": _("{move}: done", move=_(move.label)), "data_again": _("Show the case as it is now"),
        "data_lost": _("The server does not answer. What you wrote is still here; send it again."),
        **({"data_confirm": _("Yes, {move}: this cannot be undone", move=_(move.label))} if move.final else {}),
    }  # fmt: skip
    return html.Form(
        [
            *fields,
            html.Div(className="gh-form-said", role="alert", hidden=True),
            html.Button(_(move.label), type="submit", className="gh-button gh-primary gh-wide"),
        ],
        className="gh-move-form", **attributes(**marks),
    )  # fmt: skip


def changed_note() -> html.Div:
    """Said while somebody is writing and the case has changed meanwhile; nothing that was written is taken away."""
    again = html.Button(_("Show the case as it is now"), type="button", className="gh-button", id="case-again")
    return html.Div(
        [html.Span(_("Somebody else has moved this case meanwhile.")), again], id="case-changed", className="gh-notice",
        hidden=True, role="status",
    )  # fmt: skip

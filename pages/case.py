"""/cases/<id> : one case: what may be done next, its deadline, its course, its place, photos and what belongs to it."""

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html, no_update

from actions.reveal import MAY
from components.calendar_warning import calendar_warning
from components.camera_card import Beside, cameras_card
from components.case_facts import facts, neighbours, said
from components.case_head import case_head, no_case
from components.case_map import case_map, off_map
from components.case_photos import photos_card
from components.case_related import related_card, similar_text
from components.case_tasks import tasks_card
from components.contact_card import contact_card
from components.deadline_block import deadline_block
from components.limits import limit_text
from components.moves_card import changed_note, moves_card
from components.timeline import timeline
from components.words import _
from domain.cases import HERE
from domain.guards import MOST_EXTENSIONS
from domain.ways import WORKERS
from pages.access import actor
from pages.asked import Asked, asked
from pages.unchanged import version_of
from views.area_names import names_above, way
from views.cameras import any_camera, nearest
from views.caselist import NEIGHBOUR_DAYS, NEIGHBOUR_M
from views.contacts import contacts
from views.work import Worksheet, worksheet
from wiring import house

dash.register_page(__name__, path_template="/cases/<case_id>", title=lambda **_path: _("Case"))

MINUTE_MS = 60_000
METRES = round(NEIGHBOUR_M)


def _found(now: Asked, case_id: str | None) -> Worksheet | None:
    """The case of an address that the reader may see."""
    if not (case_id or "").isdecimal() or len(str(case_id)) > 18:
        return None
    return worksheet(now.reader, house().work, actor(), now.scope, int(str(case_id)), now.moment.now)


def layout(case_id: str | None = None, **_query: Any) -> html.Div:
    """A case, or that there is none."""
    now = asked("")
    found = _found(now, case_id)
    if found is None:
        return no_case()
    head, course, shown, known = _parts(now, found)
    near = _cameras(now, found)
    return html.Div(
        [
            dcc.Interval(id="case-minute", interval=MINUTE_MS),
            dcc.Store(id="case-shown", data=_version(now, found)),
            dcc.Store(id="case-typing", data=False),
            dcc.Store(id="case-moved"),
            html.Header(head, id="case-head"),
            changed_note(),
            html.P(id="case-said", className="gh-moved", role="status"),
            html.Div(
                [
                    html.Div([html.Div(course, id="case-course", className="gh-column"), *_beside(now, found, near)],
                             className="gh-column"),
                    html.Div([_place(now, found, near), html.Div(shown, id="case-seen", className="gh-column")],
                             className="gh-column"),
                    html.Div([html.Div(_moves(found), id="case-moves"), html.Div(known, id="case-known", className="gh-column")],
                             className="gh-column gh-column-work"),
                ],
                className="gh-columns",
            ),
        ],
        className="gh-page gh-page-case",
    )  # fmt: skip


def _parts(now: Asked, found: Worksheet) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """What changes while a case is open: head, course, photos, what is known."""
    zone, clock, one, case = now.zone, now.moment.now, found.one, found.one.case
    reporters = contacts(now.reader, now.scope, case["id"])
    known = [
        related_card(case, found.related),
        tasks_card(found.tasks, clock, zone),
        contact_card(case["id"], reporters, may_reveal=actor().role in MAY),
    ]
    return (
        case_head(_timed(found), way(now.moment, case["area_code"]), clock, sheet=found.sheet),
        [
            deadline_block(_timed(found), clock, zone, *_limits(found), running=found.running),
            timeline(case, one.steps, clock, zone),
        ],
        [photos_card(found.photos, zone), said(case)],
        [
            *(card for card in known if card),
            facts(case, zone),
            neighbours(case, one.neighbours, METRES, NEIGHBOUR_DAYS),
        ],
    )


def _timed(found: Worksheet) -> dict[str, Any]:
    """The case with the deadline that runs now: that of its stage before and after handling."""
    case, sheet = found.one.case, found.sheet
    if found.running is not None:
        case = {**case, "warn_from": found.running.warn}
    if sheet["stage_due_at"] is not None:
        return {**case, "due_at": sheet["stage_due_at"], "reported_at": sheet["since"]}
    return {**case, "reported_at": sheet["timed_from"] or case["reported_at"]}


def _limits(found: Worksheet) -> list[Any]:
    """What the limit is in its own unit, and a warning where nobody knows the days of work that it reaches."""
    sheet, warning = found.sheet, calendar_warning(found.unknown)
    limit = limit_text(sheet["amount"], sheet["unit"]) if sheet["amount"] and sheet["stage_due_at"] is None else ""
    return [limit, *([warning] if warning else [])]


def _moves(found: Worksheet) -> Any:
    sheet = {
        **found.sheet, "seen": found.seen, "most_returns": house().work.rules.most_returns, "most_extensions": MOST_EXTENSIONS,
    }  # fmt: skip
    case = found.one.case
    similar = [(each["number"], f"{each['number']} · {similar_text(case, each)}")
               for how, each in found.related if how == "similar"]  # fmt: skip
    conditions = [(name, f"{name} · {limit_text(amount, unit)}") for name, amount, unit in found.conditions]
    return moves_card(sheet, found.permissions, {**found.options, "condition": conditions, "case": similar})


def _cameras(now: Asked, found: Worksheet) -> Beside:
    """The cameras that see the place of the case, with the names of their areas; none where it has no place."""
    case, areas = found.one.case, now.moment.areas
    if case["placing"] != HERE:
        return ()
    area_id = int(areas.ids[areas.position[case["area_code"]]])
    near = nearest(now.reader, now.scope, case["longitude"], case["latitude"], area_id)
    return tuple((each, names_above(areas, each.camera["position"])) for each in near)


def _beside(now: Asked, found: Worksheet, near: Beside) -> list[html.Section]:
    if found.one.case["placing"] != HERE or not (near or any_camera(now.reader, now.scope)):
        return []
    return [cameras_card(near, now.zone.key, case_id=found.one.case["id"] if actor().role in WORKERS else None)]


def _place(now: Asked, found: Worksheet, near: Beside) -> html.Section:
    one, areas = found.one, now.moment.areas
    if one.case["placing"] != HERE:
        return off_map(one.case)
    level = areas.level[areas.position[one.case["area_code"]]]
    return case_map(one.case, one.neighbours, level, METRES, [each for each, _above in near])


def _version(now: Asked, found: Worksheet) -> str:
    return version_of(found, now.moment.now // 60)


@callback(
    Output("case-head", "children"), Output("case-course", "children"), Output("case-seen", "children"),
    Output("case-known", "children"), Output("case-moves", "children"), Output("case-changed", "hidden"),
    Output("case-shown", "data"), Input("live-work", "data"), Input("case-minute", "n_intervals"),
    Input("case-moved", "data"), State("frame-url", "pathname"), State("case-shown", "data"),
    State("case-typing", "data"), prevent_initial_call=True,
)  # fmt: skip
def follow(_live: object, _minute: object, _moved: object, pathname: str | None, shown: str, typing: bool) -> Any:  # noqa: FBT001
    """The case again when it has changed, and every minute for its clock. Fields that somebody fills in stay as they are."""
    now = asked("")
    found = _found(now, (pathname or "").rpartition("/")[2])
    if found is None or (_version(now, found) == shown and ctx.triggered_id != "case-moved"):
        return (no_update,) * 7
    keep = typing and ctx.triggered_id != "case-moved"
    moves = no_update if keep else _moves(found)
    told = no_update if ctx.triggered_id == "case-minute" else not keep
    return *_parts(now, found), moves, told, _version(now, found)


clientside_callback(ClientsideFunction("screens", "tiles"), Output("case-base", "url"), Input("frame-scheme", "data"))

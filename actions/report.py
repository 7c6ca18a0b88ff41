"""Take a report into the store: a case, its first step, its counts, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from actions.moving import recount, stage_due
from actions.photos import attach_in
from actions.work import Work
from domain.actor import Actor
from domain.cases import HERE, KINDS, OUTSIDE
from domain.fields import MOST_TEXT
from domain.lifecycle import MOVES, STATUS_OF
from domain.measures import N_
from domain.periods import date_of
from domain.refusal import Refused
from store import audit, bulk, casework, doorbell, names, schema
from store.engine import write
from store.locks import lock_form

UNSIGNED = frozenset({"public", "machine"})
"""Who reports for others or for themselves anywhere on the site; everybody else within their areas."""


@dataclass(frozen=True)
class Report:
    """What is reported. category: a name of the catalogue. longitude, latitude: WGS-84; without them an area code.

    photos: ids of loose photos. before, after: the same, of what was handled on the spot. channel: where from (来源).
    order_no: the 12345 number. owner: of the photos, where it is not the login.
    """

    category: str
    text: str
    channel: str
    longitude: float | None = None
    latitude: float | None = None
    area_code: str | None = None
    title: str | None = None
    order_no: str | None = None
    photos: Sequence[int] = ()
    before: Sequence[int] = ()
    after: Sequence[int] = ()
    self_handled: bool = False
    once: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Reported:
    """The id of the case and its number."""

    case_id: int
    case_no: str


def report(work: Work, actor: Actor, what: Report, *, now: int) -> Reported:
    """Take a report. Raises Refused, nothing kept: missing, invalid, forbidden (another's area)."""
    with write(work.site.engine) as connection:
        made = report_in(connection, work, actor, what, now=now)
    work.ring()
    return made


def report_in(connection: sa.Connection, work: Work, actor: Actor, what: Report, *, now: int) -> Reported:
    """The same in the caller's transaction, who rings the bell after it."""
    move = MOVES["self_handle" if what.self_handled else "report"]
    if actor.role not in move.roles:
        raise Refused("forbidden", N_("This is for another role."))
    if what.once:
        lock_form(connection, what.once)
        if known := _made_before(connection, what.once):
            return known
    text, title = _text(what.text), _text(what.title)
    if not text and actor.role != "public":
        raise Refused("missing", N_("Please fill in: {field}."), field=N_("Description"))
    if what.category not in work.catalogue.by_name:
        raise Refused("invalid", N_("There is no such category; choose one of the list."))
    if what.self_handled and not (what.before and what.after):
        raise Refused("missing", N_("Please fill in: {field}."), field=N_("Photos before and after"))
    category = work.catalogue.of(what.category)
    area_id, placing = _placed(work, actor, what)
    state = move.to or "reported"
    case_no = casework.next_number(connection, _prefix(work), date_of(work.site.zone.day(now)).strftime("%Y%m%d"))
    ended = now if what.self_handled else None
    row: dict[str, Any] = {
        "id": bulk.reserve_ids(connection, schema.cases, 1)[0],
        "source_id": casework.house_source(connection), "external_id": case_no, "kind": KINDS.index(category.kind),
        "status": STATUS_OF[state], "category_id": names.category_ids(connection, [category.name])[category.name],
        "title": title or None, "text": text or None, "channel": what.channel,
        "department": category.department or None, "order_no": _text(what.order_no) or None, "reported_at": now,
        "first_response_at": ended, "due_at": None, "closed_at": ended, "ended_at": ended, "updated_at": now,
        "online": True, "area_id": area_id, "placing": placing, "longitude": what.longitude, "latitude": what.latitude,
        "area_code": what.area_code, "content_hash": 0, "overdue": False, "level": None, "rated_at": None,
    }  # fmt: skip
    connection.execute(sa.insert(schema.cases).values(row))
    sheet = casework.new_sheet(row, state, case_no) | {"version": 1, "department": None, "since": now}
    casework.write_sheet(connection, sheet | {"stage_due_at": stage_due(work, connection, state, now)})
    step = {
        "case_id": row["id"],
        "at": now,
        "move": move.name,
        "status": row["status"],
        "actor": actor.login,
        "note": None,
    }
    step_id = casework.append_step(connection, step, {"channel": what.channel}, what.once)
    for kind, ids in (("before", (*what.photos, *what.before)), ("after", what.after)):
        attach_in(connection, ids, case_id=row["id"], step_id=step_id, kind=kind, owner=what.owner or actor.login)
    recount(connection, work, None, row, now=now)
    audit.append(connection, actor, f"case.{move.name}", f"case:{row['id']}", now=now)
    doorbell.ring(connection)
    return Reported(row["id"], case_no)


def _made_before(connection: sa.Connection, once: str) -> Reported | None:
    found = casework.of_form(connection, once)
    return None if found is None else Reported(*found)


def _text(raw: str | None) -> str:
    text = (raw or "").replace("\r\n", "\n").strip()
    bad = any((ord(c) < 32 and c not in "\n\t") or "\ud800" <= c <= "\udfff" for c in text)
    if bad or len(text) > MOST_TEXT:
        raise Refused("invalid", N_("The text has characters that cannot be kept, or more than {n}."), n=MOST_TEXT)
    return text


def _placed(work: Work, actor: Actor, what: Report) -> tuple[int, int]:
    """(area id, placing) of a report. Raises Refused where it has no place here, or one that is not the actor's."""
    point = np.array([[np.nan if v is None else float(v)] for v in (what.longitude, what.latitude)])
    if np.isfinite(point).sum() == 1 or not (
        np.isnan(point[0, 0]) or (abs(point[0, 0]) <= 180 and abs(point[1, 0]) <= 90)
    ):
        raise Refused("invalid", N_("The place is not a point of the earth."))
    area, placing, known = work.site.place(
        point[0], point[1], np.array([what.area_code], dtype=object), np.zeros(1, dtype=bool)
    )
    if not known[0] or (placing[0] != HERE and not what.area_code) or (placing[0] == OUTSIDE):
        raise Refused(
            "missing",
            N_("Say where it is: a point on the map within {site}, or its area."),
            site=work.site.areas.name[0],
        )
    if actor.role not in UNSIGNED and not work.may_see(actor, int(area[0])):
        raise Refused("forbidden", N_("This place is outside your areas."))
    return int(area[0]), int(placing[0])


def _prefix(work: Work) -> str:
    """The six digits of the division, from the first area that has them; zeros where codes are of another kind."""
    return next((code[:6] for code in work.site.areas.code if len(code) >= 6 and code[:6].isdigit()), "000000")

"""Places with a QR code: make them, revoke them. What a code carries is random, so that it tells and leads nowhere else."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from actions.site import Site
from domain.actor import Actor
from domain.contacts import MOST_SPOT, words
from domain.measures import N_
from domain.refusal import Refused
from domain.scope import Scope
from store import audit, public_places
from store.engine import write
from store.schema_public import places

MAY = frozenset({"system_admin", "shift_leader", "leader", "system"})
ID_BYTES = 10
"""20 characters of an address that no terminal takes for an option."""
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class NewPlace:
    """A place to be made; longitude, latitude: WGS-84, or None for anywhere in its area."""

    name: str
    area_code: str
    longitude: float | None = None
    latitude: float | None = None


def make_places(site: Site, actor: Actor, wanted: list[NewPlace], *, now: int) -> list[str]:
    """Make places within the actor's areas; their ids. Raises Refused, nothing made: forbidden, missing, invalid."""
    _require_role(actor)
    if len(wanted) > MOST_AT_ONCE:
        raise Refused("limit", N_("{n} places are the most at once."), n=MOST_AT_ONCE)
    rows = [_row(site, actor, each, now=now) for each in wanted]
    with write(site.engine) as connection:
        for row in rows:
            connection.execute(sa.insert(places).values(row))
            audit.append(connection, actor, "place.make", f"place:{row['id']}", now=now)
    return [str(row["id"]) for row in rows]


def revoke_place(site: Site, actor: Actor, place_id: str, *, now: int) -> None:
    """End a code: scanned, it opens a report without a place. Raises Refused: forbidden, absent, illegal."""
    _require_role(actor)
    with write(site.engine) as connection:
        found = public_places.place(connection, place_id)
        if found is None or not _may_see(site, actor, found.area_code):
            raise Refused("absent", N_("There is no such place in your areas."))
        if found.revoked_at is not None:
            raise Refused("illegal", N_("The code of this place was revoked before."))
        connection.execute(sa.update(places).where(places.c.id == place_id).values(revoked_at=now))
        audit.append(connection, actor, "place.revoke", f"place:{place_id}", now=now)


def _require_role(actor: Actor) -> None:
    if actor.role not in MAY:
        raise Refused(
            "forbidden", N_("Only the system administrator, shift leaders and leaders make codes for places.")
        )


def _may_see(site: Site, actor: Actor, code: str) -> bool:
    return site.areas.sees(Scope(actor.areas, actor.role), site.areas.position[code])


def _row(site: Site, actor: Actor, place: NewPlace, *, now: int) -> dict[str, object]:
    if place.area_code not in site.areas.position or not _may_see(site, actor, place.area_code):
        raise Refused("absent", N_("There is no area {area} among yours."), area=place.area_code)
    name = words(place.name, MOST_SPOT).replace("\n", " ")
    if not name:
        raise Refused("missing", N_("Give the place a name: the gate, the house, the grid."))
    return {
        "id": secrets.token_hex(ID_BYTES), "name": name,
        "area_id": int(site.areas.ids[site.areas.position[place.area_code]]), "longitude": place.longitude,
        "latitude": place.latitude, "made_at": now, "made_by": actor.login, "revoked_at": None,
    }  # fmt: skip

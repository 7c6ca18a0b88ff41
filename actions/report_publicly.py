"""Take a report from a resident: the case, who may ask for it, its photos, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from actions.photos import keep_photo
from actions.report import Report, report_in
from actions.work import Work
from config_public import Public
from domain import contacts
from domain.actor import PUBLIC
from domain.measures import N_
from domain.photos import MOST_BYTES
from domain.refusal import Refused
from domain.secrets import mac
from domain.tracking import code_mac, code_of, is_form
from store.engine import read, write
from store.public_places import open_place
from store.schema_public import photos, public_reports, reporters

CHANNEL = "居民扫码"
HOUR = 3_600
MOST_PHOTOS = 3
TRIES_A_PHOTO = 4
"""So often a form may change its mind about each photo."""


@dataclass(frozen=True)
class Told:
    """What a form says, as text. group: the plain word of what it is about; category: of that group, "" = its first.

    place: id of a QR code. photos: ids of loose photos of this form. trap: a field that people do not see.
    """

    form: str
    group: str = ""
    category: str = ""
    text: str = ""
    spot: str = ""
    place: str = ""
    longitude: str = ""
    latitude: str = ""
    area: str = ""
    phone: str = ""
    trap: str = ""
    photos: Sequence[int] = ()


def owner_of(work: Work, form: str) -> str:
    """Who owns the photos of a form: its keyed hash."""
    return mac(work.secret, "photos of a form", form)


def require_form(work: Work, rules: Public, form: str, *, now: int) -> None:
    """Raises Refused for a form that was not given out here, or too long ago."""
    if not is_form(work.secret, form, now=now, seconds=rules.form_seconds):
        raise Refused("invalid", N_("This form is too old; open it anew. What you wrote is still in it."))


def code_made_by(work: Work, form: str) -> str | None:
    """The code of the report that this form has made already."""
    code = code_of(work.secret, form)
    query = sa.select(reporters.c.id).where(reporters.c.code_mac == code_mac(work.secret, code))
    with read(work.site.engine) as connection:
        return code if connection.execute(query).first() else None


def report_publicly(work: Work, rules: Public, told: Told, *, client: str, now: int) -> str:
    """The tracking code of the report; the same form again gives the same code and makes nothing.

    client: its address. Raises Refused, nothing kept: invalid, missing, limit.
    """
    require_form(work, rules, told.form, now=now)
    if (known := code_made_by(work, told.form)) is not None:
        return known
    if told.trap:
        raise Refused(
            "invalid", N_("A field was filled in that people do not see. If you are one, open the form anew.")
        )
    code, number = code_of(work.secret, told.form), contacts.phone(told.phone)
    try:
        with write(work.site.engine) as connection:
            _count(connection, mac(work.secret, "client of a report", client), rules.reports_per_hour, now=now)
            made = report_in(connection, work, PUBLIC, _report(connection, work, told), now=now)
            row = {
                "case_id": made.case_id, "phone": number or None, "code_mac": code_mac(work.secret, code),
                "once": mac(work.secret, "form of a reporter", told.form), "made_at": now,
                "expires_at": now + rules.code_seconds,
            }  # fmt: skip
            connection.execute(sa.insert(reporters).values(row))
    except IntegrityError:
        if (known := code_made_by(work, told.form)) is not None:  # the same form came twice at once
            return known
        raise
    work.ring()
    return code


def keep_public_photo(work: Work, rules: Public, form: str, data: bytes, *, client: str, now: int) -> int:
    """Keep a photo of a form until its report takes it; its id. Raises Refused: invalid, limit."""
    require_form(work, rules, form, now=now)
    if len(data) > MOST_BYTES:
        raise Refused("limit", N_("The photo is larger than {n} MB; send a smaller one."), n=MOST_BYTES // 1_000_000)
    owner, most = owner_of(work, form), MOST_PHOTOS * TRIES_A_PHOTO
    mine = sa.select(sa.func.count()).where(photos.c.made_by == owner)
    with write(work.site.engine) as connection:
        if connection.execute(mine).scalar_one() >= most:
            raise Refused("limit", N_("{n} photos are the most for a report."), n=MOST_PHOTOS)
        _count(connection, mac(work.secret, "client of a photo", client), rules.reports_per_hour * most, now=now)
    return keep_photo(work, PUBLIC, data, now=now, owner=owner)


def _count(connection: sa.Connection, client: str, most: int, *, now: int) -> None:
    """Put on record that a client sends something. Raises Refused when it sent `most` within the hour."""
    lately = sa.select(sa.func.count()).where(public_reports.c.client == client, public_reports.c.at > now - HOUR)
    if connection.execute(lately).scalar_one() >= most:
        raise Refused("limit", N_("A great deal was reported from this network in the last hour. Try again later."))
    connection.execute(sa.insert(public_reports).values(client=client, at=now))


def _report(connection: sa.Connection, work: Work, told: Told) -> Report:
    """What the form says as a report: the point on the map goes before the place of the QR code, that before the area."""
    category = _category(work, told)
    spot = contacts.words(told.spot, contacts.MOST_SPOT)
    longitude, latitude = contacts.coordinate(told.longitude), contacts.coordinate(told.latitude)
    place = open_place(connection, told.place)
    area = told.area or (place.area_code if place else None)
    if place and (longitude is None or latitude is None) and not told.area:
        longitude, latitude, spot = place.longitude, place.latitude, spot or place.name
    if len(told.photos) > MOST_PHOTOS:
        raise Refused("invalid", N_("{n} photos are the most for a report."), n=MOST_PHOTOS)
    return Report(
        category=category, text=contacts.words(told.text, contacts.MOST_WORDS), channel=CHANNEL, longitude=longitude,
        latitude=latitude, area_code=area, title=f"{spot} {category}".strip(), photos=tuple(dict.fromkeys(told.photos)),
        once=mac(work.secret, "step of a form", told.form), owner=owner_of(work, told.form),
    )  # fmt: skip


def _category(work: Work, told: Told) -> str:
    offered = dict(work.catalogue.groups()).get(told.group, ())
    if not offered:
        raise Refused("missing", N_("Say what kind of problem it is."))
    return next((c.name for c in offered if c.name == told.category), offered[0].name)

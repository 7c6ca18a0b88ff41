"""/open311/v2: GeoReport v2 (wiki.open311.org/GeoReport_v2), so that mini-programs and other systems report and read.

Anyone reads published categories without a key: no text, no contact, the place as its grid. Reporting asks for a key of
an account that may report. media_url is neither fetched nor kept: no address from outside makes this server ask another.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import HTMLResponse, Response

from actions.intake import Contact, take_in
from actions.keys import key_holder
from actions.report import Report
from api.answers import sentence
from api.geoform import error, listed, one
from api.open311_document import document
from api.turnstile import Turnstile
from components.caselines import STATUS_WORDS
from components.plain import render
from components.words import _
from domain import open311
from domain.actor import Actor
from domain.measures import N_
from domain.refusal import Refused
from domain.secrets import mac
from views.published import Published, published_requests

BASE = "/open311/v2"
MINUTE = 60
FORM = "application/x-www-form-urlencoded"
STATUS = {"absent": 404, "forbidden": 403, "stale": 400, "illegal": 400, "missing": 400, "invalid": 400, "limit": 429}
"""Kind of a refusal → status; the specification knows 400 where HTTP would say more."""


class _Whole(Convertor[str]):
    """The rest of a path, line breaks included, so that nothing below this address is answered by another form of error."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("whole", _Whole())
router = APIRouter(prefix=BASE)


class _NoKey(Refused):
    """The key is missing, or nobody has it."""


def _answered(request: Request, extension: str, make: Callable[[], Response]) -> Response:
    """What `make` gives; a refusal in the form that was asked for; 404 where the form is none of ours.

    Whoever shows no key is let through so many times a minute.
    """
    if extension not in {"json", "xml"}:
        return error("json", 404, _("There is nothing at this address; ask for .json or .xml."))
    try:
        _turnstile(request)
        return make()
    except Refused as refused:
        return error(extension, STATUS[refused.kind], sentence(refused))


def _turnstile(request: Request) -> None:
    """Let a client through. Raises Refused for who asks too often, and for a key that nobody has."""
    state, house = request.app.state, request.app.state.house
    if _holder(house, request, request.query_params) is not None:
        return
    if not hasattr(state, "open311_turnstile"):
        state.open311_turnstile = Turnstile(house.settings.trust.open311_per_minute, MINUTE)
    if not state.open311_turnstile.lets(request.scope["state"]["client"], house.clock()):
        raise Refused("limit", N_("Too many requests from this address; wait a minute, or use an api_key."))


def _check_jurisdiction(house: Any, given: Mapping[str, str]) -> None:
    ours, asked = house.settings.trust.jurisdiction, given.get("jurisdiction_id", "")
    if ours and asked and asked != ours:
        raise Refused("absent", N_("The jurisdiction_id is not that of this site."))


def _holder(house: Any, request: Request, given: Mapping[str, str]) -> Actor | None:
    """Whose key the Authorization header or else the field api_key shows; None without one. Raises Refused for an unknown key."""
    kind, _space, bearer = request.headers.get("authorization", "").partition(" ")
    key = bearer.strip() if kind.casefold() == "bearer" else given.get("api_key", "")
    if not key:
        return None
    found = key_holder(house.people, key)
    if found is None:
        raise _NoKey("forbidden", N_("The api_key is not known, or was revoked."))
    return found


@router.get("/discovery.{extension}")
async def discovery(request: Request, extension: str) -> Response:
    """Where the interface is, and what it speaks."""
    site = request.app.state.house.settings.site
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2", "url": f"{site.public_url.rstrip('/')}{BASE}",
        "changeset": "2026-11-24T00:00:00Z", "type": "production",
        "formats": [{"format": "text/xml"}, {"format": "application/json"}],
    }  # fmt: skip
    said = {
        "changeset": "2026-11-24T00:00:00Z", "contact": site.name, "key_service": f"{BASE}/docs",
        "endpoints": [{"endpoint": endpoint}],
    }  # fmt: skip
    if extension == "json":
        said |= {"endpoints": [endpoint | {"formats": ["text/xml", "application/json"]}]}
    return _answered(request, extension, lambda: one(extension, "discovery", said))


@router.get("/services.{extension}")
def services(request: Request, extension: str) -> Response:
    """The services: published categories; with a key all of them."""
    house, given = request.app.state.house, request.query_params

    def make() -> Response:
        _check_jurisdiction(house, given)
        everything = _holder(house, request, given) is not None
        rows = [_service(category) for category in open311.services(house.catalogue, everything=everything)]
        return listed(extension, "services", "service", rows)

    return _answered(request, extension, make)


def _service(category: Any) -> dict[str, Any]:
    return {
        "service_code": open311.code_of(category), "service_name": category.name, "description": category.name,
        "metadata": True, "type": "realtime", "keywords": ",".join(word for word in (category.group, category.kind) if word),
        "group": category.group or category.scheme,
    }  # fmt: skip


ATTRIBUTES = (("order_no", N_("12345 order number")), ("area_code", N_("Code of the area, where there is no point")))
"""What a report may say beside the fields of the specification: attribute[code]=value."""


@router.get("/services/{service_code:whole}.{extension}")
def definition(request: Request, service_code: str, extension: str) -> Response:
    """What a report of one service may say."""
    house, given = request.app.state.house, request.query_params

    def make() -> Response:
        _check_jurisdiction(house, given)
        everything = _holder(house, request, given) is not None
        if open311.service(house.catalogue, service_code, everything=everything) is None:
            raise Refused("absent", N_("There is no service with this service_code."))
        attributes = [
            {
                "variable": True, "code": name, "datatype": "string", "required": False, "order": order,
                "datatype_description": None, "description": _(label),
            }
            for order, (name, label) in enumerate(ATTRIBUTES, start=1)
        ]  # fmt: skip
        shown = [{"attribute": each} for each in attributes] if extension == "xml" else attributes
        return one(extension, "service_definition", {"service_code": service_code, "attributes": shown})

    return _answered(request, extension, make)


@router.get("/requests.{extension}")
def requests(request: Request, extension: str) -> Response:
    """Requests that are published, newest first."""
    house, given = request.app.state.house, request.query_params

    def make() -> Response:
        _check_jurisdiction(house, given)
        asked = open311.asked(given, house.clock(), house.settings.trust.open311_days)
        found = published_requests(house.reader, house.catalogue, asked)
        return listed(extension, "service_requests", "request", [_request(each) for each in found])

    return _answered(request, extension, make)


@router.get("/requests/{service_request_id}.{extension}")
def one_request(request: Request, service_request_id: str, extension: str) -> Response:
    """One published request, as a list of one."""
    house, given = request.app.state.house, request.query_params

    def make() -> Response:
        _check_jurisdiction(house, given)
        return listed(extension, "service_requests", "request", [_request(_published(house, service_request_id))])

    return _answered(request, extension, make)


@router.get("/tokens/{token}.{extension}")
def token(request: Request, token: str, extension: str) -> Response:
    """The request of a token. Requests have their id at once here, so it is its own token."""
    house, given = request.app.state.house, request.query_params

    def make() -> Response:
        _check_jurisdiction(house, given)
        row = {"service_request_id": str(_published(house, token).id), "token": token}
        return listed(extension, "service_requests", "request", [row])

    return _answered(request, extension, make)


def _published(house: Any, number: str) -> Published:
    known = open311.request_id(number)
    asked = open311.asked({"service_request_id": str(known)}, house.clock(), house.settings.trust.open311_days)
    found = published_requests(house.reader, house.catalogue, asked) if known is not None else ()
    if not found:
        raise Refused("absent", N_("There is no request with this id, or it is not published."))
    return found[0]


def _request(row: Published) -> dict[str, Any]:
    return {
        "service_request_id": str(row.id), "status": "open" if row.is_open else "closed",
        "status_notes": _(STATUS_WORDS[row.status]), "service_name": row.category, "service_code": row.code,
        "description": None, "agency_responsible": row.department, "service_notice": None,
        "requested_datetime": open311.shown(row.reported_at), "updated_datetime": open311.shown(row.updated_at),
        "expected_datetime": open311.shown(row.due_at), "address": row.area, "address_id": None, "zipcode": None,
        "lat": row.latitude, "long": row.longitude, "media_url": None,
    }  # fmt: skip


@router.post("/requests.{extension}")
async def report(request: Request, extension: str) -> Response:
    """A report by who has a key; its id at once."""
    raw = await request.body()
    return await run_in_threadpool(_answered, request, extension, lambda: _report(request, extension, raw))


def _report(request: Request, extension: str, raw: bytes) -> Response:
    house, given = request.app.state.house, _fields(request, raw)
    _check_jurisdiction(house, given)
    actor = _holder(house, request, given)
    if actor is None:
        raise _NoKey("forbidden", N_("A report needs the api_key of an account."))
    if not given.get("service_code"):
        raise Refused("missing", N_("The service_code is missing."))
    category = open311.service(house.catalogue, given["service_code"], everything=True)
    if category is None:
        raise Refused("absent", N_("There is no service with this service_code."))
    order_no = given.get("attribute[order_no]", "").strip()  # sent again by the same key it is the same case
    told = "\n".join(text for name in ("description", "address_string") if (text := given.get(name, "").strip()))
    contact = Contact(
        open311.name_of((given.get("first_name", ""), given.get("last_name", ""))), given.get("phone", "").strip()
    )
    what = Report(
        category.name, told, "Open311", open311.number(given.get("long", ""), "long", -180, 180),
        open311.number(given.get("lat", ""), "lat", -90, 90), area_code=given.get("attribute[area_code]") or None,
        order_no=order_no or None,
        once=mac(house.work.secret, "open311", f"{actor.login} {order_no}") if order_no else None,
    )  # fmt: skip
    made = take_in(house.work, actor, what, contact, now=house.clock())
    row = {"service_request_id": str(made.case_id), "service_notice": made.case_no, "account_id": None}
    return listed(extension, "service_requests", "request", [row], 201)


def _fields(request: Request, raw: bytes) -> dict[str, str]:
    """The fields of a form; a later one of the same name counts. Raises Refused for what is no such form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != FORM:
        raise Refused("invalid", N_("Send the fields as {media}."), media=FORM)
    try:
        return dict(parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError as error_:
        raise Refused("invalid", N_("The fields are not UTF-8, or too many.")) from error_


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    """The interface as OpenAPI 3."""
    house = request.app.state.house
    address = f"{house.settings.site.public_url.rstrip('/')}{BASE}"
    return Response(orjson.dumps(document(address, house.settings.trust.open311_days)), media_type="application/json")


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The interface as a page for people; no script, and nothing of another server."""
    house = request.app.state.house
    described = document(BASE, house.settings.trust.open311_days)
    published = open311.services(house.catalogue, everything=False)
    rows = [(open311.code_of(each), each.name) for each in published]
    return HTMLResponse(
        render(
            "open311.html",
            site=house.settings.site.name,
            base=BASE,
            paths=described["paths"],
            services=rows,
            days=house.settings.trust.open311_days,
        )
    )


@router.api_route("/{rest:whole}", methods=["GET", "HEAD"])
async def nothing(rest: str) -> Response:
    """There is no such address."""
    return error(
        "xml" if rest.endswith(".xml") else "json", 404, _("There is nothing at this address; ask for .json or .xml.")
    )

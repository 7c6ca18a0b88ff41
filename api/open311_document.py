"""The Open311 interface as an OpenAPI 3.1 document."""

from typing import Any

from domain.open311 import MOST

Document = dict[str, Any]

NULLABLE_TEXT = {"type": ["string", "null"]}
NULLABLE_NUMBER = {"type": ["number", "null"]}
TIME = {"type": "string", "format": "date-time"}
NULLABLE_TIME = {"type": ["string", "null"], "format": "date-time"}


def _object(required: dict[str, Any], **more: Any) -> Document:
    return {"type": "object", "properties": required | more, "required": list(required), "additionalProperties": False}


def _list(item: str, least: int = 0) -> Document:
    found: Document = {"type": "array", "items": {"$ref": f"#/components/schemas/{item}"}}
    return found | {"minItems": least, "maxItems": least} if least else found


SCHEMAS: Document = {
    "Error": _object({"code": {"type": "integer"}, "description": {"type": "string"}}),
    "Service": _object(
        {
            "service_code": {"type": "string"}, "service_name": {"type": "string"}, "description": {"type": "string"},
            "metadata": {"type": "boolean"}, "type": {"const": "realtime"}, "keywords": {"type": "string"},
            "group": {"type": "string"},
        }
    ),
    "ServiceDefinition": _object({"service_code": {"type": "string"}, "attributes": _list("Attribute")}),
    "Attribute": _object(
        {
            "variable": {"type": "boolean"}, "code": {"type": "string"}, "datatype": {"const": "string"},
            "required": {"type": "boolean"}, "order": {"type": "integer"}, "datatype_description": NULLABLE_TEXT,
            "description": {"type": "string"},
        }
    ),
    "Request": _object(
        {
            "service_request_id": {"type": "string"}, "status": {"enum": ["open", "closed"]}, "status_notes": {"type": "string"},
            "service_name": {"type": "string"}, "service_code": {"type": "string"}, "description": {"type": "null"},
            "agency_responsible": NULLABLE_TEXT, "service_notice": {"type": "null"}, "requested_datetime": TIME,
            "updated_datetime": TIME, "expected_datetime": NULLABLE_TIME, "address": {"type": "string"},
            "address_id": {"type": "null"}, "zipcode": {"type": "null"}, "lat": NULLABLE_NUMBER, "long": NULLABLE_NUMBER,
            "media_url": {"type": "null"},
        }
    ),
    "Reported": _object(
        {"service_request_id": {"type": "string"}, "service_notice": {"type": "string"}, "account_id": {"type": "null"}}
    ),
    "Token": _object({"service_request_id": {"type": "string"}, "token": {"type": "string"}}),
    "Discovery": _object(
        {
            "changeset": TIME, "contact": {"type": "string"}, "key_service": {"type": "string"},
            "endpoints": {"type": "array", "items": {"type": "object"}},
        }
    ),
}  # fmt: skip

TEXT = {"type": "string"}
JURISDICTION = ("jurisdiction_id", TEXT, "Only where the site names one; another one is answered with 404.")
KEY = ("api_key", TEXT, "The key of an account; with it services that are not published are shown too.")


def document(address: str, days: int) -> Document:
    """The document. address: of the interface. days: the longest span of one question."""
    paths: Document = {}
    for form, media in (("json", "application/json"), ("xml", "text/xml")):
        paths |= _paths(form, media, days)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "GridHall Open311 GeoReport v2", "version": "2",
            "description": "Published cases for everyone, reports by key. wiki.open311.org/GeoReport_v2",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }  # fmt: skip


def _paths(form: str, media: str, days: int) -> Document:
    asked = (
        JURISDICTION,
        ("service_request_id", TEXT, "Ids, comma between them; then no other field counts."),
        ("service_code", TEXT, "Service codes, comma between them."),
        (
            "start_date",
            TIME,
            f"Reported from then on; at most {days} days with end_date. Without both: the last {days} days.",
        ),
        ("end_date", TIME, "Reported until then."),
        ("status", {"enum": ["open", "closed", "open,closed"]}, "open, closed, or both."),
        ("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000}, "Page, from 1."),
        ("page_size", {"type": "integer", "minimum": 1, "maximum": MOST}, f"Requests a page, at most {MOST}."),
    )

    def get(
        summary: str, schema: Document, fields: tuple[Any, ...], errors: tuple[int, ...], path: str = ""
    ) -> Document:
        parameters = [_field(*each) for each in fields]
        if path:
            parameters.insert(0, {"name": path, "in": "path", "required": True, "schema": TEXT})
        return {
            "get": {
                "summary": summary,
                "parameters": parameters,
                "responses": _answers(media, 200, schema, (*errors, 403, 429)),
            }
        }

    requests = get("Published requests, newest first", _list("Request"), asked, (400, 404))
    return {
        f"/discovery.{form}": get("Where the interface is", {"$ref": "#/components/schemas/Discovery"}, (), ()),
        f"/services.{form}": get("Services that are published", _list("Service"), (JURISDICTION, KEY), (404,)),
        f"/services/{{service_code}}.{form}": get(
            "What a report of a service may say", {"$ref": "#/components/schemas/ServiceDefinition"}, (JURISDICTION, KEY),
            (404,), "service_code",
        ),
        f"/requests.{form}": requests | {"post": _post(media)},
        f"/requests/{{service_request_id}}.{form}": get(
            "One published request", _list("Request", 1), (JURISDICTION,), (404,), "service_request_id"
        ),
        f"/tokens/{{token}}.{form}": get(
            "The request of a token (its own id here)", _list("Token", 1), (JURISDICTION,), (404,), "token"
        ),
    }  # fmt: skip


def _post(media: str) -> Document:
    said = {
        "api_key": "The key of an account that may report.", "service_code": "Of the services.",
        "description": "What there is to be done.", "lat": "WGS-84 latitude.", "long": "WGS-84 longitude.",
        "address_string": "The place in words; kept with the description.", "attribute[area_code]": "Without lat and long: the code of an area.",
        "attribute[order_no]": "The 12345 order number, kept beside ours; sent again by the same key it gives the same case.",
        "first_name": "Given name of who reports.", "last_name": "Surname.", "phone": "Their phone number; erased after a set time.",
        "jurisdiction_id": JURISDICTION[2], "address_id": "Not used.", "email": "Not kept.", "device_id": "Not kept.",
        "account_id": "Not kept.", "media_url": "Neither fetched nor kept.",
    }  # fmt: skip
    numbers = {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "long": {"type": "number", "minimum": -180, "maximum": 180},
    }
    properties = {name: {**numbers.get(name, TEXT), "description": text} for name, text in said.items()}
    schema = {"type": "object", "properties": properties, "required": ["api_key", "service_code", "description"]}
    return {
        "summary": "Report",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}},
        "responses": _answers(media, 201, _list("Reported", 1), (400, 403, 404, 413, 429)),
    }


def _field(name: str, schema: Document, description: str) -> Document:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _answers(media: str, status: int, schema: Document, errors: tuple[int, ...]) -> Document:
    """In XML the same fields are elements; its schema is left to the specification."""
    json = media == "application/json"
    good, bad = (schema, _list("Error", 1)) if json else ({"type": "string"}, {"type": "string"})
    found = {str(status): {"description": "As asked.", "content": {media: {"schema": good}}}}
    return found | {str(each): {"description": WHY[each], "content": {media: {"schema": bad}}} for each in errors}


WHY = {
    400: "A field does not fit, or is missing.", 403: "The key is missing or not known, or may not report there.",
    404: "There is no such thing.", 413: "Too large.", 429: "Too often.",
}  # fmt: skip

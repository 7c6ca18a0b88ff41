"""GeoReport v2 requests as rows: the columns of the specification, whatever a server leaves out, and when they closed."""

from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from datasources.errors import BadDataError
from datasources.outgoing import Answer

COLUMNS = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url", "extended_attributes", "notes", "closed_datetime",
)  # fmt: skip
"""What wiki.open311.org/GeoReport_v2 names, two usual additions, and closed_datetime, which we find out."""

FIELDS: dict[str, Any] = {
    "external_id": "service_request_id",
    "status": {"column": "status", "values": {"open": "handling", "closed": "closed"}},
    "category": "service_name",
    "text": "description",
    "department": "agency_responsible",
    "reported_at": {"column": "requested_datetime", "format": "iso"},
    "updated_at": {"column": "updated_datetime", "format": "iso"},
    "due_at": {"column": "expected_datetime", "format": "iso"},
    "closed_at": {"column": "closed_datetime", "format": "iso"},
    "longitude": "long",
    "latitude": "lat",
}
"""The usual mapping to a case. An open request may be in any state before closing: it counts as being handled."""


def requests_of(answer: Answer, form: str) -> list[Any]:
    """The requests of an answer. Raises BadDataError for what is no list of them."""
    listed = _from_xml(answer.xml()) if form == "xml" else answer.json()
    if isinstance(listed, dict) and isinstance(listed.get("service_requests"), list):
        listed = listed["service_requests"]
    if not isinstance(listed, list):
        raise BadDataError(f"{answer.place} answers with something that is no list of requests; correct options.url")
    return [_completed(each) if isinstance(each, dict) else each for each in listed]


def _completed(request: dict[str, Any]) -> dict[str, Any]:
    status = str(request.get("status") or "").strip().lower()
    closed = _closed_at(request) if status == "closed" else None
    return {**request, "status": status or None, "closed_datetime": closed}


def _closed_at(request: dict[str, Any]) -> Any:
    """The specification has no time of closing: the last note that says so, or else the last change."""
    notes = request.get("notes")
    said = [each for each in notes if isinstance(each, dict)] if isinstance(notes, list) else []
    closing = [str(each["datetime"]) for each in said if each.get("type") == "closed" and each.get("datetime")]
    return max(closing, key=_moment) if closing else request.get("updated_datetime")


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return float("-inf")


def _from_xml(root: Element) -> Any:
    if root.tag != "service_requests":
        return root.tag
    return [_value(each) for each in root]


def _value(element: Element) -> Any:
    """Text, or what lies below: a list where the names repeat or tell the plural's single, else an object."""
    children = list(element)
    if not children:
        return (element.text or "").strip() or None
    names = [child.tag for child in children]
    if len(set(names)) < len(names) or f"{names[0]}s" == element.tag:
        return [_value(child) for child in children]
    return {child.tag: _value(child) for child in children}

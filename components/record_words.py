"""The fields of records in words."""

from components.words import _
from domain.measures import N_
from domain.records import RECORDS

FIELDS = {
    "external_id": N_("Number at the source"), "kind": N_("Kind"), "category": N_("Category"), "title": N_("Title"),
    "text": N_("Text"), "channel": N_("Channel"), "department": N_("Department"), "order_no": N_("Order number"),
    "area_code": N_("Area code"), "status": N_("State"), "reported_at": N_("Reported at"),
    "first_response_at": N_("First response at"), "due_at": N_("Due at"), "closed_at": N_("Closed at"),
    "updated_at": N_("Updated at"), "online": N_("Online"), "longitude": N_("Longitude"), "latitude": N_("Latitude"),
    "level": N_("Level"), "case": N_("Case"), "rated_at": N_("Rated at"), "contacted": N_("Contacted"),
    "resolved": N_("Resolved"), "type": N_("Type"), "name": N_("Name"), "sensor": N_("Sensor"), "measure": N_("Measure"),
    "unit": N_("Unit"), "quality": N_("Quality"), "observed_at": N_("Observed at"), "value": N_("Value"),
    "stream": N_("Stream"), "snapshot": N_("Snapshot"), "ptz_type": N_("Camera type"), "direction": N_("Direction"),
    "attribution": N_("Attribution"), "rank": N_("Rank"), "min_zoom": N_("Smallest zoom"), "max_zoom": N_("Largest zoom"),
    "west": N_("West"), "south": N_("South"), "east": N_("East"), "north": N_("North"),
}  # fmt: skip
"""Field of a record → word; one that is not here stands as it is."""


def field_word(name: str) -> str:
    """The word of a field."""
    return _(FIELDS[name]) if name in FIELDS else name


def is_time(record: str, name: str) -> bool:
    """Whether a field of a record is a moment (epoch seconds)."""
    field = RECORDS.get(record, {}).get(name)
    return field is not None and field.kind == "time"

"""The records that connectors deliver, field by field.

In a frame: id and text are str or None (object) · choice is one of its allowed words · time is float64 whole epoch
seconds in UTC, NaN = none · number is float64, NaN = none · flag is True, False or None (object) · geometry is shapely
in WGS-84 (object). A point becomes longitude and latitude; `pinned` (bool) marks a known default pin.
"""

from dataclasses import dataclass

from domain.cases import KINDS, LEVELS, STATUSES


@dataclass(frozen=True)
class RecordField:
    """One field of a record. kind: id | text | choice | time | number | flag | point | geometry."""

    kind: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    default: str | None = None


ID, TEXT, TIME, NUMBER, POINT = (RecordField(kind) for kind in ("id", "text", "time", "number", "point"))
ID_REQUIRED, TEXT_REQUIRED, TIME_REQUIRED = (RecordField(kind, required=True) for kind in ("id", "text", "time"))
PLACE = {"point": POINT, "longitude": NUMBER, "latitude": NUMBER}

RECORDS: dict[str, dict[str, RecordField]] = {
    "case": {
        "external_id": ID_REQUIRED,
        "status": RecordField("choice", required=True, allowed=STATUSES),
        "category": TEXT_REQUIRED,
        "kind": RecordField("choice", allowed=KINDS, default="problem"),
        "title": TEXT,
        "text": TEXT,
        "channel": TEXT,
        "department": TEXT,
        "order_no": TEXT,
        "area_code": ID,
        "reported_at": TIME_REQUIRED,
        "first_response_at": TIME,
        "due_at": TIME,
        "closed_at": TIME,
        "updated_at": TIME,
        "online": RecordField("flag"),
        **PLACE,
    },
    "rating": {
        "external_id": ID_REQUIRED,
        "level": RecordField("choice", required=True, allowed=LEVELS),
        "case": ID,
        "area_code": ID,
        "rated_at": TIME_REQUIRED,
        "contacted": RecordField("flag"),
        "resolved": RecordField("flag"),
        **PLACE,
    },
    "sensor": {"external_id": ID_REQUIRED, "type": TEXT_REQUIRED, "name": TEXT, "area_code": ID, **PLACE},
    "reading": {
        "external_id": ID,
        "sensor": ID_REQUIRED,
        "measure": TEXT_REQUIRED,
        "unit": TEXT,
        "quality": TEXT,
        "observed_at": TIME_REQUIRED,
        "value": RecordField("number", required=True),
    },
    "camera": {
        "external_id": ID_REQUIRED,
        "name": TEXT,
        "stream": TEXT,
        "snapshot": TEXT,
        "ptz_type": TEXT,
        "status": TEXT,
        "area_code": ID,
        "direction": NUMBER,
        **PLACE,
    },
    "overlay": {
        "external_id": ID_REQUIRED,
        "kind": RecordField("choice", required=True, allowed=("raster", "vector", "gone")),
        "title": TEXT,
        "attribution": TEXT,
        "west": NUMBER,
        "south": NUMBER,
        "east": NUMBER,
        "north": NUMBER,
        "min_zoom": NUMBER,
        "max_zoom": NUMBER,
        "geometry": RecordField("geometry"),
    },
    "layer": {
        "external_id": ID_REQUIRED,
        "kind": RecordField("choice", required=True, allowed=("road", "water", "building", "green")),
        "name": TEXT,
        "rank": TEXT,
        "geometry": RecordField("geometry", required=True),
    },
}

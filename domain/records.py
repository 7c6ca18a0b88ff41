"""The records that connectors deliver, as columns of a frame.

text: str or None (object) · time: float64 whole epoch seconds in UTC, NaN = none · number: float64, NaN = none ·
flag: True, False or None (object) · geometry: shapely, WGS-84 (object).
"""

from dataclasses import dataclass

from domain.cases import KINDS, LEVELS, STATUSES


@dataclass(frozen=True)
class Field:
    """One field of a record: its name, its type, whether a row without it is refused, the values it may take."""

    name: str
    type: str
    required: bool = False
    values: tuple[str, ...] = ()


_POINT = (Field("longitude", "number"), Field("latitude", "number"))

RECORDS: dict[str, tuple[Field, ...]] = {
    "case": (
        Field("external_id", "text", required=True),
        Field("reported_at", "time", required=True),
        Field("status", "text", required=True, values=STATUSES),
        Field("category", "text", required=True),
        Field("kind", "text", values=KINDS),
        *(Field(name, "text") for name in ("title", "text", "channel", "department", "order_no")),
        *(Field(name, "time") for name in ("first_response_at", "due_at", "closed_at", "updated_at")),
        Field("online", "flag"),
        Field("area_code", "text"),
        *_POINT,
    ),
    "rating": (
        Field("external_id", "text", required=True),
        Field("rated_at", "time", required=True),
        Field("level", "text", required=True, values=LEVELS),
        Field("case", "text"),
        Field("area_code", "text"),
        *_POINT,
    ),
    "sensor": (
        Field("external_id", "text", required=True),
        Field("type", "text", required=True),
        Field("name", "text"),
        *_POINT,
    ),
    "reading": (
        Field("external_id", "text"),
        Field("sensor", "text", required=True),
        Field("measure", "text", required=True),
        Field("observed_at", "time", required=True),
        Field("value", "number", required=True),
        Field("unit", "text"),
        Field("quality", "text"),
    ),
    "camera": (
        Field("external_id", "text", required=True),
        Field("name", "text", required=True),
        *(Field(name, "text") for name in ("stream", "snapshot", "direction", "ptz_type", "status")),
        *_POINT,
    ),
    "layer": (
        Field("external_id", "text", required=True),
        Field("kind", "text", required=True, values=("road", "water", "building", "green")),
        Field("name", "text"),
        Field("rank", "text", values=("main", "second", "minor")),
        Field("geometry", "geometry", required=True),
    ),
}

"""Cameras: what kinds there are, and which of them look at a place (domain handbook §5). Degrees are WGS-84."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from typing import Any

from domain.measures import N_

PTZ_TYPES = {
    "dome": N_("Dome"),
    "half_dome": N_("Half dome"),
    "fixed": N_("Fixed bullet"),
    "remote": N_("Steered bullet"),
}
"""Kind → its name, in the order of GB/T 28181's PTZType 1 to 4: 球机, 半球, 固定枪机, 遥控枪机."""
PTZ_WORDS = {
    "1": "dome", "球机": "dome", "球": "dome", "dome": "dome", "ptz": "dome",
    "2": "half_dome", "半球": "half_dome", "half_dome": "half_dome",
    "3": "fixed", "固定枪机": "fixed", "枪机": "fixed", "枪": "fixed", "fixed": "fixed", "bullet": "fixed",
    "4": "remote", "遥控枪机": "remote", "remote": "remote",
}  # fmt: skip
"""What sources say for a kind, PTZType 1 to 4 of GB/T 28181 among it."""
ON = frozenset({"on", "online", "true", "yes", "1", "up", "ready", "active", "ok", "在线", "正常"})
OFF = frozenset({"off", "offline", "false", "no", "0", "down", "inactive", "离线", "掉线", "故障"})
TURNS = frozenset({"dome", "remote"})
"""Kinds that can be turned to any side."""

NEAREST_M, NEAREST = 200.0, 4
"""Only cameras within this distance see a place; so many of them are shown."""
HALF_VIEW_DEGREES = 60.0
"""A camera faces what lies within this angle to either side of its direction."""
EARTH_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""

FACING, UNKNOWN, AWAY = range(3)
ONLINE_ORDER = {True: 0, None: 1, False: 2}


def online(word: str | None) -> bool | None:
    """Whether a source's word says that a camera works; None where it says nothing that is known."""
    said = (word or "").strip().casefold()
    return True if said in ON else False if said in OFF else None


def ptz_type(word: str | None) -> str | None:
    """One of PTZ_TYPES for a source's word; None where it is none that is known."""
    return PTZ_WORDS.get((word or "").strip().casefold())


@dataclass(frozen=True)
class Near:
    """A camera beside a place: how far, in which direction from the place (degrees from north), and whether it faces it."""

    camera: Mapping[str, Any]
    metres: float
    bearing: float
    facing: int


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two points (longitude, latitude), by the haversine."""
    west, south, east, north = *map(radians, a), *map(radians, b)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The direction from one point (longitude, latitude) to another: degrees clockwise from north, 0 ≤ x < 360."""
    west, south, east, north = *map(radians, a), *map(radians, b)
    across = sin(east - west) * cos(north)
    along = cos(south) * sin(north) - sin(south) * cos(north) * cos(east - west)
    return degrees(atan2(across, along)) % 360


def faces(direction: float | None, ptz_type: str | None, to_place: float) -> int:
    """FACING | UNKNOWN | AWAY. to_place: the direction in which the place lies as the camera sees it (degrees)."""
    if ptz_type in TURNS:
        return FACING
    if direction is None:
        return UNKNOWN
    turned = abs((to_place - direction + 180) % 360 - 180)
    return FACING if turned <= HALF_VIEW_DEGREES else AWAY


def nearest(
    cameras: Iterable[Mapping[str, Any]], point: tuple[float, float], area_id: int | None, limit: int = NEAREST
) -> tuple[Near, ...]:
    """The cameras that see a point best: online first, then those of its own area, then those that face it, then by metres.

    cameras: rows with longitude, latitude (degrees, None = not placed), online, area_id, direction and ptz_type.
    """
    found = [near for camera in cameras if (near := _near(camera, point)) is not None]
    found.sort(key=lambda near: _rank(near, area_id))
    return tuple(found[:limit])


def _near(camera: Mapping[str, Any], point: tuple[float, float]) -> Near | None:
    if camera["longitude"] is None or camera["latitude"] is None:
        return None
    stands = (camera["longitude"], camera["latitude"])
    metres = metres_between(point, stands)
    if metres > NEAREST_M:
        return None
    return Near(
        camera, metres, bearing(point, stands), faces(camera["direction"], camera["ptz_type"], bearing(stands, point))
    )


def _rank(near: Near, area_id: int | None) -> tuple[Any, ...]:
    camera = near.camera
    return ONLINE_ORDER[camera["online"]], camera["area_id"] != area_id, near.facing, near.metres, camera["id"]

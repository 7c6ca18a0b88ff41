"""Cameras on a map: a letter where each stands, and the sector that it looks into."""

from collections.abc import Sequence
from math import cos, radians, sin
from string import ascii_uppercase
from typing import Any

import dash_leaflet as dl

from domain.cameras import NEAREST_M, Near

SIGHT_M, SIGHT_DEGREES, STEP_DEGREES = 45.0, 30, 10
"""How far and how wide a sector is drawn, to each side of the direction."""
M_PER_DEGREE = 111_195.0


def camera_marks(near: Sequence[Near]) -> list[Any]:
    """Layers for a Leaflet map: sectors of those whose direction is known, then the letters."""
    sights = [_sight(each) for each in near if each.camera["direction"] is not None]
    return [*sights, *(_letter(each, letter) for each, letter in zip(near, ascii_uppercase, strict=False))]


def point_marks(point: tuple[float, float], near: Sequence[Near]) -> list[Any]:
    """The same around a point (longitude, latitude) with the ring of what counts as near."""
    at = [point[1], point[0]]
    ring = dl.Circle(center=at, radius=NEAREST_M, interactive=False, className="gh-ring", fill=False)
    here = dl.CircleMarker(center=at, radius=5, interactive=False, className="gh-point")
    return [ring, *camera_marks(near), here]


def _letter(near: Near, letter: str) -> dl.DivMarker:
    return dl.DivMarker(
        position=[near.camera["latitude"], near.camera["longitude"]], interactive=False, keyboard=False,
        iconOptions={"html": letter, "className": "gh-dot gh-dot-camera", "iconSize": [20, 20]},
    )  # fmt: skip


def _sight(near: Near) -> dl.Polygon:
    at, direction = (near.camera["latitude"], near.camera["longitude"]), near.camera["direction"]
    arc = [_moved(at, direction + turn) for turn in range(-SIGHT_DEGREES, SIGHT_DEGREES + 1, STEP_DEGREES)]
    return dl.Polygon(positions=[list(at), *arc], interactive=False, className="gh-sight")


def _moved(at: tuple[float, float], direction: float) -> list[float]:
    north, east = SIGHT_M * cos(radians(direction)), SIGHT_M * sin(radians(direction))
    return [at[0] + north / M_PER_DEGREE, at[1] + east / (M_PER_DEGREE * cos(radians(at[0])))]

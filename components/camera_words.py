"""Names and states of cameras in words, and what the browser says of their pictures (assets/video.js)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components.attributes import attributes
from components.words import _
from domain.cameras import PTZ_TYPES
from domain.measures import N_

Camera = Mapping[str, Any]

ONLINE_WORDS = {True: N_("camera online"), False: N_("camera offline"), None: N_("state not told")}
ONLINE_MARKS = {True: "yes", False: "no", None: "unknown"}
WINDS = (
    N_("north of it"), N_("northeast of it"), N_("east of it"), N_("southeast of it"), N_("south of it"),
    N_("southwest of it"), N_("west of it"), N_("northwest of it"),
)  # fmt: skip
"""Eight directions clockwise, each 45 degrees wide."""


def full_name(camera: Camera) -> str:
    """The name of a camera, or the code by which its source knows it."""
    return str(camera["name"] or camera["external_id"])


def short_name(camera: Camera, above: Sequence[str]) -> str:
    """The name without the areas that it hangs in (街道-社区-地点-朝向-枪 → 地点 · 朝向 · 枪). above: names of those areas."""
    parts = [part.strip() for part in full_name(camera).split("-") if part.strip()]
    while len(parts) > 1 and any(parts[0] in name or name in parts[0] for name in above):
        parts = parts[1:]
    return " · ".join(parts)


def about(camera: Camera) -> str:
    """Full name, kind and state, for titles."""
    kind = PTZ_TYPES.get(camera["ptz_type"] or "")
    return " · ".join([full_name(camera), *([_(kind)] if kind else []), _(ONLINE_WORDS[camera["online"]])])


def wind(bearing: float) -> str:
    """A direction in words: degrees clockwise from north as seen from the place."""
    return _(WINDS[round(bearing / 45) % 8])


def spoken(zone: str) -> dict[str, Any]:
    """The attributes of what holds tiles: their words, and the time zone of their clocks."""
    words = {
        "live": _("camera live"), "stale": _("camera stale"), "down": _("camera down"), "waiting": _("Reading"),
        "offline": _("camera offline"), "none": _("No picture"), "seconds": _("down for {n} seconds"),
        "minutes": _("down for {n} minutes"), "last": _("Last at {clock}"), "playing": _("Playing"), "starting": _("Connecting"),
        "failed": _("It cannot be played now; pictures go on"),
    }  # fmt: skip
    return attributes(data_words=json.dumps(words, ensure_ascii=False), data_zone=zone)

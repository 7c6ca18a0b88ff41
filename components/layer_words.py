"""What is said of a layer: how its service feels, why it could not be drawn, how far it lies off."""

from components.words import _
from datasources.errors import AuthenticationError, SourceError, TemporaryError
from domain.measures import N_

STATES = {
    "live": N_("Its service answers"),
    "stale": N_("Its service has been silent for a while"),
    "down": N_("Its service does not answer"),
    "waiting": N_("Its service has not been asked yet"),
    "refused": N_("Its service refuses this system: the key or the password has to be mended"),
    "bad": N_("Its service answers otherwise than configured"),
    "paused": N_("Its service is paused"),
}
UNDRAWN = N_("Its service sends something that cannot be drawn")


def failure(error: SourceError) -> str:
    """Why a layer cannot be drawn now, without a word of where its service is."""
    if isinstance(error, TemporaryError):
        return _(STATES["down"])
    return _(STATES["refused"]) if isinstance(error, AuthenticationError) else _(UNDRAWN)


def warning(offset_m: float | None, *, like_gcj02: bool) -> str:
    """What is said of a layer that lies off the areas; "" where it does not."""
    if offset_m is None:
        return ""
    metres = f"{round(offset_m, -1):,.0f}"
    if like_gcj02:
        return _('Lies about {metres} m off the areas. Is crs = "GCJ-02" missing, or said too much?', metres=metres)
    return _("Lies about {metres} m off the areas. Check the coordinate system (crs) of its source.", metres=metres)

"""Sentences that cameras over RTSP and their relays give rise to (see components.sentences)."""

from domain.measures import N_

CAMERAS = (
    N_("{name} refuses user or password; correct them in the source's options"),
    N_("{name} does not let this user see its stream; change it in the camera"),
    N_("{name} has no stream at this address; correct it in the source's options"),
    N_("{name} leads to another address; name that one in the source's options if it is meant"),
    N_("{name} leads to a protocol that is not allowed; correct its address"),
    N_("{name} shows a certificate that its authority does not vouch for; correct it, or `authority`"),
    N_("{name} sends {codec}, which browsers do not play; choose H.264 in the camera, or say encode = true"),
    N_("{name} takes no connection at its address; it is tried again"),
    N_("{name} cannot be reached; it is tried again"),
    N_("{name} does not answer; it is tried again"),
    N_("{name} ended its stream; it is tried again"),
)

"""The media profiles of an ONVIF device."""

from dataclasses import dataclass

from datasources.errors import BadDataError
from datasources.video.onvif.soap import MEDIA, Conversation, text


@dataclass(frozen=True)
class Profile:
    """A profile with a picture: its token, and the video source that it shows."""

    token: str
    source: str


def profiles(talk: Conversation, media: str) -> list[Profile]:
    """The profiles that show a video source, in the device's order (its main stream comes first).

    Raises the three errors, BadDataError also where there is none.
    """
    answer = talk.ask(media, MEDIA, "GetProfiles")
    found = [
        Profile(each.get("token", ""), text(shown, "SourceToken"))
        for each in answer.iterfind(".//{*}Profiles")
        if (shown := each.find("{*}VideoSourceConfiguration")) is not None and each.get("token")
    ]
    if not found:
        raise BadDataError("the device has no media profile with a picture; make one in its settings")
    return found

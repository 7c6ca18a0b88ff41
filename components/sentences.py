"""Sentences that the house says about bad rows and broken fetches, in the reader's language.

They are made in English where they arise, with the row's own values in them. Here the fixed words are found again and
taken from the catalogue; a sentence that is not among them stays as it is.
"""

import re
from functools import cache

from components.camera_sentences import CAMERAS
from components.layer_sentences import KINDS, LAYERS
from components.outgoing_sentences import OUTGOING
from components.stream_sentences import BODIES, CAUSES, STREAMS
from components.words import _
from domain.measures import N_

FIRST = (
    N_("{field}: {place} has '{value}', {why}"),
    N_("{field}: {place} is empty, and a {record} needs it; fill it in"),
    N_("closed_at: {closed} UTC is before reported_at, {reported} UTC; mend the row"),
    N_("closed_at: the case has ended, but no time says when; fill it in or change rules.closed_without_date"),
    N_("{field}: {time} UTC is more than a day ahead; mend the row or the source's timezone"),
    N_("longitude and latitude: one of the two is empty; fill in both"),
    N_("the point is ({latitude}, {longitude}), which is a placeholder, not a place; mend the row"),
    N_("area code '{code}' is in no boundary file and the row has no point; add the area or a point"),
    N_("case '{case}' exists in several sources; make the case ids of the sources differ"),
    N_("the rating names no case, no point and no known area (area code '{code}'); map one of them"),
    N_("the row could not be split into cells; read its file again"),
    N_("the row has cells beyond its {n} columns; remove them or name their columns"),
    N_("the item is no object with named values; mend it"),
    N_("{name}: the file is empty; it needs a first line with the names of its columns"),
    N_("{name}: no column '{column}'{advice}"),
    N_("{name}: the packed file is cut or damaged; fetch it again"),
    N_("{name}: may not be read; give the user of this program permission"),
    N_("{name}: gone while it was to be read; put it back"),
    N_("{name}: its folder {folder} does not exist; correct options.path"),
    N_("{name}: no such file in {folder}{advice}"),
    N_("{name}: no file there yet in {folder}; put one there or correct options.path"),
    N_("{name}: byte {at} is not {encoding}{advice}"),
    N_("{name}: cannot be read ({why}); it will be tried again"),
    N_("no answer within {n} seconds; it will be tried again"),
    N_("{host} answers with something that is not JSON ({error}); check options.url"),
    N_("{host} answers with something that is not XML; check options.url"),
    N_("{host} answers with forbidden XML (a DTD or entities); check options.url"),
    N_("{host} answers with more than {n} MB; ask it for less, or raise options.most_megabytes"),
    N_("{host} redirects again and again; correct options.url"),
    N_("{host} does not answer in time; it will be tried again"),
    N_("{host} cannot be reached ({error}); it will be tried again"),
    N_("{host} leads to an address that is none; correct options.url"),
    N_("{host} took longer than {n} seconds; it will be tried again"),
    N_("{host} refuses us ({status}); check the key or the password in the environment"),
    N_("{host} cannot answer now ({status}); it will be tried again"),
    N_("{host} does not answer what it is asked ({status}); correct options.url"),
    N_("an address is no URL with a host; write it like http://host:port/path"),
    N_("the source leads to {host}, which the settings do not name; add it to options.hosts if it is meant"),
    N_("{host}: the name is not known here; check options.url and the name server"),
    N_("{host} lies at a link-local address, where nothing is fetched from; correct options.url"),
    N_("unexpected {error}; this is a fault of the connector, please report it"),
    N_("broken off: the program ended in the middle; the next fetch goes on from the last batch"),
    *OUTGOING,
    *CAMERAS,
    *LAYERS,
    *STREAMS,
)
PLACES = (
    N_("column {name}"),
    N_("columns {name}"),
    N_("the geometry"),
    N_("the unfolded cell"),
    N_("the configured value"),
)
WHYS = (
    N_("which the table of values does not list; add it there"),
    N_("which holds a NUL or half a character; mend it in the source"),
    N_("which is none of {names}; translate it with values"),
    N_('an hour that {zone} has twice; say ambiguous = "first"'),
    N_("which is not a time in the format {form}; mend the row or the format"),
    N_("which is not a number; mend the row"),
    N_("which is no {name}; mend the row, or scale and columns of the field"),
    N_("which is neither true nor false; translate it with values"),
    N_("which is not a point written as {form}; mend the row or the format"),
    N_("which lies outside ±180 and ±90 degrees; mend the row or the format"),
    N_("which cannot be read as a geometry; mend the source"),
)
REASONS = {
    "missing_field": N_("Missing field"), "unreadable_time": N_("Unreadable time"),
    "ambiguous_time": N_("Ambiguous time"), "unknown_value": N_("Unknown value"), "bad_number": N_("Bad number"),
    "bad_point": N_("Bad point"), "closed_before_reported": N_("Closed before reported"),
    "closed_without_date": N_("Closed without a date"), "future": N_("In the future"),
    "unknown_area": N_("Unknown area"), "unreadable_row": N_("Unreadable row"),
    "unreadable_text": N_("Unreadable text"), "duplicate": N_("Duplicate"), "ambiguous_case": N_("Ambiguous case"),
    "ambiguous_sensor": N_("Ambiguous sensor"),
}  # fmt: skip
"""Reason code → word; a code of a connector's own stands as it is."""


def reason_word(reason: str) -> str:
    """The word of a reason."""
    return _(REASONS[reason]) if reason in REASONS else reason


def sentence(text: str) -> str:
    """The sentence in the reader's language, with its values."""
    return _said(text, FIRST, {"place": PLACES, "why": (*WHYS, *BODIES), "what": KINDS, "error": CAUSES})


def _said(text: str, known: tuple[str, ...], inner: dict[str, tuple[str, ...]]) -> str:
    for message in known:
        if match := _pattern(message).fullmatch(text):
            values = {
                name: _said(value, inner[name], {}) if name in inner else value
                for name, value in match.groupdict().items()
            }
            return _(message, **values) if values else _(message)
    return text


@cache
def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)), re.DOTALL
    )

"""Open311 GeoReport v2: what a question may ask, in its own words. Times are epoch seconds, UTC."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.catalogue import Catalogue, Category
from domain.measures import N_
from domain.refusal import Refused

DAY = 86_400
MOST, USUAL = 1_000, 1_000
"""Requests of one answer."""
LONGEST_WORD = 200
STATES = ("open", "closed")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")


def code_of(category: Category) -> str:
    """The service code of a category: its own code, or its name."""
    return category.code or category.name


def services(catalogue: Catalogue, *, everything: bool) -> tuple[Category, ...]:
    """The services: published categories, or all of them for who has a key."""
    return tuple(category for category in catalogue.categories if everything or category.published)


def service(catalogue: Catalogue, code: str, *, everything: bool) -> Category | None:
    """The category of a service code; None where there is none, or it is not shown."""
    return next((each for each in services(catalogue, everything=everything) if code_of(each) == code), None)


@dataclass(frozen=True)
class Asked:
    """Which requests: with these ids (then nothing else counts), or reported in [start, end) with these codes and states."""

    ids: tuple[int, ...] | None
    codes: tuple[str, ...]
    states: tuple[str, ...]
    start: int
    end: int
    page: int
    size: int


def asked(query: Mapping[str, str], now: int, days: int) -> Asked:
    """What the fields of a query ask. days: the longest span. Raises Refused (invalid), which names the field."""
    start, end = _span(query, now, days)
    return Asked(
        ids=tuple(_id(word) for word in _words(query, "service_request_id")) if query.get("service_request_id") else None,
        codes=_words(query, "service_code"), states=tuple(_state(word) for word in _words(query, "status")),
        start=start, end=end, page=_number(query, "page", 1, 1_000_000), size=_number(query, "page_size", USUAL, MOST),
    )  # fmt: skip


def request_id(text: str) -> int | None:
    """The id of a request; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def shown(moment: int | None) -> str | None:
    """A time as the specification writes it."""
    return None if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word for each in query.get(name, "").split(",") if (word := each.strip()))[:MOST]


def _id(word: str) -> int:
    found = request_id(word)
    return -1 if found is None else found


def _state(word: str) -> str:
    if word not in STATES:
        raise _wrong("status", "open, closed")
    return word


def _number(query: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= 7 and 1 <= int(text) <= most):
        raise _wrong(name, f"1–{most}")
    return int(text)


def _span(query: Mapping[str, str], now: int, days: int) -> tuple[int, int]:
    """[start, end): both given, or the longest span after or before the one that is, or the last one."""
    start, end = _moment(query, "start_date"), _moment(query, "end_date")
    if end is not None:
        end += 1  # the specification's end is a part of the span
    if start is None:
        end = now + 1 if end is None else end
        return end - days * DAY, end
    if end is None:
        return start, start + days * DAY
    if end - start > days * DAY + 1:
        raise Refused("invalid", N_("The span from start_date to end_date is longer than {days} days."), days=days)
    return start, max(start, end)


def _moment(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name, "").replace(" ", "+")  # a plus that was not escaped
    if not text:
        return None
    if not _MOMENT.fullmatch(text):
        raise _wrong(name, "2026-11-24T00:00:00Z")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(name, "2026-11-24T00:00:00Z") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def _wrong(name: str, example: str) -> Refused:
    return Refused("invalid", N_("{name} does not fit; write it as {example}."), name=name, example=example)


def number(text: str, name: str, low: float, high: float) -> float | None:
    """A coordinate; None where nothing is given. Raises Refused."""
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise _wrong(name, "30.5928") from error
    if not low <= value <= high:
        raise _wrong(name, "30.5928")
    return value


def name_of(words: Sequence[str]) -> str:
    """First and last name as one: without a space where both are Chinese, last name first."""
    first, last = (word.strip() for word in words)
    if any("\u3400" <= c <= "\u9fff" for c in first + last):
        return last + first
    return f"{first} {last}".strip()

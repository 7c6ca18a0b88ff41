"""From one answer to the next: by page, offset, cursor or link."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from datasources.feeds.rest.options import Paging, RestOptions
from datasources.feeds.rest.trees import at
from datasources.outgoing import Answer

COUNTED = ("page", "offset")
LINK = re.compile(r'<([^>]*)>\s*((?:;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s;,"]+)\s*)*)')
"""One link of a Link header (RFC 8288): address and parameters."""

RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


def first(paging: Paging) -> Any:
    """Where a run begins: a number, or "" where the server says later how it goes on."""
    return paging.start if paging.by in COUNTED else ""


def address(options: RestOptions, position: Any) -> tuple[str, dict[str, Any], bool]:
    """What to ask at a position: address, query, and whether the address is the server's own and has its query already."""
    paging = options.paging
    if paging.by == "link" and position:
        return str(position), {}, True
    own = dict(parse_qsl(urlsplit(options.url).query, keep_blank_values=True))
    size = {paging.size_param: paging.size} if paging.size_param else {}
    place = {paging.named: position} if paging.by in COUNTED or (paging.by == "cursor" and position) else {}
    return options.url, {**own, **options.params, **size, **place}, False


def following(
    options: RestOptions, position: Any, answer: Answer, whole: Callable[[], Any], count: int, total: int, rows: int
) -> Any:
    """Where to go on after an answer of `count` items, `rows` in all so far; None at the end.

    By number a run ends with an answer that is empty, shorter than options.paging.size, or that completes the total.
    """
    paging = options.paging
    if paging.by in COUNTED:
        is_last = not count or (paging.size is not None and count < paging.size) or 0 < total <= rows
        step = 1 if paging.by == "page" else count
        return None if is_last else position + step
    if paging.by == "cursor":
        return at(whole(), paging.next) or None
    if paging.by == "link":
        found = at(whole(), paging.next) if paging.next else linked(answer.headers.get("link", ""))
        return without_key(urljoin(answer.url, str(found)), options) if found else None
    return None


def linked(header: str) -> str | None:
    """The address of rel=next in a Link header."""
    for found in LINK.finditer(header):
        relation = RELATION.search(found[2])
        if relation and "next" in (relation[1] or relation[2]).lower().split():
            return found[1]
    return None


def without_key(url: str, options: RestOptions) -> str:
    """A link that repeats our key goes into the cursor without it."""
    secret = options.auth.param if options.auth else None
    parts = urlsplit(url)
    if not secret or secret not in parts.query:
        return url
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != secret]
    return urlunsplit(parts._replace(query=urlencode(kept)))

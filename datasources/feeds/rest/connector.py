"""feeds.rest: JSON (or CSV) over HTTP, answer after answer."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import orjson
import xxhash

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError
from datasources.feeds.rest import paging, trees
from datasources.feeds.rest.door import Door
from datasources.feeds.rest.options import RestOptions
from datasources.outgoing import Answer, Outgoing
from datasources.pulling import Portion, Pull, Since
from datasources.pulling.frames import feature

WHOLE_BYTES = 16 << 20
"""Up to here an answer is read at once; a larger one lies in a temporary file and is read item by item."""

STALE = frozenset({400, 404, 410})
"""What a server says of a position that it no longer knows: the run is begun anew."""


class RestConnector:
    """Reads all answers of an address, or those with what is new since the last time a record carried.

    Cursor: datasources.pulling.Pull's; "at": number of a page, offset, cursor or address. Keys are in no cursor.
    """

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: RestOptions. Raises config.ConfigError."""
        del folder  # nothing is read from disk
        self.options = read_model(RestOptions, options, "options")
        self.door = Door(self.options, clock)
        since = self.options.since
        path = since.field if since else ""
        self.pull = Pull(
            begin=lambda _first: paging.first(self.options.paging),
            clock=clock,
            since=Since(partial(_found, path), since.format, zone, since.overlap_seconds) if since else None,
            columns=self.options.columns,
        )

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what is new since cursor. At the limit of options.per_minute the run ends, and the next goes on there."""
        with ExitStack() as opened:
            out = opened.enter_context(self.door.outgoing())
            body = opened.enter_context(tempfile.SpooledTemporaryFile(WHOLE_BYTES))
            yield from self.pull.pages(partial(self._ask, out, cast("IO[bytes]", body)), cursor)

    def _ask(self, out: Outgoing, body: IO[bytes], position: Any, since: str | None, resumed: bool) -> Portion:  # noqa: FBT001
        options = self.options
        is_first = position == paging.first(options.paging)
        url, params, is_link = paging.address(options, position)
        if options.since and since is not None and not is_link:
            params[options.since.param] = since
        body.seek(0)
        body.truncate()
        beyond = {404} if options.paging.by in paging.COUNTED and not is_first else set()
        answer = self.door.ask(out, url, params, body, STALE if resumed and not is_first else beyond)
        if not 200 <= answer.status < 300:
            ended = answer.status in beyond and not resumed
            return Portion(iter(()), "", answer.place, gone=not ended)
        size = body.tell()
        body.seek(0)
        return (
            self._large(answer, body, position)
            if size > WHOLE_BYTES and self._streams()
            else self._small(answer, body, position)
        )

    def _streams(self) -> bool:
        return self.options.format == "json" and not (self.options.items or "").startswith("$")

    def _small(self, answer: Answer, body: IO[bytes], position: Any) -> Portion:
        options, read = self.options, Answer(answer.url, answer.status, answer.headers, body.read(), answer.place)
        whole = trees.table(_text(read)) if options.format == "csv" else read.json()
        items = trees.items_of(whole, options.items, answer.place)
        rows = [feature(item) for item in items]
        groups = iter([rows[at : at + options.page_rows] for at in range(0, len(rows), options.page_rows)])
        total = trees.at(whole, options.total)
        total = int(total) if isinstance(total, int | float) else 0
        follow = partial(paging.following, options, position, answer, lambda: whole, len(items), total)
        return Portion(groups, xxhash.xxh3_64_hexdigest(orjson.dumps(items)), answer.place, follow, total)

    def _large(self, answer: Answer, body: IO[bytes], position: Any) -> Portion:
        """Read item by item, so that memory stays flat; its mark is that of the bytes."""
        seen = xxhash.xxh3_64()
        head = b""
        while piece := body.read(1 << 20):
            head = head or piece[:100].lstrip()
            seen.update(piece)
        body.seek(0)
        path = tuple(self.options.items.split(".")) if self.options.items else ("features",) * head.startswith(b"{")
        streamed, count = trees.Streamed(body, path, answer.place), [0]
        follow = partial(self._after, streamed, count, position, answer)
        return Portion(self._grouped(streamed, count), seen.hexdigest(), answer.place, follow)

    def _grouped(self, streamed: trees.Streamed, count: list[int]) -> Iterator[Sequence[Any]]:
        items = iter(streamed)
        while group := [feature(item) for item in islice(items, self.options.page_rows)]:
            count[0] += len(group)
            yield group

    def _after(self, streamed: trees.Streamed, count: list[int], position: Any, answer: Answer, rows: int) -> Any:
        total = trees.at(streamed.rest, self.options.total)
        known = int(total) if isinstance(total, int | float) else 0
        return paging.following(self.options, position, answer, lambda: streamed.rest, count[0], known, rows)


def _found(path: str, item: Any) -> Any:
    return trees.at(item, path)


def _text(answer: Answer) -> str:
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDataError(f"{answer.place} answers with something that is not UTF-8; correct the server") from error

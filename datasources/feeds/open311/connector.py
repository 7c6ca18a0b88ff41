"""feeds.open311: requests of a GeoReport v2 server (wiki.open311.org/GeoReport_v2), as our own /open311/v2 is one."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import orjson
import xxhash

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.feeds.open311.options import Open311Options
from datasources.feeds.open311.requests import COLUMNS, FIELDS, requests_of
from datasources.outgoing import Caps, Outgoing
from datasources.pulling import Portion, Pull, Since

DAY = 86_400


class Open311Connector:
    """Reads requests window after window (by when they were made), or those changed since the last run.

    Columns: requests.COLUMNS and whatever else the server gives. Cursor: datasources.pulling.Pull's; "at": the window
    {"from", "to"} in epoch seconds (with updated_after none) and the page within it.
    """

    FIELDS: ClassVar[dict[str, Any]] = FIELDS

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: Open311Options. Raises config.ConfigError."""
        del folder  # nothing is read from disk
        self.options, self.clock, self.zone = read_model(Open311Options, options, "options"), clock, zone
        found = partial(_cell, "updated_datetime")
        since = Since(found, "iso", zone, self.options.overlap_seconds) if self.options.updated_after else None
        self.pull = Pull(self._begin, clock=clock, since=since, columns=COLUMNS)

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield requests that are new or have changed since cursor; a window's page that is as it was gives no row."""
        caps = Caps(most_bytes=self.options.most_megabytes << 20, total_seconds=self.options.total_seconds)
        with Outgoing([self.options.url, *self.options.hosts], caps=caps, clock=self.clock) as out:
            yield from self.pull.pages(partial(self._ask, out), cursor)

    def _begin(self, is_first: bool) -> dict[str, int]:  # noqa: FBT001 (pulling.Pull's)
        """Windows begin at whole multiples of their length, so that the same requests stand in the same one each time."""
        if self.options.updated_after and not is_first:
            return {"page": 1}
        start = self.clock() - self.options.again_seconds
        if is_first and self.options.start:
            start = int(datetime.combine(self.options.start, datetime.min.time(), self.zone).timestamp())
        return self._window(start)

    def _window(self, moment: int) -> dict[str, int]:
        length = self.options.window_days * DAY
        return {"from": moment - moment % length, "to": moment - moment % length + length, "page": 1}

    def _ask(self, out: Outgoing, position: Any, since: str | None, _resumed: bool) -> Portion:  # noqa: FBT001
        options = self.options
        params = {**self._usual(), "page": position["page"]}
        if "from" in position:
            params |= {"start_date": _shown(position["from"]), "end_date": _shown(position["to"] - 1)}
        elif options.updated_after and since is not None:
            params[options.updated_after] = since
        answer = out.get(f"{options.url}/requests.{options.format}", params=params)
        found = requests_of(answer, options.format)
        marked = xxhash.xxh3_64_hexdigest(orjson.dumps(found))
        return Portion(
            iter([found] if found else []), marked, answer.place, lambda _rows: self._next(position, len(found))
        )

    def _usual(self) -> dict[str, Any]:
        options = self.options
        named = {
            "jurisdiction_id": options.jurisdiction_id, "service_code": ",".join(options.service_code),
            "api_key": options.api_key.get_secret_value() if options.api_key else None, "page_size": options.page_size,
            "extensions": "true",
        }  # fmt: skip
        return {**{name: value for name, value in named.items() if value}, **options.params}

    def _next(self, position: dict[str, int], count: int) -> dict[str, int] | None:
        """The next page, else the next window, as long as one has begun.

        A page shorter than was asked for is not the last one for sure (servers cap page_size); an empty one is.
        """
        if count:
            return {**position, "page": position["page"] + 1}
        ends = position.get("to")
        return self._window(ends) if ends is not None and ends <= self.clock() else None


def _shown(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(name: str, item: Any) -> Any:
    return item.get(name) if isinstance(item, dict) else None

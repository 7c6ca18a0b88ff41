"""feeds.sensorthings: Things as sensors, Observations as readings of an OGC SensorThings 1.1 server (OGC 18-088)."""

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
from datasources.errors import BadDataError
from datasources.feeds.sensorthings import entities
from datasources.feeds.sensorthings.entities import ID, Entity
from datasources.feeds.sensorthings.options import SensorThingsOptions
from datasources.feeds.sensorthings.streams import Place, cursor_of, places
from datasources.outgoing import Caps, Outgoing
from datasources.pulling import Portion, Pull
from datasources.pulling.frames import columns_of, frame_of


class SensorThingsConnector:
    """Columns: entities.THING or entities.READING, and whatever else the server gives.

    Cursor of Things: datasources.pulling.Pull's, "at": address of an answer. Of Observations: {"streams": {id of the
    Datastream: [when the latest began, {id: when it began}, how many were read]}}.
    """

    FIELDS: ClassVar[dict[str, Any]] = {
        "external_id": ID, "type": "type", "name": "name", "point": {"geometry": True},
        "sensor": "thing_id", "measure": "datastream_name", "observed_at": "observed", "value": "value",
        "unit": "unit", "quality": "quality",
    }  # fmt: skip

    def __init__(self, options: Mapping[str, Any], *, folder: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Options: SensorThingsOptions. Raises config.ConfigError."""
        del folder  # nothing is read from disk
        self.options, self.clock, self.zone = read_model(SensorThingsOptions, options, "options"), clock, zone
        self.pull = Pull(lambda _first: "", clock=clock, columns=entities.THING)
        self._read: dict[str, tuple[str, Place]] = {}

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Things that are new or have changed, or Observations that are new; a page an answer. Raises the three errors."""
        options = self.options
        caps = Caps(most_bytes=options.most_megabytes << 20, total_seconds=options.total_seconds)
        named = [options.url, *options.hosts]
        with Outgoing(named, caps=caps, headers=options.told, clock=self.clock) as out:
            if options.what == "sensor":
                yield from self.pull.pages(partial(self._things, out), cursor)
            else:
                yield from self._observations(out, places(cursor))

    def _things(self, out: Outgoing, position: str, _since: str | None, _resumed: bool) -> Portion:  # noqa: FBT001
        expanded = "Locations,Datastreams($expand=ObservedProperty)"
        answer = out.get(position) if position else out.get(f"{self.options.url}/Things", params=self._asked(expanded))
        found = [entities.thing_row(each) for each in entities.listed(answer)]
        marked = xxhash.xxh3_64_hexdigest(orjson.dumps(found))
        link = entities.following(answer)
        return Portion(iter([found] if found else []), marked, answer.place, lambda _rows: link)

    def _asked(self, expanded: str) -> dict[str, Any]:
        chosen = {"$filter": self.options.filter} if self.options.filter else {}
        return {"$expand": expanded, "$top": self.options.page_size, **chosen}

    def _observations(self, out: Outgoing, streams: dict[str, Place]) -> Iterator[Page]:
        done = 0
        for datastream in self._datastreams(out):
            name, span = str(datastream[ID]), datastream.get("phenomenonTime")
            if self._is_read(name, span, streams.get(name)):
                continue
            for page, place in self._stream(out, datastream, streams.get(name, Place())):
                streams[name], done = place, done + len(page.row_numbers()) + len(page.unreadable)
                yield Page(
                    page.frame, page.origin, page.first_row, cursor_of(streams), done, 0, page.rows, page.unreadable
                )
            self._read[name] = (str(span), streams.get(name, Place()))

    def _datastreams(self, out: Outgoing) -> list[Entity]:
        url = f"{self.options.url}/Datastreams"
        found = [each for _, some in entities.collection(out, url, self._asked("Thing")) for each in some]
        if all(isinstance(each, dict) and isinstance(each.get(ID), str | int) for each in found):
            return found
        raise BadDataError(f"{url} has an entry without {ID}; is options.url a SensorThings service?")

    def _is_read(self, name: str, span: Any, place: Place | None) -> bool:
        """Whether the server says of a Datastream what it said when all of it was read. One that reaches ahead says too little."""
        if not isinstance(span, str) or self._read.get(name) != (span, place or Place()):
            return False
        try:
            return datetime.fromisoformat(span.rpartition("/")[2]).timestamp() <= self.clock()
        except ValueError:
            return False

    def _stream(self, out: Outgoing, datastream: Entity, place: Place) -> Iterator[tuple[Page, Place]]:
        """The new Observations of a Datastream in the order of time, with the place after each answer."""
        own = datastream[ID]
        quoted = str(own) if isinstance(own, int) else "'" + own.replace("'", "''") + "'"
        url = f"{self.options.url}/Datastreams({quoted})/Observations"
        asked = {"$orderby": "phenomenonTime asc", "$top": self.options.page_size, **self._since(place)}
        known = entities.about(datastream)
        for answer, found in entities.collection(out, url, asked):
            new = [each for each in found if not isinstance(each, dict) or str(each.get(ID)) not in place.known]
            if not new:
                continue
            rows = [entities.reading_row(each, known) for each in new]
            numbers = list(range(place.rows + 1, place.rows + len(rows) + 1))
            begun = {str(each.get(ID)): entities.started(each) for each in new if isinstance(each, dict)}
            place = place.after(begun, len(rows), again=self.options.again_seconds, now=self.clock())
            frame, at, unreadable = frame_of(rows, numbers, columns_of(rows, entities.READING))
            yield Page(frame, answer.place, numbers[0], None, rows=at, unreadable=unreadable), place

    def _since(self, place: Place) -> dict[str, str]:
        moment = place.last if place.last is None else place.last - self.options.again_seconds
        if moment is None and self.options.start:
            moment = datetime.combine(self.options.start, datetime.min.time(), self.zone).timestamp()
        if moment is None:
            return {}
        shown = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"$filter": f"phenomenonTime ge {shown}"}

"""feeds.sensorthings: Things as sensors, Observations as readings of an OGC SensorThings 1.1 server (OGC 18-088)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson
import xxhash

from config_errors import read_model
from datasources.contract import Clock, Cursor, Page
from datasources.errors import BadDataError, SourceError
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
    Datastream: [when the latest began, {id: when it began}]}, "rows": how many were read}.
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
        self.place = f"{urlsplit(self.options.url).netloc}/Observations"
        self._read: dict[str, tuple[str, Place]] = {}

    def pages(self, cursor: Cursor | None) -> Iterator[Page]:
        """Things that are new or have changed, or Observations that are new; raises the three errors."""
        options = self.options
        caps = Caps(most_bytes=options.most_megabytes << 20, total_seconds=options.total_seconds)
        named = [options.url, *options.hosts]
        with Outgoing(named, caps=caps, headers=options.told, clock=self.clock) as out:
            if options.what == "sensor":
                yield from self.pull.pages(partial(self._things, out), cursor)
            else:
                yield from self._observations(out, cursor)

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

    def _observations(self, out: Outgoing, cursor: Cursor | None) -> Iterator[Page]:
        """Pages of about page_size Observations, whatever Datastreams they are of; those before an error come first."""
        streams, before = places(cursor)
        read, held = before, list[Any]()

        def page() -> Page:
            nonlocal read, held
            rows, first, held = held, read + 1, []
            read += len(rows)
            frame, at, unreadable = frame_of(rows, range(first, read + 1), columns_of(rows, entities.READING))
            return Page(frame, self.place, first, cursor_of(streams, read), read - before, 0, at, unreadable)

        try:
            for rows in self._rows(out, streams):
                held += rows
                if len(held) >= self.options.page_size:
                    yield page()
        except SourceError:
            if held:
                yield page()
            raise
        if held:
            yield page()

    def _rows(self, out: Outgoing, streams: dict[str, Place]) -> Iterator[list[Any]]:
        """Rows answer by answer; `streams` says how far they reach."""
        for datastream in self._datastreams(out):
            name, span = str(datastream[ID]), datastream.get("phenomenonTime")
            if self._is_read(name, span, streams.get(name)):
                continue
            for found in self._found(out, datastream, streams.get(name, Place())):
                place = streams.get(name, Place())
                new = [each for each in found if not isinstance(each, dict) or str(each.get(ID)) not in place.known]
                begun = {str(each.get(ID)): entities.started(each) for each in new if isinstance(each, dict)}
                if new:
                    streams[name] = place.after(begun, again=self.options.again_seconds, now=self.clock())
                    known = entities.about(datastream)
                    yield [entities.reading_row(each, known) for each in new]
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

    def _found(self, out: Outgoing, datastream: Entity, place: Place) -> Iterator[list[Any]]:
        """Observations of a Datastream in the order of time, answer by answer; some of them were read before."""
        own = datastream[ID]
        quoted = str(own) if isinstance(own, int) else "'" + own.replace("'", "''") + "'"
        url = f"{self.options.url}/Datastreams({quoted})/Observations"
        asked = {"$orderby": "phenomenonTime asc", "$top": self.options.page_size, **self._since(place)}
        for _answer, found in entities.collection(out, url, asked):
            yield found

    def _since(self, place: Place) -> dict[str, str]:
        moment = place.last if place.last is None else place.last - self.options.again_seconds
        if moment is None and self.options.start:
            moment = datetime.combine(self.options.start, datetime.min.time(), self.zone).timestamp()
        if moment is None:
            return {}
        shown = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"$filter": f"phenomenonTime ge {shown}"}

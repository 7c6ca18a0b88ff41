"""Sources over HTTP that a fault may happen to: each holds numbered cases and serves them page by page."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from config_sources import SourceSettings
from datasources.mapping import Mapping
from datasources.poller import Job, Limits, Poller
from datasources.registry import completed, create
from tests.factories import NOW, Town
from tests.servers.http import Asked, HttpServer, Reply

SIZE = 5
DAY = 86_400


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def rest_row(number: int, at: int) -> dict[str, Any]:
    return {"id": str(number), "at": iso(at), "changed": iso(at), "status": "handling", "type": "noise"}


def open311_row(number: int, at: int) -> dict[str, Any]:
    return {
        "service_request_id": str(number), "status": "open", "service_name": "noise",
        "requested_datetime": iso(at), "updated_datetime": iso(at),
    }  # fmt: skip


def observed_row(number: int, at: int) -> dict[str, Any]:
    return {"phenomenonTime": iso(at), "result": number}


def as_sensorthings(rows: list[dict[str, Any]], asked: Asked) -> Reply:
    """One Datastream; its Thing is called as the server is, and each row has an id of its own."""
    host = asked.headers["host"]
    entities = [{**row, "@iot.id": at} for at, row in enumerate(rows)]
    if asked.path.endswith("/Datastreams"):
        thing = {"@iot.id": host}
        return Reply.json({"value": [{"@iot.id": 1, "name": "level", "Thing": thing}]})
    begin = datetime.fromisoformat(asked.query.get("$filter", "ge 1970-01-01T00:00:00Z").rpartition(" ")[2])
    found = [each for each in entities if datetime.fromisoformat(each["phenomenonTime"]) >= begin]
    at = int(asked.query.get("page", 1)) * SIZE
    link = f"http://{host}{asked.path}?{urlencode({**asked.query, 'page': at // SIZE + 1})}"
    whole = {"value": sorted(found, key=lambda each: each["phenomenonTime"])[at - SIZE : at]}
    return Reply.json({**whole, **({"@iot.nextLink": link} if len(found) > at else {})})


def on_page_two(asked: Asked) -> bool:
    return asked.query.get("page") == "2"


def behind_page_one(asked: Asked) -> bool:
    """One that was broken off asks anew for what is behind the last observation read."""
    return "page" in asked.query or "$filter" in asked.query


def by_page(rows: list[dict[str, Any]], asked: Asked) -> Reply:
    at = (int(asked.query["page"]) - 1) * SIZE
    return Reply.json(rows[at : at + SIZE])


def since(rows: list[dict[str, Any]], asked: Asked) -> Reply:
    begin = datetime.fromisoformat(asked.query.get("since", "1970-01-01T00:00:00Z"))
    return by_page([row for row in rows if datetime.fromisoformat(row["at"]) >= begin], asked)


def by_window(rows: list[dict[str, Any]], asked: Asked) -> Reply:
    begin, end = (datetime.fromisoformat(asked.query[name]).timestamp() for name in ("start_date", "end_date"))
    within = [row for row in rows if begin <= datetime.fromisoformat(row["requested_datetime"]).timestamp() <= end]
    return by_page(within, asked)


@dataclass(frozen=True)
class Kind:
    """A connector with its options, how its rows look and how its server serves them.

    middle: whether a request asks for more than the first page; stored: SQL for the numbers that the store has of a source.
    """

    row: Callable[[int, int], dict[str, Any]]
    serve: Callable[[list[dict[str, Any]], Asked], Reply]
    options: dict[str, Any]
    fields: dict[str, Any] = field(default_factory=dict)
    record: str = "case"
    middle: Callable[[Asked], bool] = on_page_two
    stored: str = "SELECT external_id FROM cases JOIN sources ON sources.id = source_id WHERE name = :name"


KINDS = {
    "feeds.rest": Kind(
        rest_row, since, {"paging": {"by": "page", "size": SIZE}, "since": {"param": "since", "field": "at"}},
        {"external_id": "id", "reported_at": "at", "updated_at": "changed", "status": "status", "category": "type"},
    ),
    "feeds.open311": Kind(open311_row, by_window, {"again": "30d", "window_days": 90, "page_size": SIZE}),
    "feeds.sensorthings": Kind(
        observed_row, as_sensorthings, {"page_size": SIZE}, record="reading", middle=behind_page_one,
        stored="SELECT value FROM readings JOIN series ON series.id = series_id JOIN sensors ON sensors.id = sensor_id"
        " JOIN sources ON sources.id = source_id WHERE sources.name = :name",
    ),
}  # fmt: skip

QUICK = Limits(page_seconds=20, attempts=1, first_wait_seconds=0, longest_wait_seconds=0)


@dataclass
class World:
    """A server that holds rows, a store, and the poller between them; `fault` answers in place of the server."""

    kind: str
    town: Town
    server: HttpServer
    name: str = "faulty"
    options: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    fault: Callable[[Asked], Reply | None] = lambda _asked: None
    reports: list[Any] = field(default_factory=list)
    logs: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows += [self.made(number) for number in range(13)]
        self.server.answer = lambda asked: self.fault(asked) or KINDS[self.kind].serve(self.rows, asked)
        feed = self.town.feed(self.name, KINDS[self.kind].record)
        self.job = Job(*self._parts(), feed, cursor=feed.cursor, paused=feed.paused)
        self.feed = feed
        self.poller = Poller(
            [self.job], clock=lambda: self.town.now, report=self._report, stop=threading.Event(), limits=QUICK
        )

    def made(self, number: int, at: int | None = None) -> dict[str, Any]:
        """A row of this kind, a minute after the one before unless said."""
        return KINDS[self.kind].row(number, NOW - DAY + 60 * number if at is None else at)

    def _parts(self) -> tuple[SourceSettings, Any, Mapping]:
        kind = KINDS[self.kind]
        options = {
            "url": f"{self.server.url}/api",
            "most_megabytes": 1,
            "total_seconds": 20,
            **kind.options,
            **self.options,
        }
        given = {
            "name": self.name, "connector": self.kind, "record": kind.record, "options": options, "fields": kind.fields,
        }  # fmt: skip
        source = completed(SourceSettings.model_validate(given))
        return source, create(source, folder=Path(), clock=lambda: self.town.now), Mapping(source, ZoneInfo("UTC"))

    def _report(self, progress: Any) -> None:
        self.reports.append(progress)
        self.feed.report(progress)

    def attend(self, times: int = 1) -> int:
        """Let the poller read that often, each time when it is due; when it is due next."""
        for _time in range(times):
            with capture_logs() as logs:
                due = self.poller.attend(self.job)
            self.logs += logs
            waited, self.town.now = due - self.town.now, due
        return waited

    @property
    def state(self) -> str:
        """What the store says of the source."""
        return str(self.town.rows("SELECT state FROM sources WHERE name = :name", name=self.name)[0][0])

    def stored(self) -> list[int]:
        """The numbers of the rows in the store."""
        return sorted(int(row[0]) for row in self.town.rows(KINDS[self.kind].stored, name=self.name))

    def broken_by(self, reply: Reply) -> None:
        """From now on every request for more than the first page is answered like this."""
        self.fault = lambda asked: reply if KINDS[self.kind].middle(asked) else None

    def sums(self) -> tuple[int, int, int, int, int]:
        """Read, kept, unchanged, quarantined and empty of all runs on record."""
        query = (
            'SELECT sum("read"), sum(kept), sum(unchanged), sum(quarantined), sum(empty) FROM source_hours'
            " JOIN sources ON sources.id = source_id WHERE name = :name"
        )
        return tuple(int(each or 0) for each in self.town.rows(query, name=self.name)[0])  # type: ignore[return-value]

"""GET /values: the numbers that colour the map; the shapes are sent once, elsewhere."""

import gzip
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from views.figures import MapValues, map_values
from views.query import parse_query

MOST_KEPT = 512
SMALLEST_PACKED, PACKED_LEVEL = 500, 6

router = APIRouter()


class Answers:
    """Answers by who asks, what, at which version of the counts and on which day; belongs to the event loop alone."""

    def __init__(self, house: Any) -> None:
        self._house = house
        self._kept: OrderedDict[Hashable, tuple[bytes, bytes]] = OrderedDict()
        self._today, self._until = 0, 0

    def today(self) -> int:
        """The day of the site. It is worked out anew when it ends, for rolling windows end with it."""
        now = self._house.clock()
        if not self._until - 86_400 <= now < self._until:
            zone = self._house.reader.zone
            self._today = zone.day(now)
            self._until = zone.start(self._today + 1)
        return self._today

    def key(self, access: Any, search: str) -> Hashable | None:
        """What an answer is kept by; None while the counts have to be read first."""
        snapshot = self._house.reader.counts.at_hand()
        return None if snapshot is None else (access, search, snapshot.version, self.today())

    def get(self, key: Hashable) -> tuple[bytes, bytes] | None:
        """An answer as it is and packed, or None."""
        return self._kept.get(key)

    def put(self, key: Hashable, answer: tuple[bytes, bytes]) -> None:
        """Keep an answer; the oldest makes room."""
        self._kept[key] = answer
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


@router.get("/values")
async def values(request: Request) -> Response:
    """Values of the chosen measure for every visible area of the chosen level (query: as in the address of `/`).

    An answer that is known is given without parsing, packing or another thread.
    """
    app, access, search = request.app, request.scope["state"]["access"], request.scope["query_string"].decode("latin-1")
    kept: Answers | None = getattr(app.state, "values", None)
    if kept is None:
        kept = app.state.values = Answers(app.state.house)
    key = kept.key(access, search)
    answer = kept.get(key) if key is not None else None
    if answer is None:
        answer, version, today = await run_in_threadpool(_made, app.state.house.reader, access, search)
        kept.put((access, search, version, today), answer)
    return _sent(answer, request.headers.get("accept-encoding", ""))


def _sent(answer: tuple[bytes, bytes], accepted: str) -> Response:
    plain, packed = answer
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if packed and "gzip" in accepted:
        return Response(packed, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
    return Response(plain, media_type="application/json", headers=headers)


def _made(reader: Any, access: Any, search: str) -> tuple[tuple[bytes, bytes], str, int]:
    """(the answer as it is and packed, the version and the day it is true for)."""
    moment = reader.moment()
    query = parse_query(search, moment)
    found = map_values(reader, moment, access, query.chosen, query.measure, query.level)
    plain = orjson.dumps(as_json(found))
    packed = gzip.compress(plain, PACKED_LEVEL, mtime=0) if len(plain) >= SMALLEST_PACKED else b""
    return (plain, packed), moment.snapshot.version, moment.today


def as_json(found: MapValues) -> dict[str, Any]:
    """What the browser needs to colour the areas and draw the legend."""
    digits = found.kpi.digits
    return {
        "level": found.level,
        "measure": found.kpi.name,
        "codes": found.codes,
        "values": [None if v is None else round(v, digits + 2) for v in found.values],
        "rows": found.rows,
        "breaks": found.breaks,
        "off_map": found.off_map,
    }

"""/values: the numbers of the map, known ones from memory, never older than the counts or the day."""

import gzip

import numpy as np
import pytest
from starlette.testclient import TestClient

from domain.measures import KPIS, MAP_MEASURES
from domain.scope import Scope
from tests.tiletown import some_cases
from views.caselist import case_total
from views.query import parse_list

QUERIES = [f"?period=30d&measure={name}&level={level}" for name in MAP_MEASURES for level in ("grid", "community")]


def by_code(answer) -> dict[str, tuple[float | None, int]]:
    found = answer.json()
    return dict(zip(found["codes"], zip(found["values"], found["rows"], strict=True), strict=True))


@pytest.mark.parametrize("query", [*QUERIES, "?period=9d&kind=hazard&category=litter", "?source=two&period=30d"])
def test_every_area_has_as_many_rows_as_its_list(street, routes, query):
    for code, (value, rows) in by_code(routes.get(f"/values{query}")).items():
        moment = street.reader.moment()
        measure = dict(part.split("=") for part in query[1:].split("&")).get("measure", "reported")
        listed = parse_list(f"{query}&figure={measure}&area={code}", moment)
        assert rows == case_total(street.reader, listed.wanted(moment, Scope.site("viewer")))
        if value is not None and KPIS[measure].denominator is None:
            assert value == rows


def test_a_known_answer_is_given_without_reading_or_another_thread(street, routes, monkeypatch):
    first = routes.get("/values?period=30d")
    monkeypatch.setattr("api.values.run_in_threadpool", None)
    monkeypatch.setattr("api.values.parse_query", None)
    assert routes.get("/values?period=30d").content == first.content
    monkeypatch.undo()
    assert routes.get("/values?period=7d").json()["rows"] != first.json()["rows"]


def test_an_answer_ends_with_the_next_commit(street, routes):
    before = sum(routes.get("/values?period=30d").json()["rows"])
    street.take(some_cases(np.random.default_rng(2), 200, first=1_000))
    after = sum(routes.get("/values?period=30d").json()["rows"])
    assert after > before


def test_an_answer_ends_with_the_day(street, routes):
    now = street.now[0]
    before = routes.get("/values?period=7d").json()
    street.now[0] = now + 86_400
    tomorrow = routes.get("/values?period=7d").json()
    assert sum(tomorrow["rows"]) != sum(before["rows"])
    street.now[0] = now
    assert routes.get("/values?period=7d").json() == before


def test_an_answer_is_kept_for_its_reader_alone(street, routes):
    whole = routes.get("/values?period=30d").json()

    async def nobody(scope, receive, send):
        scope.setdefault("state", {})["access"] = Scope.nothing()
        await routes.app.app(scope, receive, send)

    assert whole["codes"]
    assert TestClient(nobody).get("/values?period=30d").json()["codes"] == []


def test_a_large_answer_comes_packed_to_who_takes_it(street, routes, monkeypatch):
    monkeypatch.setattr("api.values.SMALLEST_PACKED", 1)
    packed = {}
    for accepted in ("gzip, br", "identity"):
        with routes.stream("GET", "/values?period=30d", headers={"Accept-Encoding": accepted}) as answer:
            packed[accepted] = answer.headers.get("content-encoding"), b"".join(answer.iter_raw())
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["vary"] == "Accept-Encoding"
    assert packed["gzip, br"][0] == "gzip"
    assert packed["identity"] == (None, gzip.decompress(packed["gzip, br"][1]))


def test_only_so_many_answers_are_kept(street, routes, monkeypatch):
    monkeypatch.setattr("api.values.MOST_KEPT", 3)
    for days in range(2, 9):
        routes.get(f"/values?period={days}d")
    assert len(routes.app.app.state.values._kept) == 3


def test_shapes_come_once_and_are_then_only_confirmed(routes):
    first = routes.get("/geometry/grid")
    assert [f["properties"]["code"] for f in first.json()["features"]] == ["A1", "A2", "B1", "B2"]
    assert min(f["id"] for f in first.json()["features"]) >= 1
    again = routes.get("/geometry/grid", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert routes.get("/geometry/parish").status_code == 404

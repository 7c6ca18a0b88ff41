"""feeds.rest against a local server: pages of every kind, what is new, who is let in, how often."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from config import ConfigError
from config_sources import SourceSettings
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.feeds.rest.connector import RestConnector
from datasources.mapping import Mapping
from datasources.outgoing import NotNamedError
from tests.datasources.sources import NOW
from tests.servers.http import Reply

ROWS: list[dict[str, Any]] = [{"id": n, "at": 1_000 + n} for n in range(10)]


def connector(server, clock=lambda: NOW, **options) -> RestConnector:
    given = {"url": f"{server.url}/rows", **options}
    return RestConnector(given, folder=Path(), zone=ZoneInfo("Asia/Shanghai"), clock=clock)


def ids(pages) -> list[Any]:
    return [each for page in pages for each in page.frame["id"]]


def paged(rows, key="page", first=1, size=4, wrapped=None):
    """Rows by page or offset; `wrapped` makes the answer of (rows, all)."""

    def answer(asked):
        place = int(asked.query.get(key, first))
        start = (place - first) * size if key == "page" else place
        part = rows[start : start + size]
        return Reply.json(wrapped(part, rows) if wrapped else part)

    return answer


@pytest.mark.parametrize(("paging", "key", "asked"), [
    ({"by": "page", "size": 4}, "page", ["1", "2", "3"]),
    ({"by": "page", "param": "p", "first": 0}, "p", ["0", "1", "2", "3"]),
    ({"by": "offset", "size": 4, "size_param": "limit"}, "offset", ["0", "4", "8"]),
])  # fmt: skip
def test_numbered_answers_are_read_to_a_short_or_an_empty_one(http_server, paging, key, asked):
    first = 0 if key in ("p", "offset") else 1
    http_server.answer = paged(ROWS, "page" if key == "page" else key, first) if key != "p" else (
        lambda q: Reply.json(ROWS[int(q.query["p"]) * 4 :][:4])
    )  # fmt: skip
    assert ids(connector(http_server, paging=paging).pages(None)) == list(range(10))
    assert [each.query[key] for each in http_server.asked] == asked


def test_the_total_ends_a_run(http_server):
    http_server.answer = paged(ROWS[:8], wrapped=lambda part, rows: {"data": part, "meta": {"total": len(rows)}})
    made = connector(http_server, items="data", total="meta.total", paging={"by": "page"})
    pages = list(made.pages(None))
    assert (ids(pages), len(http_server.asked)) == (list(range(8)), 2)
    assert [(page.done, page.total) for page in pages] == [(4, 8), (8, 8)]


def test_a_page_beyond_the_end_may_be_missing(http_server):
    http_server.answer = lambda asked: Reply.json(ROWS[:4]) if asked.query["page"] == "1" else Reply(status=404)
    assert ids(connector(http_server, paging="page").pages(None)) == [0, 1, 2, 3]


def test_a_server_that_ignores_the_page_is_noticed(http_server):
    http_server.answer = lambda _asked: Reply.json(ROWS)
    with pytest.raises(BadDataError, match="the same answer again and again"):
        list(connector(http_server, paging="page").pages(None))


def test_a_cursor_is_followed_to_its_end(http_server):
    def answer(asked):
        at = int(asked.query.get("after", "k0")[1:])
        return Reply.json({"rows": ROWS[at : at + 4], "next": f"k{at + 4}" if at + 4 < len(ROWS) else None})

    http_server.answer = answer
    made = connector(http_server, items="rows", paging={"by": "cursor", "param": "after", "next": "next"})
    assert ids(made.pages(None)) == list(range(10))
    assert [each.query for each in http_server.asked] == [{}, {"after": "k4"}, {"after": "k8"}]


@pytest.mark.parametrize("next_", ["/rows?at=4&key=hush", "{url}/rows?at=4&key=hush"])
def test_a_link_may_be_relative_and_its_key_stays_out_of_the_cursor(http_server, next_):
    more = next_.format(url=http_server.url)

    def answer(asked):
        at = int(asked.query.get("at", 0))
        return Reply.json({"rows": ROWS[at : at + 4], "links": {"next": None if at else more}})

    http_server.answer = answer
    auth = {"by": "key", "param": "key", "value": "hush"}
    made = connector(http_server, items="rows", auth=auth, page_rows=2, paging={"by": "link", "next": "links.next"})
    pages = list(made.pages(None))
    assert ids(pages) == list(range(8))
    assert "hush" not in str([page.cursor for page in pages]) + str([page.origin for page in pages])
    assert [each.query["key"] for each in http_server.asked] == ["hush", "hush"]


def test_a_link_elsewhere_is_refused_and_what_was_read_stays(http_server):
    http_server.answer = lambda _asked: Reply.json(ROWS, Link='<http://127.0.0.1:1/x>; rel="last", <http://elsewhere.example/>; rel=next')  # fmt: skip
    pages = connector(http_server, paging="link").pages(None)
    assert ids([next(pages)]) == list(range(10))
    with pytest.raises(NotNamedError, match=r"elsewhere\.example:80, which the settings do not name"):
        next(pages)


def test_an_unchanged_list_gives_no_row_and_a_changed_one_all(http_server):
    rows = [dict(row) for row in ROWS]
    http_server.answer = lambda _asked: Reply.json({"made_at": len(http_server.asked), "rows": rows})
    made = connector(http_server, items="rows")
    cursor = list(made.pages(None))[-1].cursor
    assert list(made.pages(cursor)) == []
    rows[3]["at"] = 7
    assert ids(made.pages(cursor)) == list(range(10))


def since_api(rows):
    return lambda asked: Reply.json([row for row in rows if row["at"] >= int(asked.query.get("since", 0))])


SINCE = {"param": "since", "field": "at", "format": "epoch", "overlap": "5s"}


def test_only_what_is_new_is_asked_for_and_a_late_record_is_not_lost(http_server):
    rows = list(ROWS)
    http_server.answer = since_api(rows)
    made = connector(http_server, since=SINCE)
    cursor = list(made.pages(None))[-1].cursor
    assert list(made.pages(cursor)) == [] and http_server.asked[-1].query == {"since": "1004"}
    rows += [{"id": "late", "at": 1_006}, {"id": "new", "at": 1_050}]
    pages = list(made.pages(cursor))
    assert ids(pages) == ["late", "new"]
    assert list(made.pages(pages[-1].cursor)) == [] and http_server.asked[-1].query == {"since": "1045"}


def test_a_record_of_the_overlap_that_changed_comes_again(http_server):
    rows = [dict(row) for row in ROWS]
    http_server.answer = since_api(rows)
    made = connector(http_server, since=SINCE)
    cursor = list(made.pages(None))[-1].cursor
    rows[8]["status"] = "closed"
    assert ids(made.pages(cursor)) == [8]


def test_a_record_from_the_future_does_not_hide_those_of_today(http_server):
    rows = [*ROWS, {"id": "skewed", "at": NOW + 10**8}]
    http_server.answer = since_api(rows)
    made = connector(http_server, since=SINCE)
    cursor = list(made.pages(None))[-1].cursor
    rows.append({"id": "today", "at": NOW + 1})
    assert ids(made.pages(cursor)) == ["today"]
    assert int(http_server.asked[-1].query["since"]) == NOW - 5


@pytest.mark.parametrize(("format_", "cell", "asked"), [
    ("iso", "2024-05-01T08:00:00+08:00", "2024-04-30T23:50:00Z"), ("iso", "2024-05-01T08:00:00", "2024-04-30T23:50:00Z"),
    ("epoch_ms", 1_714_521_600_000, "1714521000000"), ("%Y-%m-%d %H:%M", "2024-05-01 08:00", "2024-05-01 07:50"),
])  # fmt: skip
def test_a_time_is_asked_for_as_the_source_writes_it(http_server, format_, cell, asked):
    http_server.answer = lambda _asked: Reply.json([{"id": 1, "at": cell}])
    made = connector(http_server, since={"param": "since", "field": "at", "format": format_})
    list(made.pages(list(made.pages(None))[-1].cursor))
    assert http_server.asked[-1].query == {"since": asked}


def test_a_run_that_broke_off_goes_on_where_it_was(http_server):
    whole = paged(ROWS)
    http_server.answer = lambda asked: Reply(status=503) if asked.query["page"] == "3" else whole(asked)
    made = connector(http_server, paging={"by": "page", "size": 4})
    pages = made.pages(None)
    found = [next(pages), next(pages)]
    with pytest.raises(TemporaryError):
        next(pages)
    assert ids(found) == list(range(8))
    http_server.answer = whole
    assert ids(made.pages(found[-1].cursor)) == [8, 9]


def test_a_position_that_the_server_forgot_begins_anew(http_server):
    def answer(asked):
        at = int(asked.query.get("after", 0))
        return Reply.json({"rows": ROWS[at : at + 4], "next": at + 4 if at + 4 < len(ROWS) else None})

    http_server.answer = answer
    made = connector(http_server, items="rows", paging={"by": "cursor", "param": "after", "next": "next"})
    middle = next(made.pages(None)).cursor
    http_server.answer = lambda asked: Reply(status=410) if "after" in asked.query else Reply.json({"rows": ROWS})
    assert ids(made.pages(middle)) == list(range(10))


def test_at_the_limit_a_run_ends_and_the_next_goes_on(http_server):
    http_server.answer, moment = paged(ROWS), [NOW]
    made = connector(http_server, clock=lambda: moment[0], per_minute=2, paging={"by": "page", "size": 4})
    first = list(made.pages(None))
    assert (ids(first), len(http_server.asked)) == (list(range(8)), 2)
    assert list(made.pages(first[-1].cursor)) == [] and len(http_server.asked) == 2
    moment[0] += 61
    assert ids(made.pages(first[-1].cursor)) == [8, 9]


def test_the_limit_does_not_keep_a_long_unchanged_list_from_its_end(http_server):
    rows, moment = list(ROWS), [NOW]
    http_server.answer = paged(rows)
    options = {"per_minute": 3, "paging": {"by": "page", "size": 4}}
    cursor = list(connector(http_server, **options).pages(None))[-1].cursor
    rows[9] = {"id": "changed", "at": 1}
    made = connector(http_server, clock=lambda: moment[0], **{**options, "per_minute": 1})
    found = []
    for _minute in range(4):
        found += ids(made.pages(cursor))
        moment[0] += 61
    assert found == [8, "changed"]


def test_a_key_stands_in_a_header_or_in_the_query(http_server):
    http_server.answer = lambda _asked: Reply.json(ROWS)
    list(connector(http_server, auth={"by": "key", "header": "X-Key", "value": "k"}).pages(None))
    list(connector(http_server, auth={"by": "basic", "user": "me", "password": "pw"}, params={"a": "1"}).pages(None))
    assert http_server.asked[0].headers["x-key"] == "k"
    assert httpx.BasicAuth("me", "pw")._auth_header == http_server.asked[1].headers["authorization"]
    assert http_server.asked[1].query == {"a": "1"}


def oauth(server, *, tokens=None, lasting=3_600):
    """A server of rows and of tokens; a token counts while it is the last one given."""
    given = tokens if tokens is not None else []

    def answer(asked):
        if asked.path == "/token":
            given.append(f"t{len(given)}")
            return Reply.json({"access_token": given[-1], "expires_in": lasting, "token_type": "bearer"})
        return Reply.json(ROWS) if asked.headers.get("authorization") == f"Bearer {given[-1]}" else Reply(status=401)

    server.answer = answer
    return {
        "by": "oauth2",
        "token_url": f"{server.url}/token",
        "client_id": "me",
        "client_secret": "hush",
        "scope": "read",
    }


def test_a_token_is_fetched_kept_renewed_before_its_end_and_once_when_refused(http_server):
    tokens: list[str] = []
    moment = [NOW]
    made = connector(http_server, clock=lambda: moment[0], auth=oauth(http_server, tokens=tokens))
    assert ids(made.pages(None)) == ids(made.pages(None)) == list(range(10))
    assert (
        len(tokens) == 1
        and b"client_credentials" in http_server.asked[0].body
        and b"hush" not in http_server.asked[0].body
    )
    moment[0] += 3_550
    assert ids(made.pages(None)) == list(range(10)) and len(tokens) == 2
    tokens.append("revoked")
    assert ids(made.pages(None)) == list(range(10)) and len(tokens) == 4


def test_a_client_that_is_refused_does_not_spin(http_server):
    auth = oauth(http_server)
    http_server.answer = lambda asked: (
        Reply.json({"error": "invalid_client"}, 400) if asked.path == "/token" else Reply()
    )
    with pytest.raises(AuthenticationError, match="invalid_client"):
        list(connector(http_server, auth=auth).pages(None))
    http_server.answer = lambda asked: (
        Reply.json({"access_token": "x"}) if asked.path == "/token" else Reply(status=401)
    )
    with pytest.raises(AuthenticationError):
        list(connector(http_server, auth=auth).pages(None))
    assert len(http_server.asked) == 1 + 4


def test_items_lie_at_a_dotted_path_or_a_jsonpath(http_server):
    http_server.answer = lambda _asked: Reply.json({"a": {"b": [{"c": ROWS[:2]}, {"c": ROWS[2:3]}]}})
    assert ids(connector(http_server, items="a.b.0.c").pages(None)) == [0, 1]
    assert ids(connector(http_server, items="$.a.b[*].c[*]").pages(None)) == [0, 1, 2]
    http_server.answer = lambda _asked: Reply.json({"b": [], "n": 1})
    with pytest.raises(BadDataError, match=r"is no list; set options.items; known: b"):
        list(connector(http_server, items="n").pages(None))


def test_csv_is_rows_too(http_server):
    http_server.answer = lambda _asked: Reply('id,name\n1,"a, b"\n2\n3,c\n'.encode("utf-8-sig"))
    (page,) = connector(http_server, format="csv").pages(None)
    assert page.frame.to_dict("records") == [{"id": "1", "name": "a, b"}, {"id": "3", "name": "c"}]
    assert [(each.row, each.text) for each in page.unreadable] == [(2, "2")]


@pytest.mark.parametrize(("wrong", "message"), [
    ({"url": "ftp://x/"}, "options.url: is no address"),
    ({"auth": {"by": "basic", "user": "me"}}, "options.auth.password: is missing"),
    ({"paging": "pages"}, "options.paging.by"), ({"items": "$.["}, "options.items: '\\$.\\[' is no JSONPath"),
    ({"paging": {"by": "cursor"}}, "options.paging.next: is missing"),
])  # fmt: skip
def test_a_wrong_option_is_named(http_server, wrong, message):
    with pytest.raises(ConfigError, match=message):
        connector(http_server, **wrong)


def cameras(server, shared_data, file, items, fields):
    server.answer = lambda _asked: Reply((shared_data / file).read_bytes())
    source = SourceSettings.model_validate(
        {"name": "c", "connector": "feeds.rest", "record": "camera", "fields": fields}
    )
    batches = [Mapping(source).apply(page, NOW) for page in connector(server, items=items).pages(None)]
    return sum(batch.read for batch in batches), [row for batch in batches for row in batch.frame.to_dict("records")]


def test_the_recorded_cameras_of_new_york(http_server, shared_data):
    fields = {"external_id": "id", "name": "content", "longitude": "longitude", "latitude": "latitude"}
    read, found = cameras(http_server, shared_data, "cameras_nyc_dot.json", "markers", fields)
    assert (read, len(found)) == (723, 723)
    assert (found[0]["external_id"], found[0]["name"]) == ("368", "1 Ave @ 110 St")
    assert found[0]["longitude"] == pytest.approx(-73.93807411)


def test_the_recorded_cameras_of_atlanta(http_server, shared_data):
    fields = {"external_id": "@id", "name": "location_description", "point": {"geometry": True}, "snapshot": "url"}
    read, found = cameras(http_server, shared_data, "cameras_atlanta_gdot.geojson", None, fields)
    assert (read, len(found)) == (3_043, 3_043)
    assert sum(row["longitude"] != row["longitude"] for row in found) == 3  # (0, 0) is no place
    assert (found[0]["external_id"], found[0]["longitude"]) == ("cctv_46479", pytest.approx(-84.455192))

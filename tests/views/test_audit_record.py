"""The auditor finds rows of the record by time, who, action, subject and outcome; nobody else finds any."""

import csv
import io
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from actions.seal_audit import seal_audit
from api import audit as route
from domain.actor import ROLES, Actor
from store import audit
from store.engine import write
from tests.factories import NOW, Town
from views.audit import AuditQuery, audit_page, chain_state, parse_audit

AUDITOR = Actor("ann", "Ann", "auditor", frozenset())
ROWS = (
    ("li", "case.move", "case:1", "done", NOW - 86_400), ("li", "case.move", "case:12", "refused", NOW),
    ("wu", "contact.reveal", "case:1", "done", NOW), ("wu", "=cmd", "case:1:photo", "done", NOW + 86_400),
)  # fmt: skip


@pytest.fixture
def town(tables_url):
    town = Town(tables_url)
    with write(town.engine) as connection:
        for who, action, subject, result, at in ROWS:
            actor = Actor(who, who, "intake", frozenset({""}))
            audit.append(connection, actor, action, subject, now=at, result=result, detail={"n": 1})
    yield town
    town.close()


def found(town, search, actor=AUDITOR):
    page = audit_page(town.engine, actor, parse_audit(search), town.site.zone)
    assert page.total == len(page.rows)
    return [row["id"] for row in page.rows]


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("", [4, 3, 2, 1]), ("?actor=li", [2, 1]), ("?action=case", [2, 1]), ("?action=case.move&result=refused", [2]),
        ("?subject=case:1", [4, 3, 1]), ("?since=2026-11-24", [4, 3, 2]), ("?until=2026-11-24", [3, 2, 1]),
        ("?since=2026-11-24&until=2026-11-24", [3, 2]), ("?since=soon&result=odd&page=-1", [4, 3, 2, 1]),
        ("?actor=l%25", []), ("?action=%25", []),
    ],
)  # fmt: skip
def test_rows_are_found_by_what_the_address_asks(town, search, ids):
    assert found(town, search) == ids


@pytest.mark.parametrize("role", [role for role in ROLES if role != "auditor"])
def test_nobody_but_the_auditor_finds_anything(town, role):
    other = Actor("x", "x", role, frozenset({""}))
    assert found(town, "", other) == []
    assert chain_state(town.engine, other).tail == 0


def test_pages_follow_one_another(town, monkeypatch):
    monkeypatch.setattr("views.audit.PAGE", 3)
    pages = [audit_page(town.engine, AUDITOR, AuditQuery(page=n), town.site.zone) for n in (1, 2, 3)]
    assert [[row["id"] for row in page.rows] for page in pages] == [[4, 3, 2], [1], []]
    assert {page.total for page in pages} == {4}
    assert pages[0].actions == ("=cmd", "case.move", "contact.reveal")


def test_the_state_of_the_chain_is_told(town, tmp_path):
    assert (chain_state(town.engine, AUDITOR).seals, chain_state(town.engine, AUDITOR).tail) == (0, 4)
    seal_audit(town.engine, b"s" * 32, tmp_path / "heads", now=NOW)
    state = chain_state(town.engine, AUDITOR)
    assert (state.seals, state.tail, state.sealed_at, len(state.head)) == (1, 0, NOW, 64)


def test_an_address_says_what_it_asks():
    query = AuditQuery(actor="li", page=2)
    assert query.text() == "?actor=li&page=2"
    assert query.text(page=1) == "?actor=li"
    assert parse_audit(query.text()) == query


def asked(town, actor):
    app = FastAPI()
    app.state.house = SimpleNamespace(engine=town.engine, zone=town.site.zone, clock=lambda: NOW)
    app.include_router(route.router)

    async def gate(scope, receive, send):
        scope.setdefault("state", {})["actor"] = actor
        await app(scope, receive, send)

    return TestClient(gate).get("/export/audit.csv?actor=wu")


def test_the_file_has_the_rows_of_the_filter_runs_nothing_and_is_on_record(town):
    answer = asked(town, AUDITOR)
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "id"
    assert [row[5] for row in rows] == ["contact.reveal", "'=cmd"]
    assert town.rows("SELECT actor FROM audit WHERE action = 'audit.export'") == [("ann",)]


def test_the_file_is_for_the_auditor(town):
    assert asked(town, Actor("x", "x", "system_admin", frozenset())).status_code == 403
    assert asked(town, None).status_code == 403
    assert town.rows("SELECT id FROM audit WHERE action = 'audit.export'") == []

"""Nobody sees what is not theirs: every row of a foreign area holds a canary, and a walk over everything finds none.

The routes and the callbacks are asked of the running application, so that what is added later is walked by itself: a route
with a part of its path that this walk cannot fill in fails the test until it is told here.
"""

import contextlib
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pandas as pd
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from PIL import Image

from actions.move import move
from actions.photos import keep_photo
from actions.rate import rate
from actions.report import Report, report
from actions.site import Site
from actions.work import Work
from api import application
from config_cases import Cases
from domain.actor import PUBLIC, ROLES, Actor
from domain.catalogue import Catalogue, Category, Condition, Limit
from domain.periods import SiteZone
from geo.locate import Locator
from store.areas import read_areas, read_tree
from store.engine import open_engine, read, write
from store.schema_public import photos, places, reporters
from store.schema_services import cameras
from tests.accounts import add, enter
from tests.servers.app import CASES, CONFIG, RATINGS, ROOT, SOUTH, STEP, WEST, AppServer, write_areas
from tests.servers.processes import Account, free_port

CANARY = "kanarienvogel"
HOME, FOREIGN = "C1", "C2"
AT_HOME = (WEST + 0.5 * STEP, SOUTH + 0.5 * STEP)
ABROAD = (WEST + 1.5 * STEP, SOUTH + 0.5 * STEP)
CATEGORIES = """
[security]
two_factor = []  # the walk goes as administrators too

[[categories]]
name = "Litter"
group = "Litter"
published = true
department = "Cleaners"
conditions = [{ name = "usual", limit = { amount = 2, unit = "work_days" } }]
"""
TINY = io.BytesIO()
Image.new("RGB", (8, 8), (200, 30, 30)).save(TINY, "JPEG")

PATH_PARTS = {
    "level": ["grid", "community", "street"], "theme": ["light"], "z": ["14"], "x": ["13384"], "name": ["6757.png"],
    "layer": ["base", "measure"], "rest": ["x"], "number": ["1"], "source": ["gateway"], "what": ["areas"], "layer_id": ["1"], "camera_id": ["1"], "mark": ["1-1"],
}  # fmt: skip
"""What a part of a path may be, beside the numbers of the foreign rows."""
QUERIES = ("", f"?area={FOREIGN}&period=3650d&near={ABROAD[0]},{ABROAD[1]}", "?period=3650d&q=" + CANARY)
STREAMS = {"/live"}
CALLBACKS = "/_dash-update-component"
LOGINS = rf"{CANARY}-({'|'.join(ROLES)})\b"
"""Who did what: the auditor reads that of the whole site, and nothing else of it."""


@dataclass
class Town:
    """A running street of four communities, one of them ours; the numbers of foreign rows by kind."""

    app: AppServer
    foreign: dict[str, Any]
    headers: dict[str, dict[str, str]]


def folder_of_town(folder) -> None:
    """Two cases: one at home, one abroad with a canary in every text; and a bad row with one in quarantine."""
    write_areas(folder)
    text = CONFIG.format(language="en") + CASES.format(name="hall", pin=(WEST, SOUTH)) + RATINGS + CATEGORIES
    (folder / "en.toml").write_text(
        text.replace(
            'title = "title"', 'title = "title"\ntext = "text"\ndepartment = "department"\norder_no = "order_no"'
        )
    )
    usual = {"kind": "problem", "category": "Litter", "status": "handling", "response": "", "closed": "", "area": ""}
    now = pd.Timestamp.now("Asia/Shanghai").floor("s").tz_localize(None)
    rows = [
        usual | {"id": "home-1", "title": "at home", "text": "", "channel": "patrol", "department": "Cleaners", "order_no": "1",
                 "reported": (now - pd.Timedelta(hours=5)).isoformat(), "due": (now - pd.Timedelta(hours=1)).isoformat(),
                 "lon": AT_HOME[0], "lat": AT_HOME[1]},
        usual | {name: f"{CANARY}-{name}" for name in ("id", "title", "text", "channel", "department", "order_no")}
        | {"reported": (now - pd.Timedelta(hours=4)).isoformat(), "due": (now - pd.Timedelta(hours=1)).isoformat(),
           "lon": ABROAD[0], "lat": ABROAD[1]},
        usual | {"id": "bad", "title": f"{CANARY}-raw", "text": "", "channel": "", "department": "", "order_no": "",
                 "reported": "never", "due": "", "lon": ABROAD[0], "lat": ABROAD[1]},
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "hall.csv", index=False)
    pd.DataFrame([{"id": "r", "case": f"{CANARY}-id", "level": "satisfied", "at": now.isoformat()}]).to_csv(
        folder / "ratings.csv", index=False
    )


def rows_abroad(app: AppServer) -> dict[str, Any]:
    """Everything that is made here and not fetched: a case in all its parts, its reporter, its photo, a place."""
    engine = open_engine(f"sqlite:///{app.folder}/var/gridhall.db")
    with read(engine) as connection:
        site = Site(engine, SiteZone("Asia/Shanghai"), read_areas(connection), Locator(read_tree(connection)))
        fetched = connection.execute(
            sa.text("SELECT id FROM cases WHERE external_id LIKE :c"), {"c": f"{CANARY}%"}
        ).scalar_one()
        now = connection.execute(sa.text("SELECT max(reported_at) + 60 FROM cases")).scalar_one()
    catalogue = Catalogue((Category("Litter", department="Cleaners", published=True, group="Litter",
                                    conditions=(Condition("usual", Limit(2, "work_days")),)),), Condition("", Limit(1, "work_days")))  # fmt: skip
    work = Work(site, catalogue, Cases(), app.folder / "var" / "uploads", b"x" * 32)

    def who(role: str) -> Actor:
        return Actor(f"{CANARY}-{role}", role, role, frozenset({""}), "Cleaners")

    made = report(
        work,
        who("officer"),
        Report("Litter", f"{CANARY}-text", "patrol", *ABROAD, title=f"{CANARY}-title", order_no=f"{CANARY}-no"),
        now=now,
    )
    picture = keep_photo(work, who("handler"), TINY.getvalue(), now=now)
    loose = keep_photo(work, who("handler"), TINY.getvalue(), now=now)
    for version, (role, name, fields) in enumerate(
        [
            ("intake", "register", {"condition": "usual", "note": f"{CANARY}-note"}),
            ("dispatcher", "dispatch", {"department": "Cleaners"}), ("handler", "accept", {"handler": f"{CANARY}-person"}),
            ("leader", "whistle", {"departments": ["Cleaners"], "hours": 2, "reason": f"{CANARY}-reason"}),
            ("shift_leader", "supervise", {"reason": f"{CANARY}-reason"}),
        ], start=1,
    ):  # fmt: skip
        move(work, who(role), made.case_id, name, fields, version=version, now=now)
    with write(engine) as connection:
        connection.execute(sa.update(photos).where(photos.c.id == picture).values(case_id=made.case_id, kind="before"))
        area = int(site.areas.ids[site.areas.position[FOREIGN]])
        connection.execute(
            sa.insert(reporters).values(case_id=made.case_id, name=f"{CANARY}-name", phone="13800000000", made_at=now)
        )
        connection.execute(
            sa.insert(places).values(
                id="kanarienplatz0001", name=f"{CANARY}-place", area_id=area, made_at=now, made_by="x"
            )
        )
        connection.execute(
            sa.insert(cameras).values(
                source_id=1, external_id=f"{CANARY}-code", name=f"{CANARY}-camera", area_id=area, placing=0, longitude=ABROAD[0],
                latitude=ABROAD[1], online=True, stream=f"rtsp://{CANARY}-stream", content_hash=0,
            )
        )  # fmt: skip
        connection.execute(
            sa.text("UPDATE cases SET status = 'closed', closed_at = :t, ended_at = :t WHERE id = :i"),
            {"t": now, "i": fetched},
        )
    rate(work, PUBLIC, fetched, "satisfied", f"{CANARY}-comment", now=now)
    with write(engine) as connection:
        connection.execute(
            sa.text("UPDATE cases SET status = 'handling', closed_at = NULL, ended_at = NULL WHERE id = :i"),
            {"i": fetched},
        )
    headers = {}
    for role in ROLES:
        department = "Cleaners" if role == "handler" else ""
        headers[role] = enter(engine, add(engine, role, role, [HOME], department=department), f"token-of-{role}")
    headers["whole"] = enter(engine, add(engine, "whole", "leader"), "token-of-whole")
    engine.dispose()
    return {
        "cases": [fetched, made.case_id],
        "numbers": [made.case_no, f"{CANARY}-id"],
        "photos": [picture, loose],
        "headers": headers,
    }


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Account(None).folder("gridhall-canary-") as folder:
        folder_of_town(folder)
        app = AppServer(folder, free_port(), "en")
        app.sync()
        found = rows_abroad(app)
        app.command("counts", "rebuild")
        app.start()
        try:
            yield Town(app, found, found.pop("headers"))
        finally:
            app.stop()


def routes() -> list[tuple[str, str]]:
    """(method, path) of every route of the application's own, as it is put together in api/application.py."""
    found = []
    for router in application.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            found += [(method, route.path) for method in sorted(route.methods or ())]
    return found


def addresses(path: str, foreign: dict[str, Any]) -> list[str]:
    """A path with its parts filled in by what is foreign."""
    known = PATH_PARTS | {
        "case_id": [str(i) for i in foreign["cases"]], "photo_id": [str(i) for i in foreign["photos"]],
        "service_request_id": [str(v) for v in (*foreign["cases"], *foreign["numbers"])], "request_id": [str(v) for v in (*foreign["cases"], *foreign["numbers"])],
        "code": ["K7M49PQX2TRW"], "place_id": ["nosuchplace12"], "place": ["nosuchplace12"], "format": ["json", "xml"], "extension": ["json", "xml"],
        "service_code": ["Litter"], "token": ["abc"], "name": PATH_PARTS["name"], "photo": [str(i) for i in foreign["photos"]],
    }  # fmt: skip
    filled = [path]
    for part in re.findall(r"{(\w+)(?::\w+)?}", path):
        assert part in known, f"the walk does not know what to put for {part} in {path}"
        filled = [re.sub(rf"{{{part}(:\w+)?}}", value, one) for one in filled for value in known[part]]
    return filled


def bodies(foreign: dict[str, Any]) -> list[dict[str, Any]]:
    """What is sent to every route that takes something: nothing, and all that names a foreign row."""
    case, number = foreign["cases"][1], foreign["numbers"][0]
    named = {
        "case_id": case, "case": case, "id": case, "move": "note", "name": "note", "fields": {"text": "x"}, "version": 6, "once": "walk",
        "reason": "because it must be", "category": "Litter", "main": number, "longitude": ABROAD[0], "latitude": ABROAD[1],
        "lon": ABROAD[0], "lat": ABROAD[1], "text": "x", "area": FOREIGN, "area_code": FOREIGN, "photos": foreign["photos"],
    }  # fmt: skip
    return [{}, named]


def said(answer: httpx.Response) -> str:
    return "\n".join([answer.text, *(f"{k}: {v}" for k, v in answer.headers.items())])


def walk(client: httpx.Client, town: Town) -> Iterator[tuple[str, str]]:
    """(what was asked, everything that was answered) of every route, page and callback, as one reader."""
    for method, path in routes():
        for address in addresses(path, town.foreign):
            yield from asked_of_route(client, method, address, town.foreign)
    for path in pages(town.foreign):
        for query in QUERIES:
            yield f"page {path}{query}", said(client.get(path + query, headers={"Accept": "text/html"}))
    yield "layout", said(client.get("/_dash-layout"))
    known = client.get("/_dash-dependencies")
    callbacks = known.json() if known.status_code == 200 else []
    asked = set()  # most callbacks do not look at the path: the same question is put once
    for callback in (each for each in callbacks if not each.get("clientside_function")):
        for path in pages(town.foreign):
            for query in QUERIES[:2]:
                put = json.dumps(question(callback, path, query))
                if put not in asked:
                    asked.add(put)
                    answer = client.post(CALLBACKS, content=put, headers={"Content-Type": "application/json"})
                    yield f"callback {callback['output']} at {path}{query}", said(answer)


def asked_of_route(
    client: httpx.Client, method: str, address: str, foreign: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """A stream's first words; a safe route with every query; any other with every body, as JSON and as a form."""
    if address in STREAMS:
        with client.stream("GET", address) as answer:
            yield address, next(answer.iter_text(), "") if answer.status_code == 200 else answer.read().decode()
    elif method in {"GET", "HEAD"}:
        for query in QUERIES:
            yield f"{method} {address}{query}", said(client.request(method, address + query))
    elif address != "/logout":
        for body in bodies(foreign):
            yield f"{method} {address} json", said(client.request(method, address, json=body))
            form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()}
            yield f"{method} {address} form", said(client.request(method, address, data=form))


def pages(foreign: dict[str, Any]) -> list[str]:
    """Every page that is registered, those of a case with the foreign ones."""
    templates = [
        found[1] or found[2]
        for path in sorted((ROOT / "pages").glob("*.py"))
        if (
            found := re.search(
                r'path_template="([^"]+)"|register_page\(__name__, path="([^"]+)"', path.read_text(encoding="utf-8")
            )
        )
    ]
    return [
        re.sub("<case_id>", str(case), path)
        for path in templates
        for case in (foreign["cases"] if "<" in path else [""])
    ]


def question(callback: dict[str, Any], path: str, query: str) -> dict[str, Any]:
    """What the page of an address sends to call a callback."""

    def value(prop: str, name: str) -> Any:
        usual = {"pathname": path, "search": query, "n_clicks": 1, "n_intervals": 1, "children": None, "href": path + query,
                 "value": CANARY if "search" in name else None, "data": path if name == "frame-path" else None}  # fmt: skip
        return usual.get(prop)

    def filled(part: dict[str, Any]) -> dict[str, Any]:
        name = part["id"]
        if name.startswith("{"):
            wild = {k: ("area" if isinstance(v, list) else v) for k, v in json.loads(name).items()}
            return {"id": wild, "property": part["property"], "value": value(part["property"], "")}
        return {**part, "value": value(part["property"], name)}

    inputs, state = [filled(p) for p in callback["inputs"]], [filled(p) for p in callback.get("state", [])]
    output = callback["output"]
    outputs = [
        {"id": json.loads(i) if i.startswith("{") else i, "property": p}
        for i, p in (o.rsplit(".", 1) for o in output.strip(".").split("..."))
    ]  # fmt: skip
    outputs = [
        o
        if isinstance(o["id"], str)
        else {**o, "id": {k: ("area" if isinstance(v, list) else v) for k, v in o["id"].items()}}
        for o in outputs
    ]
    return {
        "output": output, "outputs": outputs if output.startswith("..") else outputs[0], "inputs": inputs, "state": state,
        "changedPropIds": [f"{i['id']}.{i['property']}" if isinstance(i["id"], str) else f"{json.dumps(i['id'], sort_keys=True, separators=(',', ':'))}.{i['property']}" for i in inputs[:1]],
    }  # fmt: skip


def opened(town: Town, reader: str) -> httpx.Client:
    headers = dict(town.headers.get(reader, {})) | {"Origin": town.app.url}
    return httpx.Client(base_url=town.app.url, headers=headers, timeout=60)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("reader", [*ROLES, "nobody"])
def test_a_walk_over_everything_finds_nothing_of_a_foreign_area(town, reader):
    found = []
    with opened(town, reader) as client:
        for asked, answer in walk(client, town):
            told = answer.replace(CANARY, "", 10) if f"q={CANARY}" in asked else answer
            if reader == "auditor":
                told = re.sub(LOGINS, "", told)
            if re.search(f"{CANARY}-|kanarienplatz", told):
                found.append(asked)
    assert found == []


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_who_may_see_that_area_finds_the_canaries_so_the_walk_looks_where_they_are(town):
    seen = set()
    with opened(town, "whole") as client:
        for _asked, answer in walk(client, town):
            seen |= set(re.findall(rf"{CANARY}-(\w+)", answer))
    assert {"title", "id", "text", "note", "camera"} <= seen
    assert "stream" not in seen, "where a camera is to be had is told to nobody"


def test_every_row_of_the_foreign_area_holds_a_canary(town):
    with contextlib.closing(sqlite3.connect(town.app.folder / "var" / "gridhall.db")) as store:
        names = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        holding = {
            name
            for name in names
            if any(CANARY in str(row) or "kanarienplatz" in str(row) for row in store.execute(f"SELECT * FROM {name}"))
        }
    assert {
        "cases",
        "case_steps",
        "casework",
        "reporters",
        "places",
        "photos",
        "quarantine",
        "rating_comments",
        "cameras",
    } <= holding

"""GeoReport v2: published cases for everyone, reports by key, in JSON and XML, on both stores."""

import logging
from types import SimpleNamespace
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from actions.keys import add_key, revoke_key
from actions.people import People
from actions.work import Work
from api import open311
from api.callers import Callers
from api.gate import Gate
from config import Site as SiteSettings
from config_cases import Cases
from config_security import Security
from config_trust import Trust
from domain.actor import SYSTEM
from domain.catalogue import Catalogue, Category, Condition, Limit
from store.counts.reader import Counts
from tests import accounts
from tests.factories import IN_A1, IN_B1, NOW, Town
from views.reader import Reader

USUAL = Condition("", Limit(5, "work_days"))
CATALOGUE = Catalogue(
    (
        Category("Litter", code="0101", group="Dirt", published=True, department="Works"),
        Category("Noise / night", group="Noise", published=True),
        Category("Dispute", scheme="public_security"),
    ),
    USUAL,
)
SECRETS = ("TITLE-CANARY", "TEXT-CANARY", "CHANNEL-CANARY", "ORDER-CANARY", "EXTERNAL-CANARY")


def reader_of(town, folder):
    areas = town.site.areas
    return Reader(town.engine, Counts(town.engine, areas, folder / "counts"), areas, town.site.zone, lambda: town.now)


class Machine:
    """A town behind the interface, and how it is asked."""

    def __init__(self, url, folder):
        self.town = Town(url)
        people = People(self.town.engine, b"s" * 32, Security(), frozenset(self.town.site.areas.code))
        reader = reader_of(self.town, folder)
        self.house = SimpleNamespace(
            engine=self.town.engine, people=people, catalogue=CATALOGUE, reader=reader, site=self.town.site,
            clock=lambda: self.town.now, work=Work(self.town.site, CATALOGUE, Cases(), folder / "uploads", b"s" * 32),
            settings=SimpleNamespace(site=SiteSettings(name="Town", public_url="https://town.example"), trust=Trust()),
        )  # fmt: skip
        app = FastAPI(openapi_url=None)
        app.state.house = self.house
        app.include_router(open311.router)
        self.app = Gate(app, Callers(people, self.house.clock), self.house.settings.site)
        self.client = TestClient(self.app, base_url="http://127.0.0.1")
        account = accounts.add(self.town.engine, "hotline", "intake")
        self.key = add_key(people, SYSTEM, account.id, "hotline", now=NOW)
        self.account = account

    def close(self):
        self.client.close()
        probe = self.house.reader.counts._probe
        if getattr(probe, "_connection", None) is not None:
            probe._connection.close()
        self.town.close()

    def key_of(self, role, areas=("",)):
        account = accounts.add(self.town.engine, f"a-{role}-{len(areas)}", role, areas)
        return add_key(self.house.people, SYSTEM, account.id, "x", now=NOW)

    def get(self, path, **query):
        return self.client.get(f"/open311/v2/{path}", params=query)

    def post(self, form="json", **fields):
        usual = {
            "api_key": self.key, "service_code": "0101", "description": "Rubbish", "lat": IN_A1[1], "long": IN_A1[0],
        }  # fmt: skip
        sent = {name: value for name, value in (usual | fields).items() if value is not None}
        headers = {"content-type": open311.FORM}
        return self.client.post(f"/open311/v2/requests.{form}", content=urlencode(sent), headers=headers)


@pytest.fixture
def machine(tables_url, tmp_path):
    made = Machine(tables_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def told(machine):
    """The same with four cases, of which two are published and not void."""
    secret = {
        "title": SECRETS[0], "text": SECRETS[1], "channel": SECRETS[2], "order_no": SECRETS[3], "department": "Works",
    }  # fmt: skip
    machine.town.take(
        {"external_id": SECRETS[4], **secret}, {"external_id": "2", "category": "Dispute", **secret},
        {"external_id": "3", "status": "void", **secret},
        {"external_id": "4", "category": "Noise / night", "status": "closed", "closed_at": NOW - 10, "longitude": IN_B1[0],
         "reported_at": NOW - 2 * 86_400},
    )  # fmt: skip
    return machine


def xml(answer):
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ET.fromstring(answer.content)


def codes(rows):
    return [row["service_request_id"] for row in rows]


def test_services_are_those_published_and_with_a_key_all(machine):
    answer = machine.get("services.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert [s["service_code"] for s in answer.json()] == ["0101", "Noise / night"]
    assert [s["service_code"] for s in machine.get("services.json", api_key=machine.key).json()][-1] == "Dispute"
    assert [e.text for e in xml(machine.get("services.xml")).iter("service_name")] == ["Litter", "Noise / night"]


def test_a_service_is_defined_in_both_forms(machine):
    found = machine.get("services/0101.json").json()
    assert [a["code"] for a in found["attributes"]] == ["order_no", "area_code"]
    assert [e.text for e in xml(machine.get("services/Noise%20%2F%20night.xml")).findall("attributes/attribute/code")] == [
        "order_no", "area_code",
    ]  # fmt: skip
    assert machine.get("services/Dispute.json").status_code == 404


def test_requests_are_published_cases_newest_first_and_nothing_secret(told):
    rows = told.get("requests.json").json()
    assert [(r["service_code"], r["status"], r["agency_responsible"]) for r in rows] == [
        ("0101", "open", "Works"), ("Noise / night", "closed", None),
    ]  # fmt: skip
    assert all(r["description"] is None and r["media_url"] is None for r in rows)
    everything = "".join(
        told.get(path).text
        for path in (
            "requests.json",
            "requests.xml",
            f"requests/{codes(rows)[0]}.json",
            f"requests/{codes(rows)[0]}.xml",
        )
    )
    assert [secret for secret in SECRETS if secret in everything] == []


def test_the_place_is_the_grid_and_not_the_point(told):
    (first, second) = told.get("requests.json").json()
    assert (first["long"], first["lat"]) == (114.005, 30.005)  # the middle of A1
    assert first["address"] == "Area A1"
    assert second["address"] == "Area B1"
    told.town.take({"external_id": "5", "longitude": 114.0012, "latitude": 30.0087})
    assert {r["long"] for r in told.get("requests.json", service_code="0101").json()} == {114.005}


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"status": "open"}, 1), ({"status": "closed"}, 1), ({"status": "open,closed"}, 2), ({"service_code": "0101"}, 1),
        ({"service_code": "0101,Noise / night"}, 2), ({"service_code": "none"}, 0), ({"service_code": "Dispute"}, 0),
        ({"start_date": "2026-11-23T00:00:00Z"}, 1), ({"end_date": "2026-11-23T00:00:00Z"}, 1),
        ({"start_date": "2026-11-22T12:00:00+08:00", "end_date": "2026-11-22T12:00:00+08:00"}, 1),
        ({"start_date": "2020-01-01T00:00:00Z"}, 0), ({"page_size": 1}, 1), ({"page_size": 1, "page": 2}, 1), ({"page": 3}, 0),
        ({"service_request_id": "1,4,999,x"}, 2), ({"service_request_id": "2,3"}, 0),
    ],
)  # fmt: skip
def test_questions_narrow_what_is_answered(told, query, n):
    assert len(told.get("requests.json", **query).json()) == n
    assert len(xml(told.get("requests.xml", **query)).findall("request")) == n


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, {"start_date": "yesterday"},
        {"end_date": "2026-13-01"}, {"status": "lost"}, {"page": "0"}, {"page": "x"}, {"page_size": "1001"}, {"page": "٣"},
        {"page": "9" * 400},
    ],
)  # fmt: skip
def test_a_question_that_does_not_fit_is_refused_as_the_specification_says(machine, query):
    answer = machine.get("requests.json", **query)
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)
    assert answer.json()[0]["description"]
    shown = xml(machine.get("requests.xml", **query))
    assert (shown.tag, shown.findtext("error/code")) == ("errors", "400")


@pytest.mark.parametrize(
    "path",
    ["requests/2", "requests/3", "requests/999", "requests/x", "requests/" + "9" * 30, "tokens/2", "services/none"],
)
def test_what_is_not_there_or_not_published_is_answered_alike(told, path):
    assert told.get(f"{path}.json").status_code == told.get(f"{path}.xml").status_code == 404
    assert told.get(f"{path}.json").json()[0]["code"] == 404


def test_other_addresses_and_forms_are_404_in_json(machine):
    for path in ("", "nothing", "services.yaml", "requests/1.html", "services", "a%0Ab", "services/a%0Ab.json"):
        answer = machine.get(path)
        assert (answer.status_code, answer.json()[0]["code"]) == (404, 404), path


def test_discovery_names_the_public_address_and_never_the_host(machine):
    answer = machine.client.get("/open311/v2/discovery.json", headers={"Host": "evil.example"})
    assert answer.json()["endpoints"][0]["url"] == "https://town.example/open311/v2"
    assert "evil" not in answer.text
    assert xml(machine.get("discovery.xml")).findtext("endpoints/endpoint/url") == "https://town.example/open311/v2"


def test_a_jurisdiction_that_is_not_ours_is_refused(machine):
    machine.house.settings.trust = Trust(jurisdiction="town.example")
    assert machine.get("services.json", jurisdiction_id="town.example").status_code == 200
    assert machine.get("services.json").status_code == 200
    assert machine.get("services.json", jurisdiction_id="other").status_code == 404
    assert machine.post(jurisdiction_id="other").status_code == 404


def test_a_report_becomes_a_case_with_its_reporter_apart(machine):
    answer = machine.post(
        first_name="三", last_name="张", phone="13812345678", address_string="at the gate",
        **{"attribute[order_no]": "WO-1"}, media_url="http://169.254.169.254/latest",
    )  # fmt: skip
    assert answer.status_code == 201
    (row,) = answer.json()
    number = int(row["service_request_id"])
    case = machine.town.rows("SELECT status, text, channel, order_no, longitude FROM cases WHERE id = :id", id=number)
    assert case == [("reported", "Rubbish\nat the gate", "Open311", "WO-1", IN_A1[0])]
    assert machine.town.rows("SELECT name, phone FROM reporters WHERE case_id = :id", id=number) == [
        ("张三", "13812345678")
    ]
    assert machine.town.rows("SELECT actor, via, action, subject FROM audit ORDER BY id DESC LIMIT 1") == [
        ("hotline", "key", "case.report", f"case:{number}")
    ]
    assert machine.get(f"requests/{number}.json").json()[0]["status"] == "open"
    assert machine.get(f"tokens/{number}.json").json() == [{"service_request_id": str(number), "token": str(number)}]


def test_a_report_in_xml_answers_in_xml(machine):
    answer = machine.post("xml")
    assert answer.status_code == 201
    assert xml(answer).findtext("request/service_request_id")


def test_the_same_order_sent_again_is_one_case(machine):
    sent = {"attribute[order_no]": "WO-2", "phone": "13812345678"}
    first, second = machine.post(**sent).json(), machine.post(**sent).json()
    assert first == second
    assert machine.town.rows("SELECT count(*) FROM cases WHERE order_no = 'WO-2'") == [(1,)]
    assert machine.town.rows("SELECT count(*) FROM reporters") == [(1,)]


def test_a_report_without_a_point_takes_the_code_of_an_area(machine):
    answer = machine.post(lat=None, long=None, **{"attribute[area_code]": "B2"})
    assert answer.status_code == 201
    assert machine.get(f"requests/{answer.json()[0]['service_request_id']}.json").json()[0]["address"] == "Area B2"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"api_key": None}, 403), ({"api_key": "gh_wrong"}, 403), ({"service_code": None}, 400), ({"service_code": "none"}, 404),
        ({"description": None}, 400), ({"lat": None}, 400), ({"lat": None, "long": None}, 400), ({"lat": "north"}, 400),
        ({"lat": "91"}, 400), ({"lat": "nan"}, 400), ({"lat": 10, "long": 10}, 400), ({"description": "a\x00b"}, 400),
        ({"description": "x" * 2_001}, 400), ({"phone": "call me"}, 400), ({"first_name": "a\x00b"}, 400),
    ],
)  # fmt: skip
def test_a_report_that_does_not_fit_changes_nothing(machine, fields, status):
    answer = machine.post(**fields)
    assert (answer.status_code, answer.json()[0]["code"]) == (status, status)
    assert machine.town.rows("SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM reporters)") == [(0, 0)]


def test_a_key_reports_what_its_account_may_and_no_more(machine):
    assert machine.post(api_key=machine.key_of("officer", ("B",))).status_code == 403
    assert machine.post(api_key=machine.key_of("officer", ("A",) * 1 + ("A1",))).status_code == 201
    assert machine.post(api_key=machine.key_of("viewer")).status_code == 403
    (number,) = machine.town.rows("SELECT id FROM api_keys ORDER BY id LIMIT 1")[0]
    revoke_key(machine.house.people, SYSTEM, machine.account.id, number, now=NOW)
    assert machine.post().status_code == 403


def test_a_body_that_is_no_form_is_refused(machine):
    path = "/open311/v2/requests.json"
    for body, kind in ((b"{}", "application/json"), (b"a=%ff", open311.FORM), (b"\xff", open311.FORM), (b"", "")):
        assert machine.client.post(path, content=body, headers={"content-type": kind}).status_code == 400
    assert (
        machine.client.post(path, content=b"x" * 2_000_000, headers={"content-type": open311.FORM}).status_code == 413
    )


def test_texts_that_xml_forbids_are_left_out(machine):
    machine.house.catalogue = Catalogue((Category("Litter", department="a\x0bb<&>\ufffe", published=True),), USUAL)
    machine.town.take({"department": "a\x0bb<&>\ufffe"})
    assert xml(machine.get("requests.xml")).findtext("request/agency_responsible") == "ab<&>"


def test_a_department_that_a_feed_wrote_is_not_published(machine):
    machine.town.take({"department": "Aunt Li of number 5"})
    assert machine.get("requests.json").json()[0]["agency_responsible"] is None


def test_the_page_and_the_document_describe_the_interface(machine):
    page = machine.get("docs")
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "Noise / night" in page.text
    document = machine.get("openapi.json").json()
    assert document["servers"] == [{"url": "https://town.example/open311/v2"}]
    assert {"/requests.json", "/requests.xml", "/services/{service_code}.json"} <= document["paths"].keys()


def test_no_key_stands_in_a_log(machine, caplog):
    with caplog.at_level(logging.DEBUG):
        machine.post()
    assert machine.key not in caplog.text.replace("HTTP Request", "")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_whoever_shows_no_key_is_let_through_so_many_times_a_minute(machine, form):
    machine.house.settings.trust = Trust(open311_per_minute=2)
    assert [machine.get(f"requests.{form}").status_code for _turn in range(3)] == [200, 200, 429]
    assert machine.get(f"requests.{form}", api_key=machine.key).status_code == 200
    assert machine.get(f"requests.{form}", api_key="nobody's").status_code == 403
    machine.town.now += 60
    assert machine.get(f"requests.{form}").status_code == 200

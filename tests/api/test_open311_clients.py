"""Clients of others against the running interface: georeport reads, a recorded request posts, schemathesis tries everything."""

import http.client
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import uvicorn
from georeport import GeoReport

from api.prompt import Prompt
from tests.api.test_open311 import Machine

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
RECORDED = Path(__file__).parent / "recorded"


@pytest.fixture
def running(tables_url, tmp_path):
    """(machine, port): a town with two published cases, served over HTTP."""
    machine = Machine(tables_url, tmp_path)
    machine.town.take({"department": "Works"}, {"external_id": "2", "category": "Noise / night"})
    server = uvicorn.Server(uvicorn.Config(machine.app, port=0, log_level="error", lifespan="off", http=Prompt))
    sock = server.config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield machine, sock.getsockname()[1]
    server.should_exit = True
    thread.join()
    sock.close()
    machine.close()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_and_requests(running, form):
    _machine, port = running
    client = GeoReport(f"http://127.0.0.1:{port}/open311/v2", output_format=form)
    assert [s["service_code"] for s in client.get_service_list()] == ["0101", "Noise / night"]
    assert client.get_service_definition("0101")["service_code"] == "0101"
    found = client.get_service_requests()
    assert [r["service_request_id"] for r in found] == ["2", "1"]
    one = client.get_service_request("1")
    assert (one["status"], one["agency_responsible"], float(one["lat"])) == ("open", "Works", 30.005)
    assert client.get_service_requests(status="open", service_code="0101,Noise / night") == found


def test_a_request_as_fixmystreet_writes_it_becomes_a_case(running):
    machine, port = running
    head, _blank, body = (RECORDED / "fixmystreet_post.http").read_text().rstrip("\n").partition("\n\n")
    first, *lines = head.splitlines()
    method, path, _version = first.split(" ")
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body.replace("{key}", machine.key), dict(line.split(": ", 1) for line in lines))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert (answer.status, answer.getheader("content-type")) == (201, "text/xml; charset=utf-8")
    number = int(ET.fromstring(content).findtext("request/service_request_id"))
    assert machine.town.rows("SELECT order_no FROM cases WHERE id = :id", id=number) == [("FMS-4711",)]
    assert machine.town.rows("SELECT name, phone FROM reporters") == [("Ada Byron", "07700900123")]


@pytest.mark.parametrize("tables_url", ["sqlite"], indirect=True)
def test_schemathesis_finds_no_answer_that_the_document_does_not_know(running):
    machine, port = running
    base = f"http://127.0.0.1:{port}/open311/v2"
    command = [
        str(Path(sys.executable).with_name("st")), "run", f"{base}/openapi.json", "--url", base, "--checks", CHECKS,
        "--phases", "fuzzing", "--seed", "1", "--max-examples", "200", "--header", f"Authorization: Bearer {machine.key}",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
    assert "14 passed" in done.stdout

"""No answer and no line of a log holds the secret of the installation, a password, a key or a cookie."""

import json

import pytest
import structlog
from starlette.testclient import TestClient

import logs
from api.access_log import Logged
from api.callers import COOKIE
from tests import accounts
from tests.accounts import PASSWORD, QUICK
from tests.api.test_open311 import Machine

ASKED = (
    "services.json", "requests.json", "requests.xml", "discovery.json", "openapi.json", "docs", "requests/1.json",
    "nothing", "requests.json?start_date=x",
)  # fmt: skip


@pytest.fixture
def machine(tmp_path):
    machine = Machine(f"sqlite:///{tmp_path}/store.db", tmp_path)
    machine.town.take({})
    yield machine
    machine.close()


def test_answers_and_logs_hold_no_secret(machine, capsys):
    logs.configure()
    try:
        cookie = "a-cookie-of-somebody-else"
        accounts.enter(machine.town.engine, accounts.add(machine.town.engine, "li", "intake"), cookie)
        client = TestClient(Logged(machine.app), base_url="http://127.0.0.1", cookies={COOKIE: cookie})
        answers = [client.get(f"/open311/v2/{path}") for path in ASKED]
        answers += [client.get("/open311/v2/services.json", params={"api_key": machine.key, "password": PASSWORD})]
        answers += [client.get(f"/track/{PASSWORD}"), client.get("/cases", params={"token": PASSWORD})]
        written = capsys.readouterr()
    finally:
        structlog.reset_defaults()
    told = "".join(answer.text + str(answer.headers) for answer in answers) + written.err + written.out
    secrets = [machine.key, cookie, PASSWORD, QUICK, machine.house.people.secret.decode(), accounts.TOKEN]
    assert [secret for secret in secrets if secret in told] == []
    lines = [json.loads(line) for line in written.err.splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) == len(answers)


def test_settings_show_no_secret_when_they_are_printed(machine):
    assert "s" * 32 not in repr(machine.house.work)

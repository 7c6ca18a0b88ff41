"""Accounts at the terminal, and the demo town's own."""

import io

import pytest

from demo.people import DEPARTMENTS, PASSWORD, PEOPLE
from domain.actor import ADMINISTRATORS, ROLES
from people import add_demo_accounts, demo_accounts, require_safe_host, told
from tests.commands.program import Program, clear_line
from wiring import prepare


@pytest.fixture
def user(town, run):
    """Run a user command in a town whose store is there."""
    town.write(0)

    def command(*words: str):
        return run(town.program, "user", *words)

    return command


def test_an_account_is_added_and_its_password_is_told_once(user, town):
    (line,) = user("add", "Ann", "--role", "officer", "--name", "Ann A.", "--area", "S1", "--area", "S2").lines
    assert line["login"] == "ann" and len(line["password"]) == 19
    (listed,) = user("list").lines
    assert listed == {
        "login": "ann", "name": "Ann A.", "role": "officer", "department": "", "areas": ["S1", "S2"], "disabled": False,
        "locked": False, "two_factor": False,
    }  # fmt: skip
    assert line["password"] not in str(town.rows("SELECT * FROM accounts")) + str(town.rows("SELECT * FROM audit"))


def test_a_password_from_stdin_is_taken_and_not_repeated(user, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("correct-horse-1\n"))
    ran = user("add", "ann", "--role", "viewer", "--password-stdin")
    assert ran.lines == [{"account": 1, "login": "ann"}]
    monkeypatch.setattr("sys.stdin", io.StringIO("weak\n"))
    assert "at least 10 characters" in clear_line(user("add", "ben", "--role", "viewer", "--password-stdin"))


def test_every_change_is_on_record_as_the_terminals(user, town):
    user("add", "ann", "--role", "officer")
    user("role", "ann", "handler", "--department", "Cleaners")
    user("areas", "ann", "--whole-site")
    key = user("key", "ann", "--label", "map").lines[0]["key"]
    for word in ("disable", "enable", "unlock", "password"):
        assert user(word, "ann").code == 0
    kept = town.rows("SELECT actor, via, action FROM audit ORDER BY id")
    assert {(row["actor"], row["via"]) for row in kept} == {("terminal", "command")}
    assert [row["action"] for row in kept] == [
        "account.add", "account.role", "account.areas", "key.add", "account.disable", "account.enable", "account.unlock",
        "account.password",
    ]  # fmt: skip
    (listed,) = user("list").lines
    assert (listed["role"], listed["department"], listed["areas"]) == ("handler", "Cleaners", [""])
    assert key not in str(town.rows("SELECT * FROM api_keys"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("role", "anm", "viewer"), "did you mean 'ann'"), (("add", "ben", "--role", "veiwer"), "did you mean 'viewer'"),
        (("role", "ann", "king"), "no role king"), (("areas", "ann", "--area", "S9"), "no area S9"),
        (("add", "ann", "--role", "viewer"), "is an account with the login ann"),
        (("add", "guard", "--role", "auditor", "--whole-site"), "bound to no area"), (("key", "ann", "--label", " "), "what the key is for"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_clear_line_and_changes_nothing(user, town, words, told):
    user("add", "ann", "--role", "officer")
    before = town.rows("SELECT count(*) AS n FROM audit")
    assert told in clear_line(user(*words))
    assert town.rows("SELECT count(*) AS n FROM audit") == before


def test_the_town_has_an_account_for_every_role_and_department():
    assert {one.role for one in PEOPLE} == set(ROLES)
    assert {one.department for one in PEOPLE if one.role == "handler"} == set(DEPARTMENTS)
    assert not [one for one in PEOPLE if one.role in ADMINISTRATORS and one.areas]
    assert len({one.login for one in PEOPLE}) == len(PEOPLE)


def test_known_passwords_stay_on_this_machine_unless_someone_says_so(town):
    town.write(0)
    house = town.program.house()
    prepare(house)
    require_safe_host(house, "0.0.0.0")
    house.people.__dict__["areas"] = house.people.areas | {"429099001001"}
    add_demo_accounts(house)
    assert len(demo_accounts(house)) == len(PEOPLE) and PASSWORD in told(house)
    add_demo_accounts(house)
    assert len(demo_accounts(house)) == len(PEOPLE)
    for host in ("127.0.0.1", "::1", "localhost"):
        require_safe_host(house, host)
    for host in ("0.0.0.0", "::", "192.168.1.4", "hall.example"):
        with pytest.raises(Exception, match="GRIDHALL_ALLOW_DEMO_ACCOUNTS=1"):
            require_safe_host(house, host)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET disabled = 1")
    require_safe_host(house, "0.0.0.0")
    assert told(house) == ""
    house.engine.dispose()


def test_the_demo_town_is_refused_beyond_this_machine_before_it_is_filled(tmp_path, run, monkeypatch):
    monkeypatch.setattr("serving.require_port", lambda _host, _port: None)
    program = Program(tmp_path / "var")
    assert "demo accounts" in clear_line(run(program, "serve", "--host", "0.0.0.0"))
    house = program.house()
    assert house.is_empty()
    house.engine.dispose()

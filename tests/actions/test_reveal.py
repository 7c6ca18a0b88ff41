"""Name and number are shown for a reason, to those who need them in their area; every try is on record."""

import json

import pytest
import sqlalchemy as sa

from actions.intake import Contact, take_in
from actions.report import Report
from actions.reveal import MAY, reveal
from actions.work import Work
from config_cases import Cases
from domain.actor import ROLES
from domain.refusal import Refused
from domain.scope import Scope
from domain.secrets import mac
from store.engine import write
from store.schema_public import reporters
from tests.api.test_open311 import reader_of
from tests.desk import CATALOGUE, SECRET, person
from tests.factories import IN_A1, NOW, Town
from views.contacts import contacts

REASON = "call back about the place"


@pytest.fixture
def town(tables_url, tmp_path):
    town = Town(tables_url)
    town.work = Work(town.site, CATALOGUE, Cases(), tmp_path, SECRET)
    what = Report("Litter", "rubbish", "Telephone", *IN_A1)
    town.case = take_in(town.work, person("intake"), what, Contact("张小三", "13812345678"), now=NOW).case_id
    yield town
    town.close()


def look(town, role="intake", areas=("",), reason=REASON, case=None):
    return reveal(
        town.work, person(role, areas=areas), Scope(frozenset(areas), role), case or town.case, reason, now=NOW
    )


def record(town):
    return town.rows("SELECT actor, result, subject, detail FROM audit WHERE action = 'contact.reveal' ORDER BY id")


def test_a_look_shows_all_of_it_and_is_on_record_without_a_word_of_it(town):
    (found,) = look(town)
    assert (found.name, found.phone) == ("张小三", "13812345678")
    ((actor, result, subject, detail),) = record(town)
    assert (actor, result, subject) == ("intake", "done", f"case:{town.case}")
    assert json.loads(detail) == {"look": 1, "reason": mac(SECRET, "reason", REASON)}
    assert town.rows("SELECT case_id, at, by_login, reason FROM contact_looks") == [(town.case, NOW, "intake", REASON)]


@pytest.mark.parametrize("role", ROLES)
def test_only_four_roles_look(town, role):
    if role in MAY:
        assert look(town, role)
    else:
        with pytest.raises(Refused) as refused:
            look(town, role)
        assert refused.value.kind == "forbidden"
    assert [row[1] for row in record(town)] == ["done" if role in MAY else "refused"]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [({"areas": ("B",)}, "absent"), ({"areas": ()}, "absent"), ({"case": 99}, "absent"), ({"reason": " a  b "}, "missing"),
     ({"reason": ""}, "missing")],
)  # fmt: skip
def test_a_refused_look_is_on_record_too_and_shows_nothing(town, asked, kind):
    with pytest.raises(Refused) as refused:
        look(town, **asked)
    assert refused.value.kind == kind
    assert [(row[1], json.loads(row[3])) for row in record(town)] == [("refused", {"why": kind})]
    assert town.rows("SELECT id FROM contact_looks") == []


def test_the_middle_is_hidden_until_then_and_elsewhere_there_is_nothing(town, tmp_path):
    reader = reader_of(town, tmp_path)
    (masked,) = contacts(reader, Scope.site("intake"), town.case)
    assert (masked.name, masked.phone, masked.erased) == ("张*三", "138****5678", False)
    assert contacts(reader, Scope(frozenset({"B"}), "intake"), town.case) == ()
    assert contacts(reader, Scope.nothing(), town.case) == ()
    with write(town.engine) as connection:
        connection.execute(sa.update(reporters).values(name=None, phone=None, erased_at=NOW))
    assert [(c.name, c.phone, c.erased) for c in contacts(reader, Scope.site("intake"), town.case)] == [("", "", True)]
    assert look(town)[0].phone == ""

"""XML can do nothing but be read."""

import pytest

from datasources.errors import BadDataError
from datasources.outgoing import Answer

ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "{}">]><a>&x;</a>'
FORBIDDEN = {
    "a file": ENTITY.format("file:///etc/passwd"),
    "a host": ENTITY.format("http://127.0.0.1/"),
    "laughs": '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
    "a parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]><a/>',
    "a DTD": '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
}


def answer(body: str) -> Answer:
    return Answer("http://127.0.0.1/", 200, {"content-length": "1"}, body.encode(), "127.0.0.1/")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_xml_with_a_dtd_or_an_entity_is_refused_and_asks_nobody(what):
    with pytest.raises(BadDataError, match="forbidden XML"):  # the test's sockets are closed: asking would raise
        answer(FORBIDDEN[what]).xml()


def test_plain_xml_is_read():
    assert [each.text for each in answer("<a><b>1</b><b>&lt;</b></a>").xml()] == ["1", "<"]


@pytest.mark.parametrize("body", ["", "<a>", "{}", "[1"])
def test_what_is_none_is_bad_data(body):
    with pytest.raises(BadDataError, match="check options"):
        answer(body).xml()
    if body != "{}":
        with pytest.raises(BadDataError, match="check options"):
            answer(body).json()

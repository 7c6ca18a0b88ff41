"""A look at a source shows its first rows as mapped and stores nothing; it ends in time and says what is wrong."""

import threading

import pandas as pd
import pytest

from actions.trial import keep_on_record, trial
from datasources.contract import Page
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.mapping import Mapping
from domain.actor import SYSTEM
from tests.datasources.sources import NOW, ROW, case_source, page

MAPPING = Mapping(case_source())


class Plain:
    """A connector that gives these pages, or raises."""

    def __init__(self, *pages):
        self.given = pages

    def pages(self, _cursor):
        for each in self.given:
            if isinstance(each, Exception):
                raise each
            yield each


class Queue(Plain):
    """One that reading would use up."""

    def pages(self, _cursor):
        raise AssertionError("read although it can be looked at")

    def sample(self):
        yield from self.given


def look(connector, mapping=MAPPING, limit=10.0):
    return trial(connector, mapping, clock=lambda: NOW, limit=limit)


@pytest.mark.parametrize("kind", [Plain, Queue])
def test_the_first_five_rows_and_the_first_that_do_not_fit_are_shown(kind):
    rows = [{"id": str(n), "at": "never" if n % 2 else ROW["at"]} for n in range(20)]
    found = look(kind(page(*rows)))
    assert (found.state, found.looked_at, found.fit) == ("ok", 20, 10)
    assert [row["external_id"] for row in found.records] == ["0", "2", "4", "6", "8"]
    assert [(row["row"], row["reason"]) for row in found.rejected] == [(n, "unreadable_time") for n in (2, 4, 6, 8, 10)]
    assert found.records[0]["category"] == "noise"
    assert found.records[0]["title"] is None


def test_a_page_however_large_is_looked_at_only_at_its_beginning():
    found = look(Plain(Page(pd.DataFrame([ROW] * 5_000, dtype=object), "big.csv", 1, None)))
    assert (found.looked_at, found.fit, len(found.records)) == (200, 200, 5)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (TemporaryError("no answer"), "down"),
        (AuthenticationError("no key"), "refused"),
        (BadDataError("no table"), "bad"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_source(error, state):
    found = look(Plain(error))
    assert (found.state, found.error, found.records) == (state, str(error), ())


def test_a_mapping_that_does_not_fit_is_said():
    found = look(Plain(page({})), Mapping(case_source({"title": "colour"})))
    assert found.state == "bad"
    assert "colour" in found.error


def test_a_source_that_is_only_alive_has_nothing_to_show():
    assert look(Plain(Page(pd.DataFrame(), "x", 1, None))).state == "empty"


def test_a_source_that_never_answers_ends_the_look():
    never = threading.Event()

    class Silent(Plain):
        def pages(self, _cursor):
            never.wait(20)
            yield page({})

    try:
        assert look(Silent(), limit=0.2).state == "down"
    finally:
        never.set()


def test_a_look_is_on_record_without_a_value_of_a_row(town):
    keep_on_record(town.engine, SYSTEM, "one", look(Plain(page({"id": "secret"}))), now=NOW)
    assert town.rows("SELECT action, subject, detail FROM audit") == [
        ("source.test", "source:one", '{"fit":1,"looked_at":1,"outcome":"ok"}')
    ]

"""Sentences of the mapping and the connectors are found again and said in the reader's language, with their values."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.sentences import FIRST, PLACES, WHYS, reason_word, sentence
from components.words import LANGUAGES, catalogue, set_language
from datasources.errors import BadDataError
from datasources.registry import CONNECTORS, connector_class
from datasources.video.relay.direct import MUTE
from datasources.video.relay.process import ASTRAY, COMPLAINTS, UNKNOWN
from datasources.visuals.pictures import picture
from tests.datasources.sources import mapped
from tests.datasources.test_contract import attempt, situation

CHINESE = re.compile(r"[\u4e00-\u9fff]")
VALUE = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=12)


@pytest.fixture(autouse=True)
def _chinese():
    set_language("zh_CN")


def names(message):
    return re.findall(r"\{(\w+)\}", message)


@given(st.sampled_from([m for m in FIRST if not {"place", "why", "what"} & set(names(m))]), st.data())
def test_every_sentence_is_said_in_chinese_with_its_values(message, data):
    values = {name: data.draw(st.text("abc123_-.", min_size=1, max_size=9)) for name in names(message)}
    told = sentence(message.format(**values))
    assert CHINESE.search(told)
    assert all(value in told for value in values.values())


@given(st.sampled_from(PLACES), st.sampled_from(WHYS), VALUE)
def test_a_bad_cell_is_told_with_its_place_its_value_and_why(place, why, value):
    assume("'" not in value)
    inner = dict.fromkeys((*names(place), *names(why)), "x1")
    told = sentence(f"status: {place.format(**inner)} has '{value}', {why.format(**inner)}")
    assert told.startswith("status：")
    assert f"“{value}”" in told
    assert " has " not in told.replace(value, "")


def test_a_sentence_that_is_not_known_stays_as_it_is():
    assert sentence("the moon is in the way") == "the moon is in the way"


def test_reasons_have_words_and_foreign_ones_stand_as_they_are():
    assert reason_word("closed_before_reported") == "结案早于上报"
    assert reason_word("too_salty") == "too_salty"


@pytest.mark.parametrize(
    "row",
    [{"status": "odd"}, {"status": None}, {"at": "yesterday"}, {"at": "2099-01-01T00:00:00"}],
)
def test_what_the_mapping_really_says_is_known(row):
    fields = {"status": {"column": "status", "values": {"handling": "handling"}, "default": "quarantine"}}
    rejected = mapped(fields, row).rejected
    assert len(rejected) == 1
    assert CHINESE.search(sentence(rejected["detail"][0]))


def test_both_languages_have_every_text_of_the_screens():
    for name in LANGUAGES:
        known = catalogue(name)
        for message in (*FIRST, *PLACES, *WHYS, "Before and after the launch", "In quarantine"):
            assert known[message]


def test_a_translation_uses_the_values_of_its_message():
    for message, text in catalogue("zh_CN").items():
        assert set(names(text)) <= set(names(message)), message


@pytest.mark.parametrize("which", ["malformed", "refused"])
@pytest.mark.parametrize("name", [name for name in CONNECTORS if name.startswith("visuals.")])
def test_what_a_connector_to_layers_really_says_is_known(name, which, tmp_path, monkeypatch):
    if name == "visuals.demo":
        pytest.skip("it needs nobody")
    made = situation(name, which, tmp_path, monkeypatch)
    _pages, error = attempt(connector_class(name), made)
    assert CHINESE.search(sentence(str(error))), error


@pytest.mark.parametrize("body", [b"", b"<svg/>", b"<html>", b"<?xml version='1.0'?>", b"{}"])
def test_what_was_sent_instead_of_a_picture_is_named_in_chinese(body):
    with pytest.raises(BadDataError) as caught:
        picture(body, "map.test")
    told = sentence(str(caught.value))
    assert told.startswith("map.test 返回的是")
    assert not re.search(r"\b(nothing|drawing|page|something)\b", told)


@pytest.mark.parametrize("name", ["feeds.mqtt", "feeds.redis_stream", "feeds.webhook"])
@pytest.mark.parametrize("which", ["partial", "malformed", "refused"])
def test_what_brokers_and_streams_say_is_said_in_chinese(name, which, tmp_path, monkeypatch):
    made = situation(name, which, tmp_path, monkeypatch)
    pages, error = attempt(connector_class(name), made)
    told = [each.detail for page in pages for each in page.unreadable] + ([str(error)] if error else [])
    assert told
    for text in told:
        assert CHINESE.search(sentence(text)) and not re.search(r"[（：]?\b(mend|check|it|the)\b", sentence(text)), text


@pytest.mark.parametrize("said", sorted({*(said for _word, _kind, said in COMPLAINTS), UNKNOWN[1], MUTE[1], ASTRAY}))
def test_what_is_wrong_with_a_camera_over_rtsp_is_said_in_chinese(said):
    told = sentence(f"north {said}")
    assert told.startswith("north ") and CHINESE.search(told)

"""What feeds.mqtt is told, and how topics become columns."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config import ConfigError
from datasources.feeds.mqtt.connector import MqttConnector
from datasources.feeds.mqtt.topics import Template, columns_of

GIVEN = {"url": "mqtt://broker", "client": "c", "topics": ["a/{b}"]}


def made(**options) -> MqttConnector:
    return MqttConnector({**GIVEN, **options}, folder=Path(), zone=ZoneInfo("UTC"), clock=lambda: 0)


def test_the_usual_ports_are_known():
    assert made().options.broker == ("broker", 1883)
    assert made(url="mqtts://broker").options.broker == ("broker", 8883)
    assert made(url="mqtt://broker:99").options.broker == ("broker", 99)


@pytest.mark.parametrize("url", ["broker:1883", "http://broker", "mqtt://", "mqtt://me:word@broker", "mqtt://broker:x"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ConfigError, match=r"^options\.url: write it like mqtt://host:1883"):
        made(url=url)


@pytest.mark.parametrize("topic", ["", "a/#/b", "a/b+", "a/{b}c", "a/{b", "a/x#"])
def test_a_topic_that_is_none_is_refused(topic):
    with pytest.raises(ConfigError, match=r"options\.topics.*is no topic"):
        made(topics=[topic])


@pytest.mark.parametrize(
    ("template", "topic", "columns"),
    [
        ("site/{building}/{sensor}", "site/b1/s1", {"building": "b1", "sensor": "s1"}),
        ("site/{building}/{sensor}", "site/b1/s1/more", {}),
        ("site/{building}/#", "site/b1/x/y", {"building": "b1"}),
        ("site/{building}/#", "site/b1", {"building": "b1"}),
        ("+/{b}", "/x", {"b": "x"}),
        ("{a}/{b}", "$SYS/x", {}),
        ("$SYS/{b}", "$SYS/x", {"b": "x"}),
    ],
)
def test_levels_become_columns_as_mqtt_matches_filters(template, topic, columns):
    """MQTT 5.0, 4.7.1 and 4.7.2."""
    assert columns_of(topic, (Template.of(template),)) == columns


def test_the_first_template_that_fits_names_the_columns():
    templates = (Template.of("a/{x}"), Template.of("{y}/b"))
    assert [each.filter for each in templates] == ["a/+", "+/b"]
    assert columns_of("a/b", templates) == {"x": "b"}
    assert columns_of("c/b", templates) == {"y": "c"}

"""The connector's options, its areas, and the configuration that ships with the town."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import config
from datasources.errors import BadDataError
from demo.known import LEVEL_WORDS, STATUS_WORDS
from demo.map import town_map
from tests.demo.conftest import NOW, connector, read

TOWN = Path(__file__).parents[2] / "demo" / "town.toml"


@pytest.mark.parametrize("options", [{"what": "door"}, {"sed": 7}, {"days": -1}, {"seed": "x"}])
def test_a_wrong_option_is_refused_by_name(options: dict[str, Any]):
    with pytest.raises(config.ConfigError, match=next(iter(options))):
        connector(NOW, **options)


@pytest.mark.parametrize("level", ["street", "community", "grid"])
def test_features_are_the_towns_areas(level: str):
    found = connector(NOW).features(level)
    assert found["code"].tolist() == town_map().areas[level]["code"].tolist()
    found["code"] = ""
    assert "" not in set(town_map().areas[level]["code"])


def test_an_unknown_level_is_refused():
    with pytest.raises(BadDataError, match="district"):
        connector(NOW).features("district")


def test_the_towns_configuration_loads_and_names_columns_that_exist():
    settings = config.load(TOWN, {})
    assert [area.level for area in settings.areas] == ["street", "community", "grid"]
    for source in settings.sources:
        columns = set(next(connector(NOW, **source.options).pages(None)).frame.columns)
        named = {column for spec in source.fields.values() for column in spec.named_columns()}
        assert named <= columns


def test_the_configuration_knows_every_word_the_town_uses():
    raw = tomllib.loads(TOWN.read_text(encoding="utf-8"))
    sources = {source["name"]: source for source in raw["sources"]}
    status = sources["yunpu-cases"]["fields"]["status"]["values"]
    assert status == {word: name for name, word in STATUS_WORDS.items()}
    assert sources["yunpu-ratings"]["fields"]["level"]["values"] == {word: name for name, word in LEVEL_WORDS.items()}
    assert set(read(what="case", days=60)["状态"]) <= set(status)


def test_cases_and_ratings_are_read_with_the_same_options():
    options = {source.record: dict(source.options) for source in config.load(TOWN, {}).sources}
    assert {**options["case"], "what": ""} == {**options["rating"], "what": ""}

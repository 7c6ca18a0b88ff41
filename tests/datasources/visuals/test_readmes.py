"""The example in the README of each connector to layers is a source that this program takes."""

import re
import tomllib
from pathlib import Path

import pytest

from config_sources import SourceSettings
from datasources.registry import CONNECTORS, completed, create
from tests.datasources.sources import NOW

NAMES = [name for name in CONNECTORS if name.startswith("visuals.") and name != "visuals.demo"]
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_taken(name, tmp_path):
    source = example((ROOT / "datasources" / name.replace(".", "/") / "README.md").read_text())
    assert source.connector == name
    assert source.taken_as == "overlay"
    assert create(completed(source), folder=tmp_path, clock=lambda: NOW).crs == source.crs


def test_the_page_of_the_layers_names_every_connector_and_its_example_is_taken(tmp_path):
    text = (ROOT / "docs" / "layers.md").read_text()
    assert set(re.findall(r"\[`(visuals\.\w+)`\]", text)) == set(NAMES)
    assert create(completed(example(text)), folder=tmp_path, clock=lambda: NOW).crs == "GCJ-02"


def example(text: str) -> SourceSettings:
    found = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert found, "a page shows how its source is written"
    (given,) = tomllib.loads(re.sub(r"\$\{ENV:\w+\}", "word", found[1]))["sources"]
    return SourceSettings.model_validate({**given, "timezone": "UTC"})

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
    text = (ROOT / "datasources" / name.replace(".", "/") / "README.md").read_text()
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example, "a README shows how its source is written"
    (given,) = tomllib.loads(re.sub(r"\$\{ENV:\w+\}", "word", example[1]))["sources"]
    source = SourceSettings.model_validate({**given, "timezone": "UTC"})
    assert source.connector == name
    assert source.taken_as == "overlay"
    assert create(completed(source), folder=tmp_path, clock=lambda: NOW).crs == given.get("crs", "EPSG:4326")

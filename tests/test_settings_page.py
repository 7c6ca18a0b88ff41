"""docs/configuration.md names every key with what holds when nothing is said."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from config import AreaSettings, Settings, load
from config_cases import CategorySettings
from config_sources import SourceSettings

TEXT = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
BLOCK = TEXT.split("```toml settings\n")[1].split("```")[0]
LISTS: dict[str, type[BaseModel]] = {"areas": AreaSettings, "categories": CategorySettings, "sources": SourceSettings}
TABLES = [name for name in Settings.model_fields if name not in {*LISTS, "folder", "var"}]
EXAMPLES = {"level", "file", "name", "connector", "record", "options", "fields"}
"""Keys of lists whose value is an example."""


def model(name: str) -> type[BaseModel]:
    return LISTS.get(name) or type(getattr(Settings(), name))


def section(name: str) -> str:
    return re.search(rf"^\[+{name}\]+.*?(?=^\[+(?!{name}\.)|\Z)", BLOCK, re.MULTILINE | re.DOTALL)[0]


@pytest.mark.parametrize("name", [*TABLES, *LISTS])
def test_every_key_is_there_and_no_other(name):
    keys = re.findall(rf"^(?:# )?(\w+) = |^\[{name}\.(\w+)\]", section(name).split("[cases.stages]")[0], re.MULTILINE)
    inner = {"stages"} if name == "cases" else set()
    assert {one or other for one, other in keys} | inner == set(model(name).model_fields)


def test_the_page_is_a_configuration_and_says_what_holds(tmp_path):
    (tmp_path / "site.toml").write_text(BLOCK)
    found, usual = load(tmp_path / "site.toml", {}), Settings()
    for name in TABLES:
        assert getattr(found, name) == getattr(usual, name), name
    for name, kind in LISTS.items():
        (given,) = tomllib.loads(BLOCK)[name]
        for key in given.keys() - EXAMPLES:
            assert getattr(getattr(found, name)[0], key) == kind.model_fields[key].get_default(
                call_default_factory=True
            ), key

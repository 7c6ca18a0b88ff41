"""What `make connector` makes is clean, and fails the contract suite only where it says what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from config_sources import SourceSettings
from datasources.registry import create
from scripts import layers
from scripts.connector import lay_out
from tests.datasources.laying import hold, installed, rules
from tests.datasources.test_from_nothing import FILES
from tests.test_house import ROOT, house

NAMES = {"feeds.water_meters": "WaterMeters", "video.entrance": "Entrance", "visuals.sewers": "Sewers"}
WITHOUT_ANSWERS = {
    "test_a_connector_brings_every_situation",
    "test_a_connector_has_its_three_files_and_says_what_it_takes",
    "test_a_connector_neither_sleeps_nor_retries_nor_knows_the_store",
}
"""Rules that hold from the beginning."""


@pytest.fixture(params=NAMES)
def name(request, tmp_path):
    lay_out(tmp_path, request.param)
    with installed(tmp_path, request.param, f"datasources.{request.param}.connector:{NAMES[request.param]}Connector"):
        yield request.param


def ruff(folder: Path) -> None:
    """Both halves, by our own settings."""
    ours = 'lint.isort.known-first-party = ["config_errors", "config_sources", "datasources", "tests"]'
    settings = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--quiet", "datasources", "tests"]
    for words in (["check", "--output-format", "concise", "--config", ours], ["format", "--diff"]):
        command = [str(Path(sys.executable).with_name("ruff")), *words, *settings]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_clean_and_keeps_to_its_floor(tmp_path):
    house(tmp_path, {"datasources": "", "config_errors": "", "config_sources": "", "store": "", "wiring": ""})
    for name in NAMES:
        lay_out(tmp_path, name)
    assert layers.check(tmp_path).returncode == 0
    ruff(tmp_path)


def test_the_connector_of_the_document_is_clean(tmp_path):
    for path, body in FILES.items():
        if path.endswith(".py") and "/rivers/" in path:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(body)
    ruff(tmp_path)


def test_it_takes_its_options(name, tmp_path):
    record = {"feeds": "case", "video": "camera", "visuals": "layer"}[name.partition(".")[0]]
    source = SourceSettings(name="s", connector=name, record=record, options={"url": "http://it.test"})
    assert create(source, folder=tmp_path, clock=lambda: 0)


def test_it_fails_the_contract_only_where_it_says_todo(name, request):
    kept = set()
    for parameters in rules():
        rule, which = parameters.values
        try:
            hold(rule, which, name, request)
        except NotImplementedError as error:
            assert str(error).startswith("TODO ")  # noqa: PT017 (one of many rules)
        else:
            kept.add(rule.__name__)
    assert kept == WITHOUT_ANSWERS

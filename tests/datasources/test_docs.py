"""docs/connectors.md does not lie: its examples are run, its tables compared."""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import config
from config_errors import read_model
from config_sources import FieldSpec, Pins, Rules, SourceSettings, Unfold
from datasources.feeds.file.connector import FileConnector
from datasources.mapping import Mapping
from datasources.mapping.rejects import REASONS
from domain.records import RECORDS
from tests.datasources.sources import NOW

ROOT = Path(config.__file__).parent
DOC = (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(match["info"], match["body"]) for match in FENCE.finditer(DOC)]


@dataclass(frozen=True)
class Example:
    title: str
    mapping: str
    kind: str
    rows: str
    result: str


def examples() -> list[Example]:
    found = []
    for match in re.finditer(r"^```toml\n", DOC, re.MULTILINE):
        title = re.findall(r"^#+ (.*)$", DOC[: match.start()], re.MULTILINE)[-1]
        (_, mapping), (kind, rows), (last, result) = [
            (each["info"], each["body"]) for each in FENCE.finditer(DOC, match.start())
        ][:3]
        assert last == "json result", title
        found.append(Example(f"{title} {len(found)}", mapping, kind, rows, result))
    return found


EXAMPLES = examples()


def source(mapping: str) -> SourceSettings:
    """The frame with the example's own tables over it; another record brings all of its fields."""
    frame = tomllib.loads(next(body for info, body in BLOCKS if info == "toml frame"))["sources"][0]
    own = tomllib.loads(mapping)["sources"]
    fields = {**(frame["fields"] if own.get("record", "case") == "case" else {}), **own["fields"]}
    return read_model(SourceSettings, {**frame, **own, "fields": fields}, "sources")


def shown(value):
    return (
        None
        if isinstance(value, float) and np.isnan(value)
        else value.item()
        if isinstance(value, np.generic)
        else value
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.title)
def test_an_example_gives_what_the_document_says(example, tmp_path):
    spec = source(example.mapping)
    (tmp_path / "input").write_text(example.rows, encoding="utf-8")
    options = {**spec.options, "format": example.kind}
    connector = FileConnector(options, folder=tmp_path, zone=ZoneInfo(spec.timezone), clock=lambda: NOW)
    (page,) = connector.pages(None)
    batch = Mapping(spec).apply(page, NOW)
    accepted, rejected = batch.frame.to_dict("records"), batch.rejected.to_dict("records")
    result = json.loads(example.result)
    assert sum("quarantined" in row for row in result) == len(rejected)
    assert sum(row.get("empty", 0) for row in result) == batch.empty
    assert len([row for row in result if not row.keys() & {"quarantined", "empty"}]) == len(accepted)
    for row in result:
        if "quarantined" in row:
            found = rejected.pop(0)
            assert (found["external_id"], found["reason"]) == (row["external_id"], row["quarantined"])
        elif "empty" not in row:
            found = {name: shown(value) for name, value in accepted.pop(0).items()}
            for name, value in row.items():
                if name.endswith("_at"):
                    found[name] = datetime.fromtimestamp(found[name], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                assert found[name] == (pytest.approx(value) if isinstance(value, float) else value), name


def test_every_key_of_the_language_has_an_example():
    said = "\n".join(example.mapping for example in EXAMPLES)
    keys = [name for model in (FieldSpec, Rules, Pins, Unfold) for name in model.model_fields]
    assert [key for key in keys if not re.search(rf"\b{key}\b", said)] == []
    frame = next(body for info, body in BLOCKS if info == "toml frame")
    assert [key for key in SourceSettings.model_fields if not re.search(rf"\b{key}\b", frame + said)] == []


def test_every_reason_is_in_the_table():
    code = "\n".join(path.read_text() for path in (ROOT / "datasources" / "mapping").glob("*.py"))
    table = re.findall(r"^\| `(\w+)` \|", DOC.split("## Reasons of the quarantine")[1].split("\n## ")[0], re.MULTILINE)
    assert table == list(REASONS)
    assert [reason for reason in REASONS if code.count(f'"{reason}"') < 2] == []  # in the list, and given somewhere


def test_the_table_of_records_is_the_code():
    table = DOC.split("<!-- records -->")[1].split("<!-- /records -->")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE))
    assert rows == {
        record: " ".join(name + "*" * field.required for name, field in fields.items())
        for record, fields in RECORDS.items()
    }


def test_the_reference_of_options_is_the_manifest():
    from datasources.feeds.file.options import FileOptions  # noqa: PLC0415 (the name is needed here alone)

    manifest = tomllib.loads((ROOT / "datasources" / "feeds" / "file" / "manifest.toml").read_text())
    assert set(manifest["options"]) == set(FileOptions.model_fields)

import re
import tomllib
from pathlib import Path

import pytest

from config import ConfigError
from datasources.registry import CONNECTORS, completed, connector_class, create
from tests.datasources.sources import NOW, case_source

ROOM = Path(__file__).resolve().parents[2] / "datasources"


def test_the_table_holds_the_connectors_on_disk():
    on_disk = {path.parent.relative_to(ROOM).as_posix().replace("/", ".") for path in ROOM.glob("*/*/connector.py")}
    assert set(CONNECTORS) == on_disk


def test_the_table_of_docs_connectors_names_each_with_what_its_manifest_says():
    text = (ROOM.parent / "docs" / "connectors.md").read_text(encoding="utf-8")
    expected = []
    for name in sorted(CONNECTORS):
        folder = name.replace(".", "/")
        told = tomllib.loads((ROOM / folder / "manifest.toml").read_text(encoding="utf-8"))
        link = f"[`{name}`](../datasources/{folder}/README.md)"
        expected.append(f"| {link} | {told['title']} | {', '.join(told['records'])} |")
    assert re.findall(r"^\| \[.*$", text, re.MULTILINE) == expected


def test_every_entry_lies_in_the_folder_of_its_name():
    assert all(entry.startswith(f"datasources.{name}.connector:") for name, entry in CONNECTORS.items())


def test_an_unknown_connector_names_the_nearest():
    with pytest.raises(ConfigError, match=r"there is no 'feeds.fil'; did you mean 'feeds.file'\?"):
        connector_class("feeds.fil")


def test_a_wrong_option_names_its_full_path(tmp_path):
    with pytest.raises(ConfigError, match=r"^sources\.s\.options\.pth: unknown key; did you mean 'path'\?$"):
        create(case_source(options={"pth": "x.csv"}), folder=tmp_path, clock=lambda: NOW)


def test_a_connector_is_made_with_its_options(tmp_path):
    made = create(case_source(options={"path": "x.csv"}), folder=tmp_path, clock=lambda: NOW)
    assert made.options.path == "x.csv"


def test_a_field_that_nobody_names_is_said_with_its_path():
    lacking = case_source()
    fields = {name: spec for name, spec in lacking.fields.items() if name != "category"}
    with pytest.raises(ConfigError, match=r"^sources\.s\.fields\.category: is missing; a case needs it$"):
        completed(lacking.model_copy(update={"fields": fields}))


def test_one_may_name_some_fields_and_leave_the_others_to_the_connector():
    options = {"url": "http://mtx.test:9997"}
    made = completed(
        case_source({"area_code": "conf_name"}, connector="video.mediamtx", record="camera", options=options)
    )
    assert {"external_id", "name", "stream", "status", "area_code"} == set(made.fields)


def test_who_says_where_something_is_wants_no_usual_place():
    options = {"url": "http://wvp.test", "api_key": "k"}
    point = {"point": {"column": "address", "format": "(lat, lon)"}}
    made = completed(case_source(point, connector="video.wvp", record="camera", options=options))
    assert {"longitude", "latitude", "point"} & set(made.fields) == {"point"}

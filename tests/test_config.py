"""Settings: what may be said, and what is said when it is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import config
from config import ConfigError, load
from config_sources import seconds_of

ROOT = Path(config.__file__).parent
SOURCE = """
[[sources]]
name = "boston-311"
connector = "feeds.file"
record = "case"
options = { path = "a.csv" }
[sources.fields]
external_id = "ID"
reported_at = { column = "OPEN", format = "iso" }
status = { column = "S", values = { Open = "handling" }, default = "quarantine" }
category = "TYPE"
"""


def settings(folder: Path, text: str, environ=None):
    (folder / "town.toml").write_text(text, encoding="utf-8")
    return load(folder / "town.toml", environ or {})


def complaint(folder: Path, text: str, environ=None) -> str:
    with pytest.raises(ConfigError) as error:
        settings(folder, text, environ)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_empty_file_is_a_site_with_every_default(tmp_path):
    found = settings(tmp_path, "")
    assert (found.site.timezone, found.site.language, found.sources, found.areas) == ("Asia/Shanghai", "zh_CN", (), ())
    assert found.folder == tmp_path
    assert found.store_url == f"sqlite:///{Path.cwd() / 'var' / 'gridhall.db'}"


def test_settings_cannot_be_changed(tmp_path):
    with pytest.raises(ValidationError):
        settings(tmp_path, "").site.name = "other"


def test_a_source_is_read_with_its_short_forms(tmp_path):
    source = settings(tmp_path, SOURCE).sources[0]
    assert source.fields["external_id"].column == "ID"
    assert source.fields["status"].values == {"Open": "handling"}
    assert (source.every_seconds, source.ambiguous, source.rules.null_island) == (60, "first", "no place")


def test_sources_take_the_zone_of_the_site_unless_they_name_one(tmp_path):
    text = '[site]\ntimezone = "America/New_York"\n' + SOURCE
    assert settings(tmp_path, text).sources[0].timezone == "America/New_York"
    own = text.replace('record = "case"', 'record = "case"\ntimezone = "UTC"')
    assert settings(tmp_path, own).sources[0].timezone == "UTC"


def test_the_environment_may_stand_anywhere_in_a_string(tmp_path):
    text = SOURCE.replace('"a.csv"', '"${ENV:DATA}/x/${ENV:NAME}.csv"')
    assert settings(tmp_path, text, {"DATA": "/d", "NAME": "n"}).sources[0].options == {"path": "/d/x/n.csv"}


def test_a_variable_that_is_not_set_is_named_with_its_place(tmp_path):
    text = SOURCE.replace('"a.csv"', '"${ENV:DATA}/a.csv"')
    assert complaint(tmp_path, text) == (
        "town.toml: sources.boston-311.options.path: the environment variable DATA is not set; set it and start again"
    )


def test_store_and_bus_may_come_from_the_environment(tmp_path):
    environ = {
        "GRIDHALL_STORE_URL": "postgresql+psycopg://h/db",
        "GRIDHALL_BUS_URL": "redis://h",
        "GRIDHALL_VAR": str(tmp_path / "v"),
    }
    found = settings(tmp_path, '[store]\nurl = "sqlite:///a.db"', environ)
    assert (found.store_url, found.bus.url, found.var) == ("postgresql+psycopg://h/db", "redis://h", tmp_path / "v")


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path):
    text = '[store]\nurl = "sqlite:///data/a.db"\n[[areas]]\nlevel = "grid"\nfile = "g.geojson"\ncode = "c"\nname = "n"'
    found = settings(tmp_path, text)
    assert found.store_url == f"sqlite:///{tmp_path}/data/a.db"
    assert found.areas[0].file == tmp_path / "g.geojson"


def test_areas_may_come_from_a_connector(tmp_path):
    area = settings(
        tmp_path, '[[areas]]\nlevel = "grid"\nconnector = "feeds.demo"\nparent = "p"\nsubdivide = { metres = 500 }'
    ).areas[0]
    assert (area.connector, area.code, area.parent, area.crs, area.subdivide.metres) == (
        "feeds.demo",
        "code",
        "p",
        "EPSG:4326",
        500,
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("category", "catgory"), "sources.boston-311.fields.catgory: a case has no such field; did you mean 'category'?"),
        (("values", "valeus"), "sources.boston-311.fields.status.valeus: unknown key; did you mean 'values'?"),
        (("handling", "handlng"), "sources.boston-311.fields.status.values.Open: 'handlng' is not allowed; did you mean 'handling'?"),
        (('record = "case"', 'recrd = "case"'), "sources.boston-311.recrd: unknown key; did you mean 'record'?"),
        (('record = "case"\n', ""), "sources.boston-311.record: is missing"),
        (('"case"', '"cases"'), "sources.boston-311.record: 'cases' is not allowed; write 'case', 'rating', 'sensor', 'reading', 'camera' or 'layer'"),
        (('"iso"', '"iso", columns = ["a"]'), "sources.boston-311.fields.reported_at: name exactly one of column, columns, value, geometry, unfold (given: column and columns)"),
        (('"TYPE"', '{ unfold = "name" }'), "sources.boston-311.fields.category: needs [sources.unfold] with the columns to unfold"),
        (('"TYPE"', '{ column = "T", default = "x" }'), "sources.boston-311.fields.category.default: goes only with a table of values"),
        (('"TYPE"', '{ column = "T", scale = 2 }'), "sources.boston-311.fields.category.scale: goes only with a number"),
        (('"TYPE"', '{ column = "T", format = "iso" }'), "sources.boston-311.fields.category.format: goes only with a time or a point"),
        (('"TYPE"', "{ geometry = true }"), "sources.boston-311.fields.category.geometry: a geometry fits only a point or a layer's geometry"),
        (('"TYPE"', '"TYPE"\nlongitude = "x"'), "sources.boston-311.fields: longitude and latitude go together"),
        (('"TYPE"', '"TYPE"\npoint = "p"'), 'sources.boston-311.fields.point: needs a format such as "(lat, lon)", or geometry = true'),
        (('"TYPE"', "7"), "sources.boston-311.fields.category: 7 is not right; write a column's name or a table such as { column = \"A\" }"),
        (("options", 'every = "5 minutes"\noptions'), "sources.boston-311.every: '5 minutes' is not a duration; write a number with s, m, h or d, like \"60s\" or \"5m\""),
        (("options", 'timezone = "Amerika/New_York"\noptions'), "sources.boston-311.timezone: 'Amerika/New_York' is not a time zone; did you mean 'America/New_York'?"),
        (('"TYPE"', '"TYPE"\n[sources.rules]\nfuture = "drop"'), "sources.boston-311.rules.future: 'drop' is not allowed; write 'quarantine' or 'keep'"),
        (('"TYPE"', '"TYPE"\n[sources.rulse]\nfuture = "keep"'), "sources.boston-311.rulse: unknown key; did you mean 'rules'?"),
        (('"TYPE"', '"TYPE"\n[stores]\nurl = ""'), "stores: unknown key; did you mean 'store'?"),
        (('"TYPE"', '"TYPE"\n[store]\nurl = "mysql://me:secret@h"'), "store.url: 'mysql:…' is not allowed; write sqlite:///… or postgresql+psycopg://…"),
        (('"TYPE"', '"TYPE"\n[[areas]]\nlevel = "grid"'), "areas.grid: name either a file or a connector"),
        (('"TYPE"', '"TYPE"\n[[areas]]\nlevel = "grid"\nfile = "a"\ncode = "c"'), "areas.grid.name: is missing; name the property of the file that holds it"),
        (('"TYPE"', '"TYPE"\n[[areas]]\nlevel = "grid"\nconnector = "x"\nsubdivide = { meters = 5 }'), "areas.grid.subdivide.meters: unknown key; did you mean 'metres'?"),
        (('"TYPE"', '"TYPE"\n' + SOURCE), "sources: two sources have the name 'boston-311'; rename one"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_the_full_path_of_the_key(tmp_path, change, message):
    assert change[0] in SOURCE
    assert complaint(tmp_path, SOURCE.replace(*change, 1)) == f"town.toml: {message}"


def test_a_syntax_error_names_file_line_and_column(tmp_path):
    assert complaint(tmp_path, "[site]\nname == 1") == "town.toml: line 2, column 7: invalid value"


def test_a_file_that_is_not_there_names_its_folder_and_the_nearest(tmp_path):
    (tmp_path / "boston.toml").write_text("")
    with pytest.raises(ConfigError) as error:
        load(tmp_path / "bostn.toml", {})
    assert str(error.value) == f"bostn.toml: no such file in {tmp_path}; did you mean 'boston.toml'?"


def test_a_file_in_another_encoding_names_the_byte(tmp_path):
    (tmp_path / "a.toml").write_bytes('[site]\nname = "云"'.encode("gb18030"))
    with pytest.raises(ConfigError, match="byte 15 is not UTF-8"):
        load(tmp_path / "a.toml", {})


@given(st.integers(1, 10_000), st.sampled_from(["s", "m", "h", "d"]))
def test_durations_are_a_number_and_a_unit(number, unit):
    assert seconds_of(f"{number}{unit}") == number * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[unit]


@pytest.mark.parametrize("text", ["", "60", "s", "0s", "-1s", "1.5h", "1 h", "1w", "1H"])
def test_anything_else_is_no_duration(text):
    with pytest.raises(ValueError, match="is not a duration"):
        seconds_of(text)


def test_without_a_file_the_demo_town_is_used():
    assert config.DEMO == ROOT / "demo" / "town.toml"


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_a_configuration(path):
    assert load(path, {"GRIDHALL_DATA": "/data"}).sources


def test_settings_import_nothing_of_the_house_but_its_vocabulary():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"app", "wiring"}
    code = "import sys, config; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not set(loaded) & (rooms - {"config", "domain"})


def test_office_hours_are_stretches_of_the_day(tmp_path):
    assert settings(tmp_path, "").cases.office_seconds == ((28_800, 43_200), (50_400, 64_800))
    found = settings(tmp_path, '[cases]\noffice_hours = ["00:00-24:00"]\n')
    assert found.cases.office_seconds == ((0, 86_400),)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ('["8-12"]', "no stretch"),
        ('["25:00-26:00"]', "no stretch"),
        ('["22:00-06:00"]', "write two stretches"),
        ('["14:00-24:30"]', "after it begins"),
        ('["08:00-12:00", "11:00-18:00"]', "overlap"),
        ("[]", "at least 1"),
    ],
)
def test_office_hours_that_cannot_be_are_refused(tmp_path, hours, said):
    line = complaint(tmp_path, f"[cases]\noffice_hours = {hours}\n")
    assert "cases.office_hours" in line and said in line

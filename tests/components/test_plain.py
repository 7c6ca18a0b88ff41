"""Plain documents: values are text, both themes are there, an address changes with its file."""

import re

import pytest
from jinja2 import UndefinedError

from components.plain import ASSETS, asset, render
from components.theme import DARK, LIGHT, preferred_stylesheet


def test_a_value_is_text_and_never_markup():
    assert "<script>alert" not in render("base.html", site="<script>alert(1)</script>")


def test_a_value_that_is_not_given_is_an_error_and_no_gap():
    with pytest.raises(UndefinedError):
        render("base.html")


def test_the_address_of_a_file_changes_with_it():
    when = (ASSETS / "plain.css").stat().st_mtime_ns
    assert asset("plain.css") == f"/assets/plain.css?m={when}"
    assert asset("plain.css") in render("base.html", site="x")


def test_the_readers_system_chooses_the_theme():
    dark, light = preferred_stylesheet().split("@media (prefers-color-scheme: light)")
    assert f"--gh-bg: {DARK.bg}" in dark and f"--gh-bg: {LIGHT.bg}" in light
    assert preferred_stylesheet().count("{") == preferred_stylesheet().count("}")


def test_every_colour_of_the_style_is_a_token():
    text = (ASSETS / "plain.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b", text)
    known = set(re.findall(r"--gh-[\w-]+", preferred_stylesheet()))
    assert set(re.findall(r"var\((--gh-[\w-]+)\)", text)) <= known

"""Plain documents: pages that need no application to open (sign-in, report, tracking, rating), from components/plain/."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from components.document import icon
from components.theme import preferred_stylesheet
from components.words import _, language

TEMPLATES = Path(__file__).parent / "plain"
ASSETS = Path(__file__).parent.parent / "assets"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {"_": _, "asset": asset, "tokens": preferred_stylesheet(), "icon": icon()}
    return made


@cache
def asset(name: str) -> str:
    """The address of a file of assets/, which changes with the file."""
    return f"/assets/{name}?m={(ASSETS / name).stat().st_mtime_ns}"


def render(name: str, **values: object) -> str:
    """The HTML of a template of components/plain/. Values are text and are escaped; a value that is not given raises."""
    return _templates().get_template(name).render(lang=language().replace("_", "-"), **values)

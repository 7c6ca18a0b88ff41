"""Libraries that one page needs come with that page, not with every first visit: the grid weighs half a first page.

Dash writes a script tag for every library that was imported. A resource marked as dynamic is served but not written;
the browser loads it before it asks for the page (assets/address.js).
"""

from pathlib import Path
from typing import Any

import dash_ag_grid
from dash.fingerprint import build_fingerprint

NEEDED = {"/cases": (dash_ag_grid,)}
"""Path of a page → libraries that no other page uses."""


def hold_back() -> None:
    """Take the scripts of these libraries out of the document; before the first request."""
    for libraries in NEEDED.values():
        for library in libraries:
            for resource in library._js_dist:  # noqa: SLF001  Dash's own place for it
                if "async" not in resource:
                    resource["dynamic"] = True


def scripts_needed() -> dict[str, list[str]]:
    """Path → addresses of the scripts to load before that page."""
    return {path: [_address(library) for library in libraries] for path, libraries in NEEDED.items()}


def _address(library: Any) -> str:
    name, script = library.__name__, library._js_dist[0]["relative_package_path"]  # noqa: SLF001
    stamp = int(Path(library.__file__).with_name(script).stat().st_mtime)
    return f"/_dash-component-suites/{name}/{build_fingerprint(script, library.__version__, stamp)}"

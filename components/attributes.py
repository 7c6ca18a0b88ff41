"""Attributes whose names have a hyphen, which no Python word can have."""

from typing import Any


def attributes(**named: str) -> dict[str, Any]:
    """aria_label="x" → {"aria-label": "x"}, for the keywords of a Dash element."""
    return {name.replace("_", "-"): value for name, value in named.items()}

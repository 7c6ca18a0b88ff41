"""Dash trees as plain values, to be compared."""

import json
from typing import Any

from plotly.utils import PlotlyJSONEncoder


def tree(component: Any) -> Any:
    """A component and all below it as dicts and lists."""
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def texts(component: Any) -> str:
    """All texts of a tree, in order, joined by blanks."""
    return " ".join(_texts(tree(component)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return _texts(value.get("props", {}).get("children"))
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def found(component: Any, **props: Any) -> list[dict[str, Any]]:
    """The props of every component below that has all of these props."""
    nodes: list[dict[str, Any]] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            mine = value.get("props", {})
            if props.items() <= mine.items():
                nodes.append(mine)
            for each in mine.values():
                look(each)
        elif isinstance(value, list):
            for each in value:
                look(each)

    look(tree(component))
    return nodes

"""Answers of Open311 in the form that was asked for: JSON lists, or XML with the elements that the specification names."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from starlette.responses import Response

FORMS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may have."""

Row = Mapping[str, Any]


def listed(form: str, root: str, item: str, rows: Sequence[Row], status: int = 200) -> Response:
    """A list of rows; in XML <root><item>…</item></root>."""
    if form == "xml":
        top = Element(root)
        for row in rows:
            _fill(SubElement(top, item), row)
        return _xml(top, status)
    return _json(rows, status)


def one(form: str, root: str, row: Row) -> Response:
    """One thing; in XML <root>…</root>."""
    if form == "xml":
        top = Element(root)
        _fill(top, row)
        return _xml(top, 200)
    return _json(row, 200)


def error(form: str, code: int, description: str) -> Response:
    """An error as the specification says: a list of one, its code that of the answer."""
    return listed(form, "errors", "error", [{"code": code, "description": description}], code)


def _fill(element: Element, row: Row) -> None:
    for name, value in row.items():
        child = SubElement(element, name)
        if isinstance(value, Sequence) and not isinstance(value, str):
            for each in value:  # a list says of itself what its items are: {"attribute": {…}}
                (item, inner), *_none = (
                    each.items() if isinstance(each, Mapping) and len(each) == 1 else [("item", each)]
                )
                grandchild = SubElement(child, item)
                if isinstance(inner, Mapping):
                    _fill(grandchild, inner)
                else:
                    grandchild.text = _text(inner)
        else:
            child.text = _text(value)


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else _NO_XML.sub("", str(value))


def _xml(top: Element, status: int) -> Response:
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="utf-8", xml_declaration=False)
    return Response(body, status, {"Cache-Control": "no-store"}, FORMS["xml"])


def _json(found: object, status: int) -> Response:
    return Response(orjson.dumps(found), status, {"Cache-Control": "no-store"}, FORMS["json"])

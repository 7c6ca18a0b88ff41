"""Capabilities as trees: elements by their local names, for services differ in the namespaces they write."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The elements of a name directly below."""
    return (each for each in element if local(each) == name)


def below(element: Element, *names: str) -> Element | None:
    """The element at a path of names; None where there is none."""
    found: Element | None = element
    for name in names:
        found = next(children(found, name), None) if found is not None else None
    return found


def text(element: Element, *names: str) -> str:
    """The text at a path of names, "" where there is none."""
    found = below(element, *names)
    return (found.text or "").strip() if found is not None else ""

"""What a host answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from datasources.errors import BadDataError, SourceError, TemporaryError
from datasources.jsontext import loads

UNFINISHED = (3, 5)
"""Expat's codes for a document that ends before its first element, or within one."""


@dataclass(frozen=True)
class Answer:
    """A whole answer: the address it came from after redirects, its status, headers (small letters) and body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    place: str

    @property
    def media_type(self) -> str:
        """The type of the body without parameters, in small letters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def may_be_cut(self) -> bool:
        """Whether nothing but the closed connection says where the body ends."""
        return not {"content-length", "transfer-encoding"} & self.headers.keys()

    def json(self) -> Any:
        """The body as JSON. Raises BadDataError, TemporaryError for a body that was cut."""
        try:
            return loads(self.body)
        except ValueError as error:
            raise self._unlike(error, "something that is not JSON", cut="unexpected end" in str(error)) from error

    def xml(self) -> Element:
        """The body as XML without DTD and entities. Raises BadDataError, TemporaryError for a body that was cut."""
        try:
            return fromstring(self.body, forbid_dtd=True)
        except DefusedXmlException as error:
            raise self._unlike("", "forbidden XML (a DTD or entities)") from error
        except (ParseError, ValueError) as error:
            cut = getattr(error, "code", None) in UNFINISHED
            raise self._unlike(error, "something that is not XML", cut=cut) from error

    def _unlike(self, why: object, what: str, *, cut: bool = False) -> SourceError:
        if cut and self.may_be_cut:
            return TemporaryError(f"{self.place} broke off in the middle of its answer; it will be tried again")
        said = f" ({why})" if str(why) else ""
        return BadDataError(f"{self.place} answers with {what}{said}; check options.url")

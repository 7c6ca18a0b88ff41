"""What a host answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from datasources.errors import BadDataError


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

    def json(self) -> Any:
        """The body as JSON. Raises BadDataError."""
        try:
            return orjson.loads(self.body)
        except ValueError as error:
            raise BadDataError(
                f"{self.place} answers with something that is not JSON ({error}); check options.url"
            ) from error

    def xml(self) -> Element:
        """The body as XML without DTD and entities. Raises BadDataError."""
        try:
            return fromstring(self.body, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError) as error:
            kind = (
                "forbidden XML (a DTD or entities)"
                if isinstance(error, DefusedXmlException)
                else "something that is not XML"
            )
            raise BadDataError(f"{self.place} answers with {kind}; check options.url") from error

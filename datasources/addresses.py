"""What an option may be that says where a system is."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from config_errors import problem


def address(url: str) -> str:
    """A validator: an http(s) URL without a password in it; a slash at its end is dropped."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise problem("is no address; write it like http://host:port")
    if parts.username or parts.password:
        raise problem("holds a user or a password; give them by options of their own, from ${ENV:NAME}")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(address)]

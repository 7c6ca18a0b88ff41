"""What is on a screen already is not sent again: a page remembers a version of what it shows."""

import zlib


def version_of(*shown: object) -> str:
    """A short text that differs where what is shown differs (frozen values only, so that their text says all)."""
    return f"{zlib.crc32(repr(shown).encode()):x}"

"""An answer's body, unpacked piece by piece: no piece is ever much larger than what was asked for."""

import zlib
from collections.abc import Iterable, Iterator

from datasources.errors import BadDataError, TemporaryError

PIECE_BYTES = 1 << 20
PACKED = ("gzip", "x-gzip", "deflate")


def unpacked(pieces: Iterable[bytes], coding: str, place: str) -> Iterator[bytes]:
    """The pieces as they were before packing; coding: the header Content-Encoding.

    Raises BadDataError for a coding that was not asked for (packed twice is one) or a damaged one, TemporaryError for
    a packed body that ends too early.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        yield from pieces
    elif coding in PACKED:
        yield from _inflated(pieces, place)
    else:
        raise BadDataError(f"{place} answers packed as '{coding[:40]}', which nobody asked for; correct the server")


def _inflated(pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
    machine, fed = None, False
    try:
        for piece in pieces:
            if not piece:
                continue
            machine = machine or zlib.decompressobj(_window(piece))
            fed, rest = True, piece
            while rest and not machine.eof:
                yield machine.decompress(rest, PIECE_BYTES)
                rest = machine.unconsumed_tail
        while machine and not machine.eof and (last := machine.decompress(b"", PIECE_BYTES)):
            yield last
    except zlib.error as error:
        raise BadDataError(f"{place} answers with a damaged packed body ({error}); correct the server") from error
    if fed and machine and not machine.eof:
        raise TemporaryError(f"{place} broke off in the middle of its answer; it will be tried again")


def _window(head: bytes) -> int:
    """Of gzip and zlib as their heads say; a bare deflate stream, which some servers send, has none."""
    is_zlib = len(head) > 1 and head[0] & 0x0F == zlib.DEFLATED and (head[0] << 8 | head[1]) % 31 == 0
    return zlib.MAX_WBITS | 32 if head[:2] == b"\x1f\x8b" or is_zlib else -zlib.MAX_WBITS

"""Any encoding → UTF-8, in blocks."""

import codecs
from collections.abc import Iterator

from datasources.errors import BadDataError
from datasources.feeds.file.source import OpenFile

BLOCK_BYTES = 1 << 20
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CANDIDATES = ("utf-8", "gb18030", "big5", "shift_jis", "euc_kr", "utf-16", "cp1252", "latin-1")
SUGGESTIONS = 3


def utf8_blocks(file: OpenFile, encoding: str | None) -> Iterator[bytes]:
    """The file's text as blocks of UTF-8 bytes, without a byte order mark; a character may lie across two blocks.

    Raises BadDataError with the position of the first byte that does not fit and the encodings that would.
    """
    block = file.stream.read(BLOCK_BYTES)
    name = codecs.lookup(encoding or _marked(block)).name
    plain = name in ("utf-8", "utf-8-sig", "ascii")
    if plain:
        block = block.removeprefix(codecs.BOM_UTF8)
    decoder = codecs.getincrementaldecoder("utf-8" if plain else name)()
    fed = 0
    while True:
        text = _decode(decoder, block, file, name, fed)
        fed += len(block)
        yield block if plain else text.removeprefix("\ufeff").encode()
        if not block:
            return
        block = file.stream.read(BLOCK_BYTES)


def _marked(head: bytes) -> str:
    return next((encoding for mark, encoding in MARKS if head.startswith(mark)), "utf-8")


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, file: OpenFile, name: str, fed: int) -> str:
    try:
        return decoder.decode(block, final=not block)
    except UnicodeError as error:
        held = len(error.object) - len(block) if isinstance(error, UnicodeDecodeError) else 0
        at = fed - held + (error.start if isinstance(error, UnicodeDecodeError) else 0)
        raise BadDataError(f"{file.source.name}: byte {at} is not {name}{_suggest(block, name)}") from error


def _suggest(block: bytes, wrong: str) -> str:
    fitting = [each for each in CANDIDATES if codecs.lookup(each).name != wrong and _fits(block, each)]
    return (
        f"; set options.encoding, perhaps to {' or '.join(fitting[:SUGGESTIONS])}"
        if fitting
        else "; the file is damaged"
    )


def _fits(block: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(block)
    except UnicodeError:
        return False
    return encoding != "utf-16" or "\n" in text


def utf8(file: OpenFile, encoding: str | None) -> bytes:
    """The whole file as UTF-8."""
    return b"".join(utf8_blocks(file, encoding))

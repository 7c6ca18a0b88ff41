"""Typst in a process of its own: bounded in time, with nothing to read but what it is given."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path

SECONDS = 60
_COMPILE = (
    "import sys, typst; folder, fonts, moment = sys.argv[1:]; "
    "typst.compile(folder + '/main.typ', output=folder + '/out.pdf', root=folder, font_paths=[fonts], "
    "ignore_system_fonts=True, timestamp=int(moment))"
)


class TypesettingError(Exception):
    """The document could not be set; the message says why."""


def typeset(source: str, files: Mapping[str, bytes], *, moment: int) -> bytes:
    """The PDF of a Typst document; files: what it may read, by name. moment: its date, epoch seconds in UTC.

    Values belong into a file that the document reads, never into the source. The same input gives the same bytes.
    Raises TypesettingError.
    """
    with tempfile.TemporaryDirectory(prefix="gridhall-print-") as name:
        folder = Path(name)
        for file, content in {"main.typ": source.encode(), **files}.items():
            (folder / file).write_bytes(content)
        words = [sys.executable, "-I", "-c", _COMPILE, name, str(sans_path().parent), str(moment)]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=name)  # noqa: S603  our own words
        except subprocess.TimeoutExpired as error:
            raise TypesettingError(f"the document was not ready after {SECONDS} seconds; print fewer pages") from error
        if done.returncode != 0:
            raise TypesettingError(
                done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it did not compile"
            )
        return (folder / "out.pdf").read_bytes()

"""A sheet of QR codes to cut out and put up: one card a place, eight cards an A4 page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
import segno

from components.typesetting import typeset
from components.words import _, language

CARDS_A_PAGE = 8

_SOURCE = """
#let told = json("data.json")
#set document(title: told.title)
#set page(paper: "a4", margin: (x: 10mm, y: 12mm))
#set text(font: "Noto Sans SC", lang: told.lang, size: 10pt, fill: rgb("#0F1C22"))
#let card(place) = block(width: 100%, height: 67mm, inset: 5mm, stroke: (paint: rgb("#B9C4C8"), dash: "dashed", thickness: 0.5pt),
  grid(columns: (46mm, 1fr), column-gutter: 5mm,
    image(place.code, width: 46mm, height: 46mm, alt: place.url),
    align(left + horizon)[
      #text(size: 15pt, stroke: 0.022em + rgb("#0B6B78"), fill: rgb("#0B6B78"), told.title)
      #v(2mm)
      #text(size: 11pt, place.name)
      #v(-1mm)
      #text(size: 9pt, fill: rgb("#465860"), place.area)
      #v(2mm)
      #text(size: 8pt, fill: rgb("#465860"), told.urgent)
    ],
    grid.cell(colspan: 2)[
      #v(1.5mm)
      #text(size: 7.5pt, fill: rgb("#5F7079"), told.site) #h(1fr) #text(size: 7.5pt, fill: rgb("#5F7079"), place.url)
    ],
  ))
#for (i, row) in told.places.chunks(8).enumerate() {
  if i > 0 { pagebreak() }
  grid(columns: (1fr, 1fr), ..row.map(card))
}
"""


@dataclass(frozen=True)
class Card:
    """name: of the place. area: its community and grid. url: what the code opens."""

    name: str
    area: str
    url: str


def code_sheet(cards: Sequence[Card], *, site: str, moment: int) -> bytes:
    """The PDF of these cards, in the language of this process; moment: its date, epoch seconds in UTC.

    Raises ValueError when there is none, TypesettingError when it cannot be set.
    """
    if not cards:
        raise ValueError("a sheet needs a place")
    told = {
        "lang": language().split("_")[0], "title": _("Scan to report a problem"), "site": _printable(site),
        "urgent": _("Someone is hurt, or it burns: call 120 or 119 first."),
        "places": [
            {"name": _printable(card.name), "area": _printable(card.area), "url": card.url, "code": f"{number}.svg"}
            for number, card in enumerate(cards)
        ],
    }  # fmt: skip
    codes = {f"{number}.svg": _code(card.url) for number, card in enumerate(cards)}
    return typeset(_SOURCE, {"data.json": orjson.dumps(told), **codes}, moment=moment)


def _code(url: str) -> bytes:
    """A QR code that still reads when a quarter of it is dirty (level Q), with the quiet zone that readers ask for."""
    drawn = io.BytesIO()
    segno.make_qr(url, error="q").save(drawn, kind="svg", border=4)
    return drawn.getvalue()


def _printable(text: str) -> str:
    """Without control characters and halves of surrogate pairs, which no font can draw."""
    return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff")

"""PDF papers of the public door, set by typst. Values go in as data, never as markup, so nothing typed can become a command.

The compiler is made once and reused under a lock; its fonts are its own, so a paper looks the same on every machine, and
they are embedded in what it makes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO

import segno
import typst

_lock = threading.Lock()

_RECEIPT = rb"""
#let given = sys.inputs
#set document(title: given.title + " " + given.number, author: given.institution)
#set page(paper: "a4", margin: (x: 24mm, top: 22mm, bottom: 20mm))
#set text(font: "Libertinus Serif", size: 12.5pt, lang: given.lang)
#set par(leading: 0.7em)
#let quiet(body) = text(size: 10.5pt, fill: rgb("#4b4942"), body)
#text(size: 17pt, weight: "bold", given.institution)
#if given.address != "" { linebreak(); quiet(given.address) }
#v(2mm)
#line(length: 100%, stroke: 1.2pt)
#v(3mm)
= #given.title
#v(3mm)
#grid(columns: (1fr, auto), column-gutter: 10mm, align: (left, right + top),
  [
    #quiet(given.number_label) \
    #text(size: 27pt, weight: "bold", number-width: "tabular", given.number)
    #if given.pin != "" [
      #v(2mm)
      #quiet(given.pin_label) \
      #text(size: 27pt, weight: "bold", number-width: "tabular", given.pin)
    ]
  ],
  image(bytes(given.qr), format: "svg", width: 34mm, alt: given.follow),
)
#v(4mm)
#for row in given.facts.split("\n").filter(row => row != "") {
  let parts = row.split("\t")
  grid(columns: (48mm, 1fr), row-gutter: 2mm, inset: (y: 2.2mm), stroke: (bottom: 0.4pt + rgb("#b9b2a2")),
    quiet(parts.at(0)), text(weight: "bold", parts.at(1)))
}
#v(6mm)
#given.next
#v(2mm)
#given.follow_label #h(1mm) #text(weight: "bold", given.follow) \
#given.call
#v(4mm)
#quiet(given.free)
"""


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def receipt_pdf(values: Mapping[str, str]) -> bytes:
    """The A4 receipt as PDF/A-2 with the follow-up address as a QR code. ``values`` are plain texts."""
    return _set(_RECEIPT, {**values, "qr": qr_svg(values["follow"])})


def qr_svg(text: str) -> str:
    """A QR code as an SVG document."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def _set(source: bytes, values: Mapping[str, str]) -> bytes:
    with _lock:
        made = _compiler().compile(source, format="pdf", sys_inputs=dict(values), pdf_standards=["a-2b"])
    if not isinstance(made, bytes):
        raise TypeError("the paper came out in several pieces")
    return made

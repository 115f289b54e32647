"""Minutes of handing over as PDF/A, set by typst from the frozen text alone. Values go in as data, never as markup."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from simpul.desks import queries as desk_queries
from simpul.lib.keys import ring
from simpul.programmes.rules import deliveries as delivery_rules
from simpul.programmes.rules import handovers as rules
from simpul.web.desk import words
from simpul.web.desk.rounds import shared

_lock = threading.Lock()

_MINUTES = rb"""
#let given = json(bytes(sys.inputs.given))
#set document(title: given.title, author: given.institution)
#set page(paper: "a4", margin: (x: 18mm, top: 18mm, bottom: 20mm), numbering: "1 / 1",
  footer: context [#set text(size: 8pt, fill: rgb("#4b4942")); #given.foot #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: "Libertinus Serif", size: 11pt, lang: "id")
#set par(leading: 0.6em)
#show heading.where(level: 2): set text(size: 12pt)
#let quiet(body) = text(size: 9.5pt, fill: rgb("#4b4942"), body)
#let lines(head, rows, widths) = table(columns: widths, inset: (x: 1.6mm, y: 1.2mm), stroke: 0.4pt + rgb("#8d8778"),
  table.header(..head.map(one => text(size: 9pt, weight: "bold", one))),
  ..rows.flatten().map(one => text(size: 9pt, one)))
#text(size: 15pt, weight: "bold", given.institution)
#line(length: 100%, stroke: 1.2pt)
#align(center)[#text(size: 14pt, weight: "bold", upper(given.heading)) \ #text(size: 11.5pt, given.number)]
#v(2mm)
#grid(columns: (1fr, auto), column-gutter: 8mm,
  grid(columns: (40mm, 1fr), row-gutter: 1.8mm, ..given.facts.map(row => (quiet(row.at(0)), row.at(1))).flatten()),
  [#image(bytes(sys.inputs.qr), format: "svg", width: 30mm, alt: given.link)
   #align(center, text(font: "DejaVu Sans Mono", size: 7.5pt, given.short))])
#v(1mm)
#given.said
#if given.totals.len() > 0 [
  == #given.words.totals
  #lines(given.words.totals_head, given.totals, (1fr, 40mm, 40mm))
]
== #given.words.rows
#lines(given.words.rows_head, given.rows, (8mm, 1.2fr, 0.9fr, 1.1fr, 1fr, 1fr))
#v(6mm)
#block(breakable: false)[
  #grid(columns: given.signers.map(one => 1fr), align: center, row-gutter: 8mm,
    ..given.signers.map(one => [#one.at(0) #v(15mm) #text(weight: "bold", one.at(1))]))
]
#v(6mm)
#block(breakable: false)[
  #quiet(given.words.digest) \
  #text(font: "DejaVu Sans Mono", size: 8pt, given.digest) \
  #quiet(given.words.signature) \
  #text(font: "DejaVu Sans Mono", size: 6.5pt, given.signature.join(linebreak())) \
  #quiet(given.words.key) #text(font: "DejaVu Sans Mono", size: 6.5pt, given.key) \
  #quiet(given.words.check) #text(size: 9.5pt, given.link)
]
"""


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def qr_svg(text: str) -> str:
    """A QR code as an SVG document."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def amount(quantity: str, unit: str) -> str:
    """A frozen quantity as people read it."""
    return shared.amount(Decimal(quantity), unit)


def amounts(rows: Iterable[Any]) -> str:
    """What one household got."""
    return ", ".join(f"{what} {amount(quantity, unit)}" for what, quantity, unit in rows)


def handover_pdf(found: Any, link: str) -> bytes:
    """Minutes on A4, in Indonesian."""
    with override("id"):
        given = _values(found, rules.read(found.content), link)
    inputs = {"given": json.dumps(given, ensure_ascii=False), "qr": qr_svg(link)}
    with _lock:
        made = _compiler().compile(_MINUTES, format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"])
    if not isinstance(made, bytes):
        raise TypeError("the minutes came out in several pieces")
    return made


def _values(found: Any, content: Any, link: str) -> dict[str, Any]:
    return {
        "institution": desk_queries.institution().name,
        "heading": _("Minutes of handing over"),
        "title": f"{content['number']} {content['round']}",
        "number": _("Number: %(number)s") % {"number": content["number"]},
        "facts": [[key, value] for key, value in _facts(content) if value],
        "said": _("What is written below was handed over, and was seen and confirmed by those who sign."),
        "totals": [
            [one["what"], amount(one["quantity"], one["unit"]), str(one["receivers"])]
            for one in content["totals"]
        ],
        "rows": [_row(number, one) for number, one in enumerate(content["rows"], start=1)],
        "signers": content["signers"],
        "digest": found.digest,
        "signature": [found.signature[:66], found.signature[66:]],
        "key": ring().public_key(int(found.signature[:2], 16)).hex(),
        "link": link,
        "short": found.digest[:16],
        "foot": _("Minutes of handing over, version %(version)s · %(digest)s")
        % {"version": content["version"], "digest": found.digest[:16]},
        "words": {
            "totals": _("Goods"),
            "totals_head": [_("What"), _("How much"), _("Receivers")],
            "rows": _("Receivers"),
            "rows_head": [_("No."), _("Name"), _("Hamlet"), _("What"), _("Taken by"), _("Proof")],
            "digest": _("Fingerprint (SHA-256) of the content of these minutes"),
            "signature": _("Signature of this service (Ed25519)"),
            "key": _("Public key:"),
            "check": _("Check it here:"),
        },
    }


def _facts(content: Any) -> list[tuple[str, str]]:
    counts = ", ".join(
        f"{_(delivery_rules.OUTCOMES[code])} {content['counts'][code]}"
        for code in delivery_rules.OUTCOMES
        if content["counts"].get(code)
    )
    return [
        (_("Programme"), content["programme"]),
        (_("Round"), ", ".join(part for part in (content["round"], content["period"]) if part)),
        (_("Decided by"), content["decided_by"]),
        (_("Area"), content["region"]),
        (_("Place"), ", ".join(part for part in (content["stop"], content["place"]) if part)),
        (_("Day"), words.day(date.fromisoformat(content["handed_date"]))),
        (_("Outcome"), counts),
        (_("Version"), str(content["version"])),
        (_("Corrects"), content["replaces"][:16]),
    ]


def _row(number: int, one: Any) -> list[str]:
    taken = _(delivery_rules.RECEIVERS[one["receiver"]]) if one["receiver"] else ""
    proof = [_(delivery_rules.PROOFS[code]) for code in one["proofs"]]
    if one["witness"]:
        proof.append(_("witness %(name)s") % {"name": one["witness"]})
    proof += [f"({_(delivery_rules.FLAGS[code])})" for code in one["flags"] if code in delivery_rules.FLAGS]
    return [
        str(number),
        one["name"],
        one["hamlet"],
        amounts(one["amounts"]) or _(delivery_rules.OUTCOMES[one["outcome"]]),
        ", ".join(part for part in (taken, one["receiver_name"], one["authority"]) if part),
        ", ".join(proof),
    ]

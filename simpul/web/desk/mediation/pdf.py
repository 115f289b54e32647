"""The record of settlement (berita acara perdamaian) as PDF/A: set from the frozen text alone, values as data. No force of a court."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from simpul.desks import queries as desk_queries
from simpul.lib import money, typeset
from simpul.lib.keys import ring
from simpul.mediation.queries import agreements
from simpul.mediation.rules import minutes as rules
from simpul.mediation.rules import words
from simpul.web.desk import words as desk_words

_PAPER = rb"""
#let given = json("given.json")
#set document(title: given.title, author: given.institution)
#set page(paper: "a4", margin: (x: 22mm, top: 18mm, bottom: 20mm),
  background: if given.draft != "" { rotate(-35deg, text(size: 90pt, fill: rgb("#e6e2d8"), given.draft)) },
  footer: context [#set text(size: 8pt, fill: rgb("#4b4942")); #given.foot #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: "Libertinus Serif", size: 11pt, lang: "id")
#set par(leading: 0.65em, justify: true)
#show heading.where(level: 2): set text(size: 12pt)
#show table: set par(justify: false)
#let quiet(body) = text(size: 9.5pt, fill: rgb("#4b4942"), body)
#let lines(head, rows, widths) = table(columns: widths, inset: (x: 1.6mm, y: 1.3mm), stroke: 0.4pt + rgb("#8d8778"),
  table.header(..head.map(one => text(size: 9.5pt, weight: "bold", one))),
  ..rows.flatten().map(one => text(size: 9.5pt, one)))
#text(size: 15pt, weight: "bold", given.institution) \
#quiet(given.region)
#line(length: 100%, stroke: 1.2pt)
#align(center)[#text(size: 14pt, weight: "bold", upper(given.heading)) \ #text(size: 11.5pt, given.number)]
#v(2mm)
#grid(columns: (1fr, auto), column-gutter: 8mm,
  grid(columns: (36mm, 1fr), row-gutter: 1.8mm, ..given.facts.map(row => (quiet(row.at(0)), row.at(1))).flatten()),
  if given.qr [#image("qr.svg", width: 26mm, alt: given.link)])
== #given.words.parties
#lines(given.words.parties_head, given.parties, (8mm, 1.2fr, 1fr, 1.2fr, 1fr))
#if given.preamble != "" [
  == #given.words.agreed
  #given.preamble
]
== #given.words.clauses
#lines(given.words.clauses_head, given.clauses, (8mm, 1.7fr, 1fr, 1fr, 30mm, 30mm))
#v(1mm)
#for one in given.said [#par(one)]
#v(4mm)
#align(right, given.signed)
#grid(columns: (1fr, 1fr, 1fr), align: center, row-gutter: 7mm, column-gutter: 4mm,
  ..given.signers.map(one => block(breakable: false)[#quiet(one.at(0)) #v(14mm) #text(weight: "bold", one.at(1)) \ #quiet(one.at(2))]))
#v(4mm)
#if given.digest != "" [
  #block(breakable: false)[
    #quiet(given.words.digest) \
    #text(font: "DejaVu Sans Mono", size: 8pt, given.digest) \
    #quiet(given.words.signature) \
    #text(font: "DejaVu Sans Mono", size: 6.5pt, given.signature.join(linebreak())) \
    #quiet(given.words.key) #text(font: "DejaVu Sans Mono", size: 6.5pt, given.key) \
    #quiet(given.words.check) #text(size: 9.5pt, given.link)
  ]
]
"""


def settlement(one: Any, link: str) -> bytes:
    """The paper of a version, in Indonesian: from its frozen text, or of a draft as it stands now."""
    with override("id"):
        signed = bool(one.signed_at)
        content = rules.read(one.content) if signed else rules.read(rules.canonical(agreements.content(one)))
        given = _values(one, content, link, signed=signed)
    files = {"qr.svg": typeset.qr_svg(link).encode()} if signed else {}
    return typeset.pdf(_PAPER, given, files=files, made_at=one.signed_at)


def _values(one: Any, content: Any, link: str, *, signed: bool) -> dict[str, Any]:
    return {
        "institution": desk_queries.institution().name,
        "region": content["region"],
        "title": f"{_('Record of settlement')} {content['number']}",
        "heading": _("Record of settlement"),
        "number": _("Number: %(number)s") % {"number": content["number"]},
        "draft": "" if signed else _("DRAFT"),
        "facts": [[key, value] for key, value in _facts(content) if value],
        "parties": [_party(place, row) for place, row in enumerate(content["parties"], start=1)],
        "preamble": content["preamble"],
        "clauses": [_clause(row) for row in content["clauses"]],
        "said": _said(content),
        "signed": _signed(content),
        "signers": [
            [_(words.PARTS[row["part"]]), row["name"], f"({_(words.MARKS[row['mark']])})"]
            for row in content["signers"]
        ],
        "qr": signed,
        "digest": one.digest,
        "signature": [one.signature[:66], one.signature[66:]],
        "key": ring().public_key(int(one.signature[:2], 16)).hex() if signed else "",
        "link": link,
        "foot": _("Record of settlement, version %(version)s · %(digest)s")
        % {"version": content["version"], "digest": one.digest[:16]},
        "words": {
            "parties": _("The parties"),
            "parties_head": [_("No."), _("Name"), _("Side"), _("Address"), _("Spoken for by")],
            "agreed": _("What they agree on"),
            "clauses": _("Obligations"),
            "clauses_head": [_("No."), _("What"), _("Owed by"), _("For"), _("Amount"), _("Until")],
            "digest": _("Fingerprint (SHA-256) of the content of this record"),
            "signature": _("Signature of this service (Ed25519)"),
            "key": _("Public key:"),
            "check": _("Check it here:"),
        },
    }


def _facts(content: Any) -> list[tuple[str, str]]:
    return [
        (_("Subject"), f"{_(words.SUBJECTS[content['subject']])}: {content['about']}"),
        (_("Sessions"), ", ".join(desk_words.day(date.fromisoformat(day)) for day in content["sessions"])),
        (_("Mediators"), ", ".join(content["mediators"])),
        (_("Version"), str(content["version"])),
        (_("Corrects"), f"{content['replaces'][:16]} ({content['because']})" if content["replaces"] else ""),
    ]


def _party(place: int, row: Any) -> list[str]:
    return [str(place), row["name"], _(words.ROLES[row["role"]]), row["address"], row["spoken_by"]]


def _clause(row: Any) -> list[str]:
    part = f" ({row['part']}/{row['parts']})" if row["parts"] > 1 else ""
    return [
        str(row["position"]),
        row["what"] + part,
        row["owed_by"],
        row["owed_to"] or _("For everybody"),
        money.rupiah(row["amount"]) if row["amount"] else "–",
        desk_words.day(date.fromisoformat(row["due_date"])),
    ]


def _said(content: Any) -> list[str]:
    """What stands below the clauses, on every record."""
    return [
        _("An obligation counts as broken when it is not kept %(days)s days after its day.")
        % {"days": content["grace_days"]},
        _("The parties agreed of their own will, without force, after this record was read to them."),
        _(
            "This is an agreement between the parties, made before the village. It is no judgement and has no force of a court. "
            "The parties may bring it to a court to have it confirmed (PERMA 1/2016 art. 36) or registered (UU 30/1999 art. 6)."
        ),
    ]


def _signed(content: Any) -> str:
    day = (
        desk_words.day(date.fromisoformat(content["signed_date"])) if content["signed_date"] else "…………………………"
    )
    return ", ".join(part for part in (content["place"], day) if part)

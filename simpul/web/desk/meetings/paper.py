"""The minutes as PDF/A, set by typst from the frozen text alone. Values go in as data, never as markup.

The paper is made of what was frozen on closing, so it says the same whenever it is printed.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import segno
import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.meetings import rules
from simpul.meetings.rules import minutes as minutes_rules
from simpul.regions import queries as region_queries
from simpul.web.desk.meetings import shared

_lock = threading.Lock()

_MINUTES = rb"""
#let given = json(bytes(sys.inputs.given))
#set document(title: given.title, author: given.institution)
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 20mm), numbering: "1 / 1",
  footer: context [#set text(size: 8pt, fill: rgb("#4b4942")); #given.foot #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: "Libertinus Serif", size: 11pt, lang: "id")
#set par(leading: 0.6em)
#show heading.where(level: 2): set text(size: 12pt)
#let quiet(body) = text(size: 9.5pt, fill: rgb("#4b4942"), body)
#let lines(head, rows, widths) = table(columns: widths, inset: (x: 2mm, y: 1.3mm), stroke: 0.4pt + rgb("#8d8778"),
  table.header(..head.map(one => text(size: 9.5pt, weight: "bold", one))),
  ..rows.flatten().map(one => text(size: 9.5pt, one)))
#text(size: 15pt, weight: "bold", given.institution)
#line(length: 100%, stroke: 1.2pt)
#align(center)[#text(size: 14pt, weight: "bold", given.heading) \ #text(size: 12pt, given.title)]
#v(2mm)
#grid(columns: (1fr, auto), column-gutter: 8mm,
  grid(columns: (38mm, 1fr), row-gutter: 1.8mm, ..given.facts.map(row => (quiet(row.at(0)), row.at(1))).flatten()),
  image(bytes(sys.inputs.qr), format: "svg", width: 28mm, alt: given.digest))
#if given.course != "" [
  == #given.words.course
  #given.course
]
== #given.words.attendance
#given.present
#if given.groups.len() > 0 { lines(given.words.group_head, given.groups, (1fr, 25mm)) }
#if given.short != "" [#text(weight: "bold", given.words.short): #given.short]
#if given.people.len() > 0 { lines(given.words.people_head, given.people, (8mm, 1fr, 1fr, 24mm, 20mm)) }
#if given.names.len() > 0 [
  == #given.words.names
  #lines(given.words.names_head, given.names, (8mm, 1.2fr, 1.2fr, 26mm, 1.4fr))
]
#if given.said.len() > 0 [
  == #given.words.said
  #lines(given.words.said_head, given.said, (24mm, 1fr, 1.4fr, 1.4fr))
]
#if given.conflicts.len() > 0 [
  == #given.words.conflicts
  #for one in given.conflicts [- #one]
]
#v(6mm)
#block(breakable: false, grid(columns: (1fr, 1fr), align: center,
  [#given.words.chair #v(18mm) #text(weight: "bold", given.chair)],
  [#given.words.minute_taker #v(18mm) #text(weight: "bold", given.minute_taker)]))
#v(6mm)
#quiet(given.words.digest) \
#text(font: "DejaVu Sans Mono", size: 8.5pt, given.digest)
"""


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def seal_svg(meeting: Any, frozen: Any) -> str:
    """A QR code that holds which minutes these are, and their digest: to compare paper and file without a network."""
    out = BytesIO()
    code = segno.make(
        f"SIMPUL MUSYAWARAH {meeting.id} v{frozen.version} {frozen.digest}", error="m", micro=False
    )
    code.save(out, kind="svg", border=2, xmldecl=False, omitsize=True)
    return out.getvalue().decode()


def minutes_pdf(meeting: Any, frozen: Any) -> bytes:
    """The minutes on A4, in Indonesian, for signing and filing."""
    with override("id"):
        given = _values(minutes_rules.read(frozen.content), frozen.digest)
    inputs = {"given": json.dumps(given, ensure_ascii=False), "qr": seal_svg(meeting, frozen)}
    with _lock:
        made = _compiler().compile(_MINUTES, format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"])
    if not isinstance(made, bytes):
        raise TypeError("the minutes came out in several pieces")
    return made


def _values(content: Any, digest: str) -> dict[str, Any]:
    zone = region_queries.zone_of(content["region_code"])
    named = [rules.Came(tuple(one["groups"]), one["came"]) for one in content["attendance"]]
    found = rules.present(named, content["counted"])
    return {
        "institution": desk_queries.institution().name,
        "heading": _("Minutes of a meeting"),
        "title": content["title"],
        "facts": _facts(content, zone),
        "course": content["course"],
        "present": _(
            "%(people)s people were there: %(named)s by name, %(counted)s counted. %(absent)s were asked and did not come."
        )
        % {"people": found.people, "named": found.named, "counted": found.counted, "absent": found.absent},
        "groups": [
            [_(rules.GROUPS[code]), str(n)]
            for code, n in found.by_group.items()
            if n and code in rules.GROUPS
        ],
        "short": content["short_because"],
        "people": _people(content),
        "names": _names(content),
        "said": _said(content),
        "conflicts": [
            f"{one['position']}. {one['name']}: {', '.join(one['conflicts'])}"
            for one in content["names"]
            if one["conflicts"]
        ],
        "chair": content["chair"],
        "minute_taker": content["minute_taker"],
        "digest": digest,
        "foot": _("Minutes, version %(version)s · %(digest)s")
        % {"version": content["version"], "digest": digest[:16]},
        "words": _heads(),
    }


def _heads() -> dict[str, Any]:
    return {
        "course": _("How the meeting went"),
        "attendance": _("Attendance"),
        "group_head": [_("Group"), _("People")],
        "people_head": [_("No."), _("Name"), _("Comes as"), _("Is here"), _("Signed")],
        "short": _("Closed without a quorum because"),
        "names": _("Names and decisions"),
        "names_head": [_("No."), _("Name"), _("Address"), _("Decision"), _("Reason")],
        "said": _("Usul and sanggah"),
        "said_head": [_("Kind"), _("About"), _("Reasons"), _("Answer")],
        "conflicts": _("A decider's own house was on the list"),
        "chair": _("Chair"),
        "minute_taker": _("Minute taker"),
        "digest": _("Fingerprint (SHA-256) of the content of these minutes"),
    }


def _facts(content: Any, zone: str) -> list[list[str]]:
    rows = [
        (_("Kind"), shared.kind_name(content["kind"])),
        (_("Purpose"), content["purpose"]),
        (_("Programme"), content["programme"]),
        (_("Area"), ", ".join(part for part in (content["hamlet"], content["region"]) if part)),
        (_("Place"), content["place"]),
        (_("Begun"), _moment(content["held_at"], zone)),
        (_("Closed"), _moment(content["closed_at"], zone)),
        (_("Version"), str(content["version"])),
        (_("Corrects"), content["replaces_because"]),
    ]
    return [[key, value] for key, value in rows if value]


def _moment(stamp: str, zone: str) -> str:
    return when.format_moment(datetime.fromisoformat(stamp), zone, "id") if stamp else ""


def _people(content: Any) -> list[list[str]]:
    return [
        [
            str(number),
            one["name"],
            one["office"] or ", ".join(_(rules.GROUPS.get(code, code)) for code in one["groups"]),
            _("yes") if one["came"] else _("no"),
            _("yes") if one["signed"] else "",
        ]
        for number, one in enumerate(content["attendance"], start=1)
    ]


def _names(content: Any) -> list[list[str]]:
    return [
        [str(one["position"]), one["name"], one["address"], _decision(one), one["why"] or one["reason"]]
        for one in content["names"]
    ]


def _decision(one: Any) -> str:
    words = _(rules.OUTCOMES[one["outcome"]]) if one["outcome"] in rules.OUTCOMES else ""
    votes = [one["votes_for"], one["votes_against"], one["abstained"]]
    if all(number is None for number in votes):
        return words
    return f"{words} ({'/'.join('–' if number is None else str(number) for number in votes)})"


def _said(content: Any) -> list[list[str]]:
    outcomes = {(one["name"], one["address"]): one["outcome"] for one in content["names"]}
    found = []
    for one in content["objections"]:
        outcome = one["outcome"]
        decided = outcomes.get((one["about"], one["about_address"]), "") if one["kind"] == "usul" else ""
        answer = one["answer"] or (_(rules.OUTCOMES[decided]) if decided in rules.OUTCOMES else "")
        if outcome in rules.ANSWERS:
            answer = f"{_(rules.ANSWERS[outcome])}. {answer}"
        said_by = one["by_name"] or (
            _(rules.GROUPS[one["by_group"]]) if one["by_group"] in rules.GROUPS else ""
        )
        kind = f"{one['kind'].capitalize()} {_(rules.PHASES[one['phase']])}"
        found.append([kind, one["about"], one["reasons"] + (f" ({said_by})" if said_by else ""), answer])
    return found

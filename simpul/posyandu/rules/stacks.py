"""A stack of paper typed in line by line: what stands on a line of visits or of a list of those looked after, and the key of each line.

The sheets of the catalogue leave out who is meant, because a card or a page says it. On a line of a stack it is typed, so the sheet gets
these columns of its own. One reader (``rules.forms.read``) reads them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from simpul.posyandu.rules.forms import CHOICE, COMPUTED, DATE, TEXT, YES_NO, Field, Form, Option

LINES = 10
"""Lines of one page of a stack."""
PAGES = 40
"""Pages of one stack, so that an address cannot ask for a line without end."""

WHO, ON, CADRE, MET = "stack_who", "stack_date", "stack_cadre", "stack_met"
OUTCOME, TOLD, NEXT = "stack_outcome", "stack_told", "stack_next"
ABOUT_VISIT = (WHO, ON, CADRE, MET, OUTCOME, TOLD, NEXT)
"""Columns of a line of visits that are no questions of the checklist."""

NAME, NIK, SEX, BORN, MOTHER = "person_name", "person_nik", "person_sex", "person_birth", "mother_name"
ADDRESS, NOTE = "person_address", "note"
ABOUT_PERSON = (NAME, NIK, SEX, BORN, ADDRESS)
"""Columns of a line of a list that the register of persons keeps; the others stay on the card."""

_SEXES = (Option("L", "Laki-laki", "Male"), Option("P", "Perempuan", "Female"))


def line_id(stack: UUID, posyandu_id: UUID, code: str, number: int) -> UUID:
    """The key of a line: the same stack sent again gives the same keys, so nothing is written down twice."""
    return uuid5(stack, f"{posyandu_id}:{code}:{number}")


def visits(form: Form, cadres: Sequence[Option]) -> Form:
    """A checklist as one line a visit: whom, when, by whom, whether somebody was there, the answers, what came of it."""
    family = form.code == "visit_0"
    who = "Keluarga (nama, nama anggota, atau nomor KK)" if family else "Siapa (nama atau NIK)"
    who_en = "Family (name, a member's name, or its number)" if family else "Who (name or NIK)"
    first = (
        Field(WHO, who, who_en, TEXT, short="Keluarga" if family else "Siapa", needed=True, length=120),
        Field(ON, "Tanggal kunjungan", "Date of the visit", DATE, short="Tanggal", needed=True),
        Field(
            CADRE, "Kader yang berkunjung", "Cadre who visited", CHOICE, short="Kader", options=tuple(cadres)
        ),
        Field(MET, "Bertemu", "Somebody was there", YES_NO, short="Bertemu", needed=True),
    )
    last = (
        Field(OUTCOME, "Hasil, dengan singkat", "What came of it", TEXT, short="Hasil", length=500),
        Field(TOLD, "Tanggal lapor tenaga kesehatan", "Told the health worker on", DATE, short="Dilaporkan"),
        Field(NEXT, "Kunjungan berikutnya", "Next visit on", DATE, short="Berikutnya"),
    )
    asked = (one for one in form.row if one.type != COMPUTED)
    return replace(form, head=(), row=(*first, *asked, *last))


def people(form: Form) -> Form:
    """A list of those looked after (data sasaran) as one line a person: who, then what the card keeps."""
    found = []
    for one in form.row:
        if one.key == NAME:
            found.append(replace(one, type=TEXT, length=150, needed=True))
        elif one.key == NIK:
            found.append(replace(one, type=TEXT, length=40))
        elif one.key == SEX:
            found.append(replace(one, type=CHOICE, options=_SEXES))
        elif one.key == BORN:
            found.append(replace(one, type=DATE))
        elif one.key in (ADDRESS, NOTE):
            found.append(replace(one, type=TEXT, length=300))
        elif one.type != COMPUTED:
            found.append(one)
    return replace(form, head=(), row=tuple(found))


def kept_on_card(sheet: Form) -> frozenset[str]:
    """The columns of a list, as ``people`` makes it, whose answers stay on the card."""
    return frozenset(one.key for one in sheet.row) - frozenset(ABOUT_PERSON)

"""What a kind of letter asks: its inputs, who else is named in it, what the applicant shows; and whether that is well formed.

Inputs and parties are rows of data (``TypeVersion.inputs``, ``.parties``). On forms they become one flat list of questions
(``questions``): a party "saksi" of which two are wanted asks ``saksi1_nama``, ``saksi1_nik``, ``saksi2_nama`` ... The answers are kept
as texts under these names and are the values of the places in the letter's text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simpul.letters.rules import spelling, texts, variables
from simpul.lib import nik as nik_lib

INPUT_TYPES = ("text", "long", "date", "time", "number", "money", "choice", "yes_no", "person")
MOST_INPUTS = 60
MOST_PARTIES = 12
MOST_OF_A_PARTY = 12
TEXT_SIGNS = 200
LONG_SIGNS = 2000
UNITS = ("days", "months")
CONFIDENCES = ("confirmed", "secondary", "unconfirmed")
RESIDENT = ("either", "resident", "outside")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,38}[a-z0-9]")
_ARCHIVE = re.compile(r"[0-9]{3}(\.[0-9]{1,3}){0,5}")


@dataclass(frozen=True, slots=True)
class PartyDatum:
    """One thing asked of a person named in a letter: its type as an input, and its words."""

    type: str
    label: str
    label_en: str


PARTY_DATA: Mapping[str, PartyDatum] = {
    "nama": PartyDatum("person", "Nama", "Name"),
    "nik": PartyDatum("text", "NIK", "NIK"),
    "ttl": PartyDatum("text", "Tempat, tanggal lahir", "Place and date of birth"),
    "tempatlahir": PartyDatum("text", "Tempat lahir", "Place of birth"),
    "tanggallahir": PartyDatum("date", "Tanggal lahir", "Date of birth"),
    "usia": PartyDatum("number", "Usia", "Age"),
    "jenis_kelamin": PartyDatum("choice", "Jenis kelamin", "Sex"),
    "agama": PartyDatum("text", "Agama", "Religion"),
    "status_kawin": PartyDatum("text", "Status perkawinan", "Marital status"),
    "pekerjaan": PartyDatum("text", "Pekerjaan", "Occupation"),
    "pendidikan": PartyDatum("text", "Pendidikan", "Education"),
    "warga_negara": PartyDatum("text", "Kewarganegaraan", "Nationality"),
    "alamat": PartyDatum("text", "Alamat", "Address"),
    "telepon": PartyDatum("text", "Nomor telepon", "Telephone number"),
    "hubungan": PartyDatum("text", "Hubungan", "Relation"),
    "jabatan": PartyDatum("text", "Jabatan", "Office"),
    "binti": PartyDatum("text", "Bin atau binti", "Son or daughter of"),
    "bagian": PartyDatum("text", "Bagian", "Share"),
    "keterangan": PartyDatum("text", "Keterangan", "Note"),
}
"""What a text can know of a person who is named in a letter."""
SEXES = ("Laki-laki", "Perempuan")


@dataclass(frozen=True, slots=True)
class Input:
    """One question of a kind of letter. ``choices`` are the words that are printed, with their English beside them for the form."""

    code: str
    type: str
    label: str
    label_en: str = ""
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    officer: bool = False  # residents are not asked: an officer knows or finds out
    party: str = ""  # the party it is about, with its number: "saksi1"; "" for the type's own
    party_label: str = ""
    party_label_en: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The answers that can be chosen."""
        return tuple(word for word, _english in self.choices)

    def called(self, language: str) -> str:
        """What it is called, without the party."""
        return (language == "en" and self.label_en) or self.label


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody else who is named in the letter: who they are to it, whether they live here, what is asked of them."""

    code: str
    label: str
    label_en: str = ""
    resident: str = "either"
    data: tuple[str, ...] = ("nama",)
    most: int = 1
    least: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing the applicant shows: of the common list (R1 ... R12) by its code, or the village's own with its name."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a kind of letter: where, what, and the word it is about."""

    field: str
    code: str
    word: str = ""
    meant: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class VersionGiven:
    """A text and all that goes with it, as a form gives it."""

    name: str
    body: str
    archive_code: str
    about: str = ""
    name_en: str = ""
    about_en: str = ""
    heading: str = ""
    inputs: tuple[Input, ...] = ()
    parties: tuple[Party, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    forms: tuple[str, ...] = ()
    archive_confidence: str = "unconfirmed"
    validity_amount: int = 1
    validity_unit: str = "months"
    self_service: bool = False
    nonresidents: bool = False
    confirm: bool = False
    source: str = ""


def read_inputs(rows: Iterable[Mapping[str, Any]]) -> tuple[Input, ...]:
    """The inputs as they are kept in a version."""
    return tuple(
        Input(
            code=str(row["code"]),
            type=str(row.get("type", "text")),
            label=str(row.get("label", row["code"])),
            label_en=str(row.get("label_en", "")),
            hint=str(row.get("hint", "")),
            required=bool(row.get("required", True)),
            choices=tuple(_choice(one) for one in row.get("choices", ())),
            officer=bool(row.get("officer", False)),
        )
        for row in rows
    )


def _choice(one: Any) -> tuple[str, str]:
    return (str(one), "") if isinstance(one, str) else (str(one[0]), str(one[1]) if len(one) > 1 else "")


def write_inputs(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    """Inputs as a version keeps them."""
    return [
        {
            "code": one.code,
            "type": one.type,
            "label": one.label,
            "label_en": one.label_en,
            "hint": one.hint,
            "required": one.required,
            "choices": [list(choice) for choice in one.choices],
            "officer": one.officer,
        }
        for one in inputs
    ]


def read_parties(rows: Iterable[Mapping[str, Any]]) -> tuple[Party, ...]:
    """The parties as they are kept in a version."""
    return tuple(
        Party(
            code=str(row["code"]),
            label=str(row.get("label", row["code"])),
            label_en=str(row.get("label_en", "")),
            resident=str(row.get("resident", "either")),
            data=tuple(row.get("data", ("nama",))),
            most=int(row.get("most", 1)),
            least=int(row.get("least", 1)),
        )
        for row in rows
    )


def write_parties(parties: Iterable[Party]) -> list[dict[str, Any]]:
    """Parties as a version keeps them."""
    return [
        {
            "code": one.code,
            "label": one.label,
            "label_en": one.label_en,
            "resident": one.resident,
            "data": list(one.data),
            "most": one.most,
            "least": one.least,
        }
        for one in parties
    ]


def read_wanted(rows: Iterable[Any]) -> tuple[Wanted, ...]:
    """What is to be shown, as a version keeps it: codes of the common list, or rows with a name of their own."""
    return tuple(
        Wanted(one) if isinstance(one, str) else Wanted(str(one["code"]), str(one.get("name", "")))
        for one in rows
    )


# --- everything a form asks ------------------------------------------------------------------------------------------------------


def questions(inputs: Iterable[Input], parties: Iterable[Party]) -> tuple[Input, ...]:
    """All questions in the order of a form: the type's own, then each person's. Who is beyond ``least`` may be left out whole."""
    found = list(inputs)
    for party in parties:
        for number in range(1, party.most + 1):
            prefix = party.code if party.most == 1 else f"{party.code}{number}"
            tail = "" if party.most == 1 else f" {number}"
            for name in party.data:
                datum = PARTY_DATA[name]
                found.append(
                    Input(
                        code=f"{prefix}_{name}",
                        type=datum.type,
                        label=datum.label,
                        label_en=datum.label_en,
                        required=number <= party.least and name == "nama",
                        choices=tuple((word, "") for word in SEXES) if name == "jenis_kelamin" else (),
                        party=prefix,
                        party_label=party.label + tail,
                        party_label_en=(party.label_en or party.label) + tail,
                    )
                )
    return tuple(found)


def places_of(
    inputs: Iterable[Input], parties: Iterable[Party]
) -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """The names a text of this kind may use, and the groups its rows may be repeated for."""
    people = tuple(parties)
    own = {one.code for one in questions(inputs, people)}
    groups = {**variables.GROUPS, **{one.code: one.data for one in people if one.most > 1}}
    return variables.NAMES | own, groups


def purpose_asked(body: str) -> bool:
    """Whether the text says what the letter is for, so that the applicant is asked."""
    return any(name == "keperluan" for _group, name in texts.parse(body).places())


def read_answers(
    asked: Iterable[Input], given: Mapping[str, str], *, strict: bool = True
) -> tuple[dict[str, str], dict[str, str]]:
    """Answers as they are kept, and what is wrong with the others, by question.

    Args:
        asked: the questions of a version.
        given: what was typed; names that are no question are passed over.
        strict: whether a required answer may be missing; an officer's half-finished draft may.

    Returns:
        the clean answers (dates ISO, numbers as digits, "ya" or "tidak"), and codes of faults:
        missing, too_long, no_date, no_time, no_number, no_choice, no_nik.
    """
    clean: dict[str, str] = {}
    faults: dict[str, str] = {}
    for one in asked:
        typed = " ".join(given.get(one.code, "").split()) if one.type != "long" else given.get(one.code, "")
        typed = typed.strip()
        if not typed:
            if one.required and strict:
                faults[one.code] = "missing"
            continue
        value, fault = _answer(one, typed)
        if fault:
            faults[one.code] = fault
        else:
            clean[one.code] = value
    return clean, faults


def _answer(one: Input, typed: str) -> tuple[str, str]:
    if len(typed) > (LONG_SIGNS if one.type == "long" else TEXT_SIGNS):
        return "", "too_long"
    if one.type == "date":
        day = spelling.read_date(typed)
        return (day.isoformat(), "") if day else ("", "no_date")
    if one.type == "time":
        hour = spelling.read_time(typed)
        return (f"{hour:%H:%M}", "") if hour else ("", "no_time")
    if one.type in ("number", "money"):
        number = spelling.whole(typed)
        return (str(number), "") if number is not None and number >= 0 else ("", "no_number")
    if one.type == "yes_no":
        word = {"yes": "ya", "no": "tidak"}.get(typed.casefold(), typed.casefold())
        return (word, "") if word in ("ya", "tidak") else ("", "no_choice")
    if one.type == "choice":
        word = next((word for word in one.words if word.casefold() == typed.casefold()), "")
        return (word, "") if word else ("", "no_choice")
    if one.party and one.code.endswith("_nik"):
        digits = nik_lib.clean(typed)
        return (digits, "") if re.fullmatch(r"[0-9]{16}", digits) else ("", "no_nik")
    return typed, ""


def sample_answers(asked: Iterable[Input]) -> dict[str, str]:
    """Made-up answers, so that a preview has something in every place."""
    found: dict[str, str] = {}
    for one in asked:
        name = one.code.rpartition("_")[2]
        beyond = re.fullmatch(r".*?([0-9]+)", one.party)
        if beyond is not None and int(beyond.group(1)) > _MOST_SAMPLE_PEOPLE:
            continue
        found[one.code] = {
            "date": "2026-11-20",
            "time": "19:30",
            "number": "2",
            "money": "1500000",
            "choice": one.words[0] if one.words else "",
            "yes_no": "ya",
            "person": "Contoh Daeng " + _SAMPLE_NAMES[len(found) % len(_SAMPLE_NAMES)],
            "long": "Keterangan contoh.",
        }.get(one.type, "7399990101900009" if name == "nik" else f"({one.label.lower()})")
    return found


_MOST_SAMPLE_PEOPLE = 3
_SAMPLE_NAMES = ("Sewang", "Kanang", "Tayang", "Bali", "Nojeng")


# --- well formed? -----------------------------------------------------------------------------------------------------------------


def is_code(text: str) -> bool:
    """Whether this can be the key of a type, an input or a party: small letters, digits and low lines, two to forty."""
    return _CODE.fullmatch(text) is not None


def faults_of(
    *,
    body: str,
    inputs: Sequence[Input],
    parties: Sequence[Party],
    wanted: Sequence[Wanted],
    common: Collection[str],
    archive_code: str,
    validity_amount: int,
    validity_unit: str,
) -> tuple[Fault, ...]:
    """What stands against keeping a version; nothing when it is well formed.

    Args:
        common: the codes of the common list of requirements.
    """
    found = [*_input_faults(inputs, parties), *_party_faults(parties)]
    known, groups = places_of(inputs, [one for one in parties if set(one.data) <= set(PARTY_DATA)])
    found += [
        Fault("body", one.code, one.word, one.meant, one.line)
        for one in texts.problems_of(body, known, groups)
    ]
    found += [
        Fault("requirements", "no_name", one.code)
        for one in wanted
        if one.code not in common and not one.name
    ]
    if len({one.code for one in wanted}) != len(wanted):
        found.append(Fault("requirements", "twice"))
    if not _ARCHIVE.fullmatch(archive_code):
        found.append(Fault("archive_code", "no_archive_code", archive_code))
    if validity_unit not in UNITS or not 0 <= validity_amount <= 600:
        found.append(Fault("validity_amount", "no_validity", str(validity_amount)))
    return tuple(found)


def _input_faults(inputs: Sequence[Input], parties: Sequence[Party]) -> list[Fault]:
    found: list[Fault] = []
    taken: set[str] = set()
    for one in inputs:
        if not is_code(one.code):
            found.append(Fault("inputs", "no_key", one.code))
        elif one.code in variables.NAMES:
            found.append(Fault("inputs", "taken_key", one.code))
        elif one.code in taken:
            found.append(Fault("inputs", "twice", one.code))
        taken.add(one.code)
        if one.type not in INPUT_TYPES:
            found.append(Fault("inputs", "no_type", one.code))
        if not one.label.strip():
            found.append(Fault("inputs", "no_label", one.code))
        if one.type == "choice" and len(one.choices) < 2:
            found.append(Fault("inputs", "no_choices", one.code))
    if len(inputs) > MOST_INPUTS:
        found.append(Fault("inputs", "too_many", str(MOST_INPUTS)))
    clash = taken & {
        one.code for one in questions((), [p for p in parties if set(p.data) <= set(PARTY_DATA)])
    }
    return found + [Fault("inputs", "twice", code) for code in sorted(clash)]


def _party_faults(parties: Sequence[Party]) -> list[Fault]:
    found: list[Fault] = []
    taken: set[str] = set()
    for one in parties:
        if not is_code(one.code) or re.search(r"[0-9_]", one.code):
            found.append(Fault("parties", "no_key", one.code))
        elif one.code in taken or one.code in variables.GROUPS:
            found.append(Fault("parties", "twice", one.code))
        taken.add(one.code)
        if not one.label.strip():
            found.append(Fault("parties", "no_label", one.code))
        unknown = [name for name in one.data if name not in PARTY_DATA]
        found += [Fault("parties", "no_datum", name) for name in unknown]
        if "nama" not in one.data:
            found.append(Fault("parties", "no_datum", "nama"))
        if one.resident not in RESIDENT or not 0 <= one.least <= one.most <= MOST_OF_A_PARTY or one.most < 1:
            found.append(Fault("parties", "no_count", one.code))
    if len(parties) > MOST_PARTIES:
        found.append(Fault("parties", "too_many", str(MOST_PARTIES)))
    return found


def last_day(letter_date: date, amount: int, unit: str) -> date | None:
    """The last day a letter is good for; None when it has no end. A month ends on the same day, or on the month's last."""
    if amount == 0:
        return None
    if unit == "days":
        return letter_date + timedelta(days=amount)
    months = letter_date.month - 1 + amount
    year, month = letter_date.year + months // 12, months % 12 + 1
    for day in (letter_date.day, 30, 29, 28):
        try:
            return date(year, month, min(day, letter_date.day))
        except ValueError:
            continue
    return None

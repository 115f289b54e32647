"""What the pages about kinds of letter show: the village they are of, the words of a version, its text as blocks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from simpul.letters.queries import catalogue
from simpul.letters.queries import types as queries
from simpul.letters.rules import texts, variables
from simpul.letters.rules import types as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import words
from simpul.web.policy import Request

HERE = "desk_letter_types"
READING = ("version.write", "letter.draft")
VILLAGE = 10
INPUT_TYPES = {
    "text": gettext_lazy("One line"),
    "long": gettext_lazy("Several lines"),
    "date": gettext_lazy("A date"),
    "time": gettext_lazy("A time of day"),
    "number": gettext_lazy("A whole number"),
    "money": gettext_lazy("An amount in rupiah"),
    "choice": gettext_lazy("One of several"),
    "yes_no": gettext_lazy("Yes or no"),
    "person": gettext_lazy("A person's name"),
}
RESIDENT = {
    "either": gettext_lazy("From here or elsewhere"),
    "resident": gettext_lazy("A resident of the village"),
    "outside": gettext_lazy("From elsewhere"),
}
FIELDS = {
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("Name in English"),
    "about": gettext_lazy("What this kind is for"),
    "about_en": gettext_lazy("What this kind is for, in English"),
    "heading": gettext_lazy("Heading on the letter"),
    "body": gettext_lazy("Text"),
    "inputs": gettext_lazy("Questions"),
    "parties": gettext_lazy("Others who are named"),
    "requirements": gettext_lazy("To be shown"),
    "forms": gettext_lazy("Official forms"),
    "archive_code": gettext_lazy("Archive code"),
    "validity_amount": gettext_lazy("Valid for"),
    "validity_unit": gettext_lazy("Days or months"),
    "self_service": gettext_lazy("Residents may ask for it themselves"),
    "nonresidents": gettext_lazy("Also for people from elsewhere"),
    "confirm": gettext_lazy("The RT/RW confirms first"),
}
CONFIDENCES = {
    "confirmed": gettext_lazy("Read in the official text"),
    "secondary": gettext_lazy("Read in a description of it"),
    "unconfirmed": gettext_lazy("Not confirmed: ask the legal office"),
}
SOURCES = {
    "person": gettext_lazy("The person"),
    "village": gettext_lazy("The village"),
    "letter": gettext_lazy("The letter (filled at release)"),
    "signer": gettext_lazy("Who signs (filled at release)"),
}
FILTERS = {
    "besar": gettext_lazy("CAPITALS"),
    "kecil": gettext_lazy("small letters"),
    "judul": gettext_lazy("Capitals at the beginning of words"),
    "tanggal": "26 November 2026",
    "hari": gettext_lazy("the day of the week"),
    "bulan": gettext_lazy("the month"),
    "tahun": gettext_lazy("the year"),
    "tanggal_huruf": gettext_lazy("the whole date in words"),
    "jam": "pukul 19.30",
    "angka": "1.250",
    "rupiah": "Rp1.250.000",
    "terbilang": gettext_lazy("the number in words"),
    "terbilang_rupiah": gettext_lazy("the amount in words"),
    "romawi": "XI",
    "samar": gettext_lazy("hidden but for the first letters"),
    "ya_tidak": gettext_lazy("yes or no"),
}


def language() -> str:
    """The reader's language."""
    return (get_language() or "id")[:2]


def village_of(request: Request) -> str:
    """The village whose letters are shown: the seat's own, or the one the address names inside its area; "" when none is chosen."""
    own = [code for code in request.by.served_areas if len(code) == VILLAGE]
    asked = request.GET.get("desa", "").replace(".", "")[:VILLAGE]
    if asked and len(asked) == VILLAGE and request.by.serves(asked):
        return asked if region_queries.find_region(asked) is not None else ""
    return own[0] if own else ""


def require_village(request: Request) -> str:
    """The village that is shown.

    Raises:
        Http404: none is chosen, or it is outside of the seat's area.
    """
    found = village_of(request)
    if not found:
        raise Http404
    return found


def offer_or_404(code: str, region_code: str) -> queries.Offer:
    """The kind in this village, also when it is not offered any more."""
    found = queries.find(code, region_code, ended=True)
    if found is None:
        raise Http404
    return found


def kept(request: Request, **more: str) -> str:
    """The part of an address that keeps the chosen village: "" for a seat of one village."""
    chosen = request.GET.get("desa", "")
    given = {key: value for key, value in {"desa": chosen, **more}.items() if value}
    return f"?{urlencode(given)}" if given else ""


def validity(amount: int, unit: str) -> str:
    """How long a letter is good for, in words."""
    if amount == 0:
        return _("no end")
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", amount) % {"n": amount}
    return ngettext("%(n)s month", "%(n)s months", amount) % {"n": amount}


def requirements(version: Any) -> list[dict[str, str]]:
    """What the applicant shows."""
    named = queries.requirement_labels(version, language())
    return [{"code": code, "name": name} for code, name in named.items()]


def official_forms(version: Any) -> list[str]:
    """The official forms that go with it, with their names."""
    known = catalogue.forms()
    return [f"{code} {known[code].name}" if code in known else code for code in version.forms]


def blocks(body: texts.Body) -> list[dict[str, Any]]:
    """A text for a template: plain data with its kind."""
    return texts.to_data(body)


def preview_of(version: Any) -> list[dict[str, Any]]:
    """A version's text with made-up people."""
    done, _problems = queries.preview(
        body=version.body,
        inputs=rules.read_inputs(version.inputs),
        parties=rules.read_parties(version.parties),
    )
    return blocks(done.body)


def described(version: Any) -> dict[str, Any]:
    """A version in words: questions, people, requirements, validity, archive code."""
    lang = language()
    return {
        "version": version,
        "name": (lang == "en" and version.name_en) or version.name,
        "about": (lang == "en" and version.about_en) or version.about,
        "inputs": [
            {
                "label": one.called(lang),
                "code": one.code,
                "sort": INPUT_TYPES.get(one.type, one.type),
                "required": one.required,
                "officer": one.officer,
                "choices": ", ".join(one.words),
            }
            for one in rules.read_inputs(version.inputs)
        ],
        "parties": [
            {
                "label": (lang == "en" and one.label_en) or one.label,
                "code": one.code,
                "resident": RESIDENT.get(one.resident, ""),
                "most": one.most,
                "least": one.least,
                "data": ", ".join(_datum(name, lang) for name in one.data),
            }
            for one in rules.read_parties(version.parties)
        ],
        "requirements": requirements(version),
        "forms": official_forms(version),
        "validity": validity(version.validity_amount, version.validity_unit),
        "confidence": CONFIDENCES.get(version.archive_confidence, ""),
        "when": words.moment(version.written_at, version.region_code or "73"),
        "own": bool(version.region_code),
    }


def _datum(name: str, lang: str) -> str:
    found = rules.PARTY_DATA.get(name)
    if found is None:
        return name
    return found.label_en if lang == "en" else found.label


def places(version_inputs: tuple[rules.Input, ...], parties: tuple[rules.Party, ...]) -> list[dict[str, Any]]:
    """Every place a text of this kind may use, by where it comes from: shown beside the text."""
    english = language() == "en"
    asked = rules.questions(
        version_inputs, [one for one in parties if set(one.data) <= set(rules.PARTY_DATA)]
    )
    found: list[dict[str, Any]] = []
    if asked:
        rows = [
            {
                "name": one.code,
                "label": f"{one.party_label}: {one.called(language())}"
                if one.party
                else one.called(language()),
            }
            for one in asked
        ]
        found.append({"title": _("This letter's own questions"), "rows": rows})
    for source, title in SOURCES.items():
        rows = [
            {"name": one.name, "label": one.label_en if english else one.label}
            for one in variables.ALL
            if one.source == source
        ]
        found.append({"title": title, "rows": rows})
    return found

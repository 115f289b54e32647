"""The form a kind of letter is written in: its words, its text, and rows of questions and of people who are named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from simpul.letters.queries import catalogue
from simpul.letters.rules import texts
from simpul.letters.rules import types as rules
from simpul.web import forms
from simpul.web.desk.letter_types import shown

EMPTY_ROWS = 1
"""Blank rows that a page begins with; the button "one more" adds others."""


class WordsForm(forms.Form):
    """What a kind is called and for, its text, and the facts about it."""

    name = forms.LineField(max_length=120, label=_("Name"))
    about = forms.LongTextField(
        max_length=300,
        rows=2,
        label=_("What is it for?"),
        help_text=_("One sentence that residents understand."),
    )
    printed = forms.LineField(
        required=False, max_length=150, label=_("Heading on the letter"), help_text=_("Empty: the name.")
    )
    body = forms.LongTextField(max_length=texts.MOST_SIGNS, rows=18, label=_("Text of the letter"))
    archive_code = forms.LineField(
        max_length=20,
        width="10",
        label=_("Archive code"),
        help_text=_("After Permendagri 83/2022; the letter's number begins with it."),
    )
    validity_amount = django_forms.IntegerField(
        min_value=0,
        max_value=600,
        label=_("Valid for"),
        help_text=_("0: no end."),
        widget=django_forms.NumberInput(attrs={"data-width": "4"}),
    )
    validity_unit = forms.ChoiceField(
        label=_("Days or months"),
        widget=django_forms.Select,
        choices=(("days", _("days")), ("months", _("months"))),
    )
    wanted = forms.ChoicesField(required=False, label=_("What the applicant shows"))
    own_wanted = forms.LongTextField(
        required=False,
        max_length=1000,
        rows=3,
        label=_("Other things to show"),
        help_text=_("One to a line."),
    )
    official = forms.ChoicesField(required=False, label=_("Official forms that go with it"))
    self_service = forms.TickField(
        required=False, label=_("Residents may ask for it themselves, without an officer")
    )
    nonresidents = forms.TickField(required=False, label=_("Also for people from elsewhere"))
    confirm = forms.TickField(required=False, label=_("The RT/RW confirms first"))
    name_en = forms.LineField(required=False, max_length=120, label=_("Name in English"))
    about_en = forms.LineField(required=False, max_length=300, label=_("What this kind is for, in English"))
    archive_confidence = forms.ChoiceField(
        label=_("How sure the archive code is"),
        widget=django_forms.Select,
        choices=tuple(shown.CONFIDENCES.items()),
    )
    source = forms.LineField(required=False, max_length=200, label=_("Source or decision"))

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        language = shown.language()
        _field(self, "wanted").explain(
            (one.code, one.label(language)) for one in catalogue.requirements().values()
        )
        _field(self, "official").explain(
            (one.code, f"{one.code} {one.name}") for one in catalogue.forms().values()
        )


class NewForm(WordsForm):
    """A kind that is new: it also gets a key and a place in the lists."""

    code = forms.LineField(
        max_length=40,
        width="20",
        label=_("Key"),
        help_text=_(
            "Small letters, digits and low lines, for example keterangan_nelayan. It stays for ever."
        ),
    )
    group = forms.ChoiceField(label=_("What is it about?"), widget=django_forms.Select)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        language = shown.language()
        _field(self, "group").explain((one.code, one.label(language)) for one in catalogue.groups().values())


class InputRow(forms.Form):
    """One question."""

    label = forms.LineField(required=False, max_length=150, label=_("Question"))
    code = forms.LineField(required=False, max_length=40, width="20", label=_("Key in the text"))
    type = forms.ChoiceField(
        required=False,
        label=_("Sort of answer"),
        widget=django_forms.Select,
        choices=tuple(shown.INPUT_TYPES.items()),
    )
    choices = forms.LongTextField(
        required=False,
        max_length=1500,
        rows=3,
        label=_("Answers to choose from"),
        help_text=_("One to a line; the English after “=”."),
    )
    hint = forms.LineField(required=False, max_length=200, label=_("Hint"))
    label_en = forms.LineField(required=False, max_length=150, label=_("Question in English"))
    required = forms.TickField(required=False, label=_("Must be answered"))
    officer = forms.TickField(required=False, label=_("Only officers answer this"))


class PartyRow(forms.Form):
    """Somebody else who is named."""

    label = forms.LineField(required=False, max_length=100, label=_("Who"))
    code = forms.LineField(required=False, max_length=40, width="20", label=_("Key in the text"))
    resident = forms.ChoiceField(
        required=False,
        label=_("From where"),
        widget=django_forms.Select,
        choices=tuple(shown.RESIDENT.items()),
    )
    least = django_forms.IntegerField(
        required=False,
        min_value=0,
        max_value=12,
        label=_("At least"),
        widget=django_forms.NumberInput(attrs={"data-width": "3"}),
    )
    most = django_forms.IntegerField(
        required=False,
        min_value=1,
        max_value=12,
        label=_("At most"),
        widget=django_forms.NumberInput(attrs={"data-width": "3"}),
    )
    label_en = forms.LineField(required=False, max_length=100, label=_("Who, in English"))
    known = forms.ChoicesField(required=False, label=_("What is asked of them"))

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        english = shown.language() == "en"
        _field(self, "known").explain(
            (name, one.label_en if english else one.label) for name, one in rules.PARTY_DATA.items()
        )


def _field(form: Any, name: str) -> Any:
    return form.fields[name]


class Editor:
    """The whole form of a kind: words and rows, and what they come to."""

    def __init__(self, post: Any, given: rules.VersionGiven | None = None, *, new: bool = False) -> None:
        first = _words(given) if given is not None else _FIRST
        inputs = [_input(one) for one in given.inputs] if given is not None else []
        parties = [_party(one) for one in given.parties] if given is not None else []
        self.words = (NewForm if new else WordsForm)(post, initial=first)
        self.inputs = _rows(InputRow, rules.MOST_INPUTS, EMPTY_ROWS)(post, initial=inputs, prefix="inputs")
        self.parties = _rows(PartyRow, rules.MOST_PARTIES, EMPTY_ROWS)(
            post, initial=parties, prefix="parties"
        )
        self.given = given

    def is_valid(self) -> bool:
        """Whether every box could be read; what the words mean together is judged by the act."""
        found = [self.words.is_valid(), self.inputs.is_valid(), self.parties.is_valid()]
        if found[0] and not all(found):
            self.words.add_error(None, _("Look at the rows marked below: something in them cannot be read."))
        return all(found)

    def refuse(self, refusal: Exception) -> None:
        """Show a refusal beside its field, or above the form."""
        self.words.refuse(refusal)

    def read_inputs(self) -> tuple[rules.Input, ...]:
        """The questions as typed, in their order, without the empty and the removed ones."""
        found = []
        for row in _kept(self.inputs):
            label, code = row.get("label", ""), row.get("code", "")
            if label or code:
                found.append(
                    rules.Input(
                        code=code or key_of(label),
                        type=row.get("type") or "text",
                        label=label,
                        label_en=row.get("label_en", ""),
                        hint=row.get("hint", ""),
                        required=bool(row.get("required")),
                        officer=bool(row.get("officer")),
                        choices=read_choices(row.get("choices", "")) if row.get("type") == "choice" else (),
                    )
                )
        return tuple(found)

    def read_parties(self) -> tuple[rules.Party, ...]:
        """The people as typed; a name is always asked."""
        found = []
        for row in _kept(self.parties):
            label, code = row.get("label", ""), row.get("code", "")
            if label or code:
                most = row.get("most") or 1
                data = list(row.get("known", ()))
                found.append(
                    rules.Party(
                        code=code or re.sub(r"[0-9_]", "", key_of(label)),
                        label=label,
                        label_en=row.get("label_en", ""),
                        resident=row.get("resident") or "either",
                        data=tuple(data if "nama" in data else ["nama", *data]),
                        most=most,
                        least=min(row["least"] if row.get("least") is not None else 1, most),
                    )
                )
        return tuple(found)

    def version(self) -> rules.VersionGiven:
        """What the form comes to."""
        words = self.words.cleaned_data
        plain = (
            "name",
            "name_en",
            "about",
            "about_en",
            "body",
            "archive_code",
            "archive_confidence",
            "validity_amount",
            "validity_unit",
            "self_service",
            "nonresidents",
            "confirm",
            "source",
        )
        return rules.VersionGiven(
            inputs=self.read_inputs(),
            parties=self.read_parties(),
            wanted=(
                *(rules.Wanted(code) for code in words["wanted"]),
                *self._own_wanted(words["own_wanted"]),
            ),
            forms=tuple(words["official"]),
            heading=words["printed"],
            **{name: words[name] for name in plain},
        )

    def _own_wanted(self, typed: str) -> tuple[rules.Wanted, ...]:
        """The village's own things to show; one that was there keeps its key."""
        known = (
            {one.name: one.code for one in self.given.wanted if one.name} if self.given is not None else {}
        )
        names = dict.fromkeys(line.strip()[:100] for line in typed.splitlines() if line.strip())
        return tuple(rules.Wanted(known.get(name, key_of(name)), name) for name in names)


_FIRST: Mapping[str, Any] = {
    "validity_amount": 1,
    "validity_unit": "months",
    "archive_confidence": "unconfirmed",
    "wanted": ["R2", "R3"],
    "body": "{jabatan} dengan ini menerangkan bahwa:\n\nNama :: {nama|besar}\n? NIK :: {nik}\n"
    "Tempat, tanggal lahir :: {ttl}\nAlamat :: {alamat}\n\n…\n\n? Surat ini diperlukan untuk {keperluan}.",
}


def _rows(row: type[forms.Form], most: int, blank: int) -> Any:
    return formset_factory(
        row, extra=blank, can_order=True, can_delete=True, max_num=most, absolute_max=most + 10
    )


def _kept(rows: Any) -> list[dict[str, Any]]:
    """The rows that were not removed, in the order their numbers say; a row without a number keeps its place."""
    found: list[tuple[float, dict[str, Any]]] = []
    for place, form in enumerate(rows.forms, start=1):
        data = getattr(form, "cleaned_data", None) or {}
        if data and not data.get("DELETE"):
            order = data.get("ORDER")
            # A moved row stands before the one whose number it was given.
            found.append((place if order in (None, place) else order - 0.5, data))
    return [data for _order, data in sorted(found, key=lambda one: one[0])]


def key_of(label: str) -> str:
    """A key made of a label: "Nama perahu" -> "nama_perahu"."""
    key = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:38]
    return key if rules.is_code(key) else f"isian_{key}".rstrip("_")[:40]


def read_choices(typed: str) -> tuple[tuple[str, str], ...]:
    """Answers as typed, one to a line: "Hilang = Lost"."""
    found: dict[str, str] = {}
    for line in typed.splitlines():
        word, _sign, english = line.partition("=")
        if word.strip():
            found[word.strip()[:100]] = english.strip()[:100]
    return tuple(found.items())


def _words(given: rules.VersionGiven) -> dict[str, Any]:
    own = [one.name for one in given.wanted if one.name]
    return {
        **{name: getattr(given, name) for name in WordsForm.base_fields if hasattr(given, name)},
        "printed": given.heading,
        "wanted": [one.code for one in given.wanted if not one.name],
        "own_wanted": "\n".join(own),
        "official": list(given.forms),
    }


def _input(one: rules.Input) -> dict[str, Any]:
    lines = [f"{word} = {english}" if english else word for word, english in one.choices]
    return {
        "label": one.label,
        "code": one.code,
        "type": one.type,
        "choices": "\n".join(lines),
        "hint": one.hint,
        "label_en": one.label_en,
        "required": one.required,
        "officer": one.officer,
    }


def _party(one: rules.Party) -> dict[str, Any]:
    return {
        "label": one.label,
        "code": one.code,
        "resident": one.resident,
        "least": one.least,
        "most": one.most,
        "label_en": one.label_en,
        "known": list(one.data),
    }

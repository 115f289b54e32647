"""The form of a request: who asks, what for, the letter's own questions, photos of what is to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from simpul.letters.queries import types as queries
from simpul.letters.rules import texts
from simpul.letters.rules import types as rules
from simpul.lib import media, money
from simpul.lib.errors import Refused
from simpul.lib.media import CleanFile
from simpul.web import forms
from simpul.web.portal import report_forms, words

FAULTS = {
    "missing": _("Fill in this answer."),
    "too_long": _("Shorten this answer."),
    "no_date": _("Write day, month and year, for example 17/8/2026."),
    "no_time": _("Write the hour, for example 19.30."),
    "no_number": _("Write a whole number."),
    "no_choice": _("Choose one answer."),
    "no_nik": _("A NIK has 16 digits. Leave it empty when you do not know it."),
}
_SELECT_FROM = 8


class AskForm(forms.Form):
    """Everything a request asks, on one page."""

    name = forms.NameField(label=_("Your full name"), help_text=_("As on your KTP or family card."))
    nik = forms.DigitsField(
        required=False,
        length=16,
        label=_("NIK"),
        help_text=_("16 digits. It makes the letter quicker; you may leave it empty."),
    )
    phone = forms.PhoneField(
        required=False, label=_("Phone"), help_text=_("We tell you when the letter is ready.")
    )
    safe = forms.ChoiceField(
        required=False,
        label=_("What may we do with this phone?"),
        help_text=_("Others may pick it up or read it. Choose what is safe for you."),
        choices=report_forms.SAFE,
    )
    subject = forms.LineField(
        required=False,
        max_length=120,
        label=_("Name of the person the letter is about"),
        help_text=_("Only when that is somebody else, for example your child."),
    )
    purpose = forms.LineField(
        max_length=200, label=_("What do you need it for?"), help_text=_("For example: a loan at the bank.")
    )

    def __init__(self, *given: Any, version: Any, already: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*given, **options)
        self.version = version
        self.taken: dict[str, tuple[str, CleanFile]] = {}
        own = [one for one in rules.read_inputs(version.inputs) if not one.officer]
        self.asked = rules.questions(own, rules.read_parties(version.parties))
        self.wanted = [one.code for one in rules.read_wanted(version.requirements)]
        needed = texts.render(texts.parse(version.body), {}).missing
        named = {name for _group, name in queries.places_used(version.body)}
        if "keperluan" not in named:
            self.fields.pop("purpose")
        elif "keperluan" not in needed:
            self.fields["purpose"].required = False
        for one in self.asked:
            self.fields[f"isian_{one.code}"] = _question(one)
        names = queries.requirement_labels(version, words.language())
        for code in self.wanted:
            hint = _now("Already here; a new one takes its place.") if code in already else ""
            self.fields[f"foto_{code}"] = django_forms.FileField(
                required=False,
                label=names[code],
                help_text=hint,
                widget=django_forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
            )

    @property
    def about_you(self) -> list[Any]:
        """The boxes about who asks."""
        return [self[name] for name in ("name", "nik", "phone", "safe", "subject") if name in self.fields]

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The letter's own questions, those about one person together."""
        found: list[dict[str, Any]] = [{"title": "", "fields": []}]
        if "purpose" in self.fields:
            found[0]["fields"].append(self["purpose"])
        party = ""
        for one in self.asked:
            if one.party != party:
                party = one.party
                english = words.language() == "en" and one.party_label_en
                found.append({"title": english or one.party_label, "fields": []})
            found[-1]["fields"].append(self[f"isian_{one.code}"])
        return [group for group in found if group["fields"]]

    @property
    def photos(self) -> list[Any]:
        """The boxes for photos."""
        return [self[f"foto_{code}"] for code in self.wanted]

    def clean(self) -> dict[str, Any]:
        """The answers by the rules of the letter; each photo judged for itself."""
        values: dict[str, Any] = super().clean() or {}
        given = {one.code: _typed(values.get(f"isian_{one.code}")) for one in self.asked}
        read = [one for one in self.asked if f"isian_{one.code}" not in self.errors]
        self.answers, faults = rules.read_answers(read, given)
        for code, fault in faults.items():
            self.add_error(f"isian_{code}", FAULTS[fault])
        for code in self.wanted:
            self._judge(code, values.get(f"foto_{code}"))
        return values

    def _judge(self, code: str, file: Any) -> None:
        if not file:
            return
        name = forms.tidy_line(file.name or "")[:80]
        try:
            if (file.size or 0) > settings.SIMPUL_MAX_FILE:
                limit = settings.SIMPUL_MAX_FILE // (1024 * 1024)
                raise media.FileTooLarge(size=f"{file.size / 1024 / 1024:.1f}", limit=limit)
            clean = media.inspect_and_clean(file.read(), name, max_bytes=settings.SIMPUL_MAX_FILE)
        except Refused as refusal:
            self.add_error(f"foto_{code}", str(refusal))
        else:
            self.taken[code] = (name, clean)


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _question(one: rules.Input) -> django_forms.Field:
    """One box for one question. Whether the answer fits is the rules' part."""
    common: dict[str, Any] = {
        "label": one.called(words.language()),
        "help_text": one.hint,
        "required": one.required,
    }
    if one.type == "choice":
        english = words.language() == "en"
        options = [(word, translated if english and translated else word) for word, translated in one.choices]
        if len(options) > _SELECT_FROM:
            blank = [("", _now("Choose"))]
            return forms.ChoiceField(choices=blank + options, widget=django_forms.Select, **common)
        return forms.ChoiceField(choices=options, **common)
    if one.type == "yes_no":
        return forms.ChoiceField(choices=[("ya", _now("Yes")), ("tidak", _now("No"))], inline=True, **common)
    if one.type == "long":
        return forms.LongTextField(max_length=rules.LONG_SIGNS, rows=4, **common)
    if one.type == "date":
        return forms.DatePartsField(earliest=date(1900, 1, 1), latest=date(2100, 1, 1), **common)
    field = forms.LineField(max_length=rules.TEXT_SIGNS, **common)
    if one.type in ("number", "money"):
        field.widget.attrs["inputmode"] = "numeric"
    return field


def shown(one: rules.Input, value: str) -> str:
    """A kept answer as people read it."""
    if not value:
        return ""
    if one.type == "date":
        return words.date_words(date.fromisoformat(value))
    if one.type == "money":
        return money.rupiah(int(value))
    if one.type == "time":
        return value.replace(":", ".")
    if one.type == "yes_no":
        return _now("Yes") if value == "ya" else _now("No")
    if one.type == "choice" and words.language() == "en":
        return dict(one.choices).get(value) or value
    return value

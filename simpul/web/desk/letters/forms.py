"""Forms of letters: taking one in, its questions, a mark, a reason, a mandate, the village's ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from simpul.letters.rules import flow
from simpul.letters.rules import mandates as mandate_rules
from simpul.letters.rules import numbers as number_rules
from simpul.letters.rules.types import LONG_SIGNS, TEXT_SIGNS, Input
from simpul.lib.ids import uuid7
from simpul.web import forms
from simpul.web.manage import fields

TAKEN_BY = ("desk", "whatsapp", "phone", "field")
CONSENTS = (
    ("spoken", _("Said so")),
    ("paper", _("Signed on paper")),
    ("proxy", _("Somebody else asks for them")),
)
FAULTS: Mapping[str, str] = {
    "missing": gettext_noop("Fill in this answer."),
    "too_long": gettext_noop("Shorten this answer."),
    "no_date": gettext_noop("Write a date, for example 17/8/2026."),
    "no_time": gettext_noop("Write a time, for example 19.30."),
    "no_number": gettext_noop("Write a whole number."),
    "no_choice": gettext_noop("Choose one of the answers."),
    "no_nik": gettext_noop("A NIK has 16 digits."),
    "unreadable": gettext_noop("The letter cannot read this. Look at how it is written."),
}
"""Fault of an answer -> what to do about it."""


def question_name(code: str) -> str:
    """The name of a question in a form."""
    return f"isi-{code}"


def question_field(one: Input, language: str, *, required: bool = False) -> Any:
    """The field that asks one question of a kind of letter."""
    label = one.called(language)
    plain: dict[str, Any] = {"label": label, "required": required, "help_text": one.hint}
    if one.type == "long":
        return forms.LongTextField(rows=3, max_length=LONG_SIGNS, **plain)
    if one.type == "choice":
        pairs = [(word, (language == "en" and english) or word) for word, english in one.choices]
        return forms.ChoiceField(choices=[("", "–"), *pairs], widget=django_forms.Select, **plain)
    if one.type == "yes_no":
        pairs = [("ya", gettext("Yes")), ("tidak", gettext("No"))]
        return forms.ChoiceField(choices=pairs, inline=True, **plain)
    field = forms.LineField(max_length=TEXT_SIGNS, width=_WIDTHS.get(one.type, ""), **plain)
    if one.type in ("number", "money"):
        field.widget.attrs["inputmode"] = "numeric"
    if not one.hint and one.type in _HINTS:
        field.help_text = gettext(_HINTS[one.type])
    return field


_WIDTHS = {"date": "10", "time": "5", "number": "10", "money": "20"}
_HINTS = {
    "date": gettext_noop("For example 17/8/2026."),
    "time": gettext_noop("For example 19.30."),
    "money": gettext_noop("Rupiah, for example 1.500.000."),
}


class QuestionsForm(forms.Form):
    """A form with the questions of a kind of letter in it; they are read by the kind's own rules, so nothing is lost half-way."""

    def __init__(
        self, *args: Any, questions: Iterable[Input] = (), language: str = "id", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.questions = tuple(questions)
        for one in self.questions:
            self.fields[question_name(one.code)] = question_field(one, language)
        self.language = language

    def answers(self) -> dict[str, str]:
        """What was typed, by the question's own key."""
        return {
            one.code: str(self.data.get(question_name(one.code), ""))
            for one in self.questions
            if self.is_bound
        }

    def blame(self, faults: Mapping[str, str]) -> None:
        """Say beside each question what is wrong with its answer."""
        for code, fault in faults.items():
            name = question_name(code)
            if name in self.fields:
                self.add_error(name, gettext(FAULTS.get(fault, FAULTS["unreadable"])))

    def parts(self) -> list[dict[str, Any]]:
        """The questions as a page shows them: the kind's own, then each person's under a heading."""
        found: list[dict[str, Any]] = []
        for one in self.questions:
            title = (self.language == "en" and one.party_label_en) or one.party_label
            if not found or found[-1]["party"] != one.party:
                found.append({"party": one.party, "title": title, "fields": []})
            found[-1]["fields"].append(self[question_name(one.code)])
        return found


class TakeInForm(QuestionsForm):
    """A request at the counter, from the telephone or from a pasted message."""

    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(code, _(flow.CHANNELS[code])) for code in TAKEN_BY],
        initial="desk",
        inline=True,
    )
    message = forms.LongTextField(
        label=_("Message, pasted"),
        rows=3,
        required=False,
        max_length=2000,
        help_text=_("Only for a request by WhatsApp: paste what was written. It stays with the matter."),
    )
    name = forms.NameField(label=_("Name of the applicant"))
    phone = forms.PhoneField(label=_("Phone"), required=False)
    nik = forms.DigitsField(label=_("NIK"), required=False, length=16, width="20")
    address = forms.LineField(label=_("Address"), required=False, max_length=200)
    subject_name = forms.LineField(
        label=_("About somebody else?"),
        required=False,
        max_length=150,
        help_text=_(
            "The name of the child, parent or other person the letter is about. Otherwise leave empty."
        ),
    )
    purpose = forms.LineField(
        label=_("What is the letter for?"),
        required=False,
        max_length=300,
        help_text=_("For example: a loan at the bank. It is printed where the letter says its purpose."),
    )
    consent = forms.ChoiceField(
        label=_("How did they agree that it is kept?"), choices=CONSENTS, initial="spoken", inline=True
    )
    person_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    letter_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    visit_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, photos: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.photos = tuple(photos)
        for code, name in self.photos:
            self.fields[f"foto-{code}"] = forms.FilesField(label=name, required=False, max_files=1)

    def photo_fields(self) -> list[Any]:
        """The fields for photos of requirements."""
        return [self[f"foto-{code}"] for code, _name in self.photos]


class DraftForm(QuestionsForm):
    """The letter as it is written: what the register says and may be corrected, the answers, the purpose."""

    purpose = forms.LineField(label=_("What is the letter for?"), required=False, max_length=300)
    subject_name = forms.LineField(
        label=_("About whom, when it is somebody else?"), required=False, max_length=150
    )

    def __init__(self, *args: Any, places: Iterable[tuple[str, str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = tuple(places)
        for name, label, value in self.places:
            self.fields[f"data-{name}"] = forms.LineField(
                label=label, required=False, initial=value, max_length=300
            )

    def fact_fields(self) -> list[Any]:
        """The fields of what the register says."""
        return [self[f"data-{name}"] for name, _label, _value in self.places]

    def corrections(self) -> dict[str, str]:
        """What differs from the register."""
        return {
            name: typed
            for name, _label, value in self.places
            if (typed := self.cleaned_data.get(f"data-{name}", "")) and typed != value
        }


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LongTextField(label=_("Reason"), rows=3, max_length=300)

    def __init__(self, *args: Any, label: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if label:
            self.fields["why"].label = label


class HandForm(forms.Form):
    """Who took the paper."""

    received_name = forms.NameField(label=_("Who takes it?"), max_length=150)


class ConfirmForm(forms.Form):
    """What the RT or RW says."""

    office = forms.LineField(label=_("Office"), max_length=60, help_text=_("For example: Ketua RT 02."))
    name = forms.NameField(label=_("Name"))
    how = forms.ChoiceField(
        label=_("How was it said?"),
        choices=[("paper", _("Letter on paper")), ("phone", _("By telephone")), ("present", _("In person"))],
        initial="paper",
        inline=True,
    )
    agrees = forms.ChoiceField(
        label=_("Do they confirm the request?"), choices=[("yes", _("Yes")), ("no", _("No"))], inline=True
    )
    words = forms.LineField(label=_("In their words"), required=False, max_length=300)
    confirmation_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("confirmation_id", str(uuid7()))


class ReleaseForm(forms.Form):
    """Only for a letter that was written by hand without a network: which of its numbers, of which day."""

    block = forms.ChoiceField(
        label=_("Letter number"),
        widget=django_forms.Select,
        required=False,
        help_text=_(
            "Choose a block only when the letter was already written by hand with one of its numbers."
        ),
    )
    number = fields.CountField(label=_("Number on the paper"), required=False, min_value=1)
    letter_date = forms.DateField(label=_("Date on the paper"), required=False)

    def __init__(self, *args: Any, blocks: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["block"].explain([("", gettext("the next number")), *blocks])  # type: ignore[attr-defined]


class MandateForm(forms.Form):
    """A mandate, as the written decision says it."""

    decision_number = forms.LineField(label=_("Number of the decision"), max_length=100)
    decision_date = forms.DateField(label=_("Date of the decision"))
    seat = forms.ChoiceField(label=_("Who?"), widget=django_forms.Select)
    name = forms.LineField(
        label=_("Name as printed"),
        required=False,
        max_length=150,
        help_text=_("Left empty, the name they sign in with."),
    )
    title = forms.LineField(
        label=_("Office as printed"), max_length=100, help_text=_("For example: Sekretaris Desa.")
    )
    acts = forms.ChoicesField(
        label=_("What may they do?"), choices=[(code, _(name)) for code, name in mandate_rules.ACTS.items()]
    )
    from_date = forms.DateField(label=_("From"))
    to_date = forms.DateField(label=_("Until"))
    types = forms.ChoicesField(
        label=_("For which letters?"), required=False, help_text=_("Choose none for all kinds of letter.")
    )
    mandate_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(
        self, *args: Any, seats: Iterable[tuple[str, str]], types: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["seat"].explain(list(seats))  # type: ignore[attr-defined]
        self.fields["types"].explain(list(types))  # type: ignore[attr-defined]
        self.initial.setdefault("mandate_id", str(uuid7()))

    def given(self) -> dict[str, Any]:
        """The mandate as the act takes it, without its seat."""
        names = ("decision_number", "decision_date", "name", "title", "acts", "from_date", "to_date", "types")
        return {name: self.cleaned_data[name] for name in (*names, "mandate_id")}


class OfficeForm(forms.Form):
    """How the village writes letters."""

    pattern = forms.LineField(
        label=_("Pattern of numbers"),
        max_length=number_rules.MOST_SIGNS,
        help_text=_("The example below shows how a number is printed."),
    )
    short_code = forms.LineField(
        label=_("Short name of the village"),
        required=False,
        max_length=20,
        width="10",
        help_text=_("For {singkatan}."),
    )
    series_mode = forms.ChoiceField(
        label=_("Series of numbers"), choices=[(code, _(name)) for code, name in number_rules.MODES.items()]
    )
    check_first = forms.TickField(label=_("The secretary checks before the head approves"), required=False)
    confirm_first = forms.TickField(label=_("The RT or RW confirms every request"), required=False)
    alone = forms.TickField(
        label=_("Who has a mandate may release what they drafted themselves"),
        required=False,
        help_text=_(
            "For a post where one officer works alone at night. Otherwise a second person always looks."
        ),
    )
    signer_name = forms.LineField(label=_("Name of the village head"), max_length=150)
    signer_title = forms.LineField(label=_("Office as printed"), max_length=100)
    signer_number = forms.LineField(label=_("NIP or NIAP"), required=False, max_length=40)
    letterhead = forms.LongTextField(
        label=_("Address lines of the letterhead"),
        required=False,
        rows=3,
        max_length=600,
        help_text=_("Street, post code, telephone, e-mail: one line each."),
    )
    proof_words = forms.LongTextField(
        label=_("Words under the codes"),
        required=False,
        rows=2,
        max_length=600,
        help_text=_("Leave empty for the usual words."),
    )

    def blame(self, problems: Iterable[number_rules.Problem]) -> None:
        """Say beside the pattern what is wrong with it."""
        for one in problems:
            said = gettext(PATTERN_WORDS[one.code]) % {"word": one.word}
            meant = " " + gettext("Did you mean {%(word)s}?") % {"word": one.meant} if one.meant else ""
            self.add_error("pattern", said + meant)


PATTERN_WORDS: Mapping[str, str] = {
    "unknown": gettext_noop("Nothing is called {%(word)s}."),
    "no_number": gettext_noop("The number itself is missing: put in {urut:3}."),
    "no_year": gettext_noop("The year is missing: put in {tahun}, because numbers begin again every year."),
    "bad_sign": gettext_noop(
        "Only letters, digits, spaces and / . - _ may stand between the places, not %(word)s"
    ),
    "bad_width": gettext_noop("{%(word)s} cannot have a width; only {urut:3} can."),
    "unclosed": gettext_noop("A brace is open or closed once too often."),
    "too_long": gettext_noop("The pattern is too long."),
}
"""Problem of a pattern -> what to do about it."""


class ReserveForm(forms.Form):
    """Numbers for a post without a network."""

    count = fields.CountField(
        label=_("How many numbers?"), min_value=1, max_value=number_rules.MOST_RESERVED, initial=20
    )
    holder = forms.LineField(label=_("Which post or device has them?"), max_length=120)
    type = forms.ChoiceField(label=_("Kind of letter"), widget=django_forms.Select, required=False)
    why = forms.LineField(label=_("Why?"), required=False, max_length=200)
    block_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, types: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = list(types)
        self.fields["type"].explain(kinds)  # type: ignore[attr-defined]
        if not kinds:
            del self.fields["type"]
        self.initial.setdefault("block_id", str(uuid7()))


class VoidForm(forms.Form):
    """A number that no letter gets."""

    number = fields.CountField(
        label=_("Letter number"),
        required=False,
        min_value=1,
        max_value=number_rules.LARGEST,
        help_text=_("Left empty: the next number. A number further on makes all up to it void."),
    )
    type = forms.ChoiceField(label=_("Kind of letter"), widget=django_forms.Select, required=False)
    why = forms.LineField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, types: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = list(types)
        self.fields["type"].explain(kinds)  # type: ignore[attr-defined]
        if not kinds:
            del self.fields["type"]

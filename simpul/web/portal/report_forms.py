"""The forms of a report, one per page. They read what people type; whether a matter is taken is the act's to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import EmailValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from simpul.lib import media
from simpul.lib.errors import Refused
from simpul.lib.media import CleanFile
from simpul.web import forms
from simpul.web.portal import words

LONGEST_STORY = 5000
ACCEPTED = "image/jpeg,image/png,image/webp,audio/*,application/pdf"
"""What a phone offers to choose from. Naming JPEG lets phones convert their own picture format by themselves."""
_SELECT_FROM = 12
"""More options than this become a drop-down."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that passed, made anew, with the name it is shown by."""

    name: str
    clean: CleanFile


class EachFileField(forms.FilesField):
    """Files of which each is judged for itself: the form keeps the good ones and tells about each of the others."""

    def clean(self, value: Any) -> list[UploadedFile]:
        """The files as they came."""
        return list(value or [])


class FilesForm(forms.Form):
    """A form with files. ``taken`` holds the good ones after ``is_valid``, also when something else was wrong."""

    uploads = EachFileField(
        required=False,
        max_bytes=settings.SIMPUL_MAX_FILE,
        label=_("Photos, recordings or PDF"),
        help_text=_(
            "You may also record your voice and send the recording instead of writing. "
            "At most 5 files of 12 MB each. The place where a photo was taken is removed."
        ),
    )

    def __init__(self, *args: Any, already: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.already = already
        self.taken: list[Taken] = []
        self.fields["uploads"].widget.attrs["accept"] = ACCEPTED

    def clean_uploads(self) -> list[UploadedFile]:
        """Judge each file by its content; what is wrong with one costs the others nothing."""
        given: list[UploadedFile] = self.cleaned_data["uploads"]
        room = settings.SIMPUL_MAX_FILES - self.already
        faults = []
        for place, file in enumerate(given):
            name = forms.tidy_line(file.name or "")[:80] or gettext("file")
            if place >= room:
                faults.append(
                    _("There is no room for “%(name)s”: at most %(limit)s files.")
                    % {"name": name, "limit": settings.SIMPUL_MAX_FILES}
                )
                continue
            try:
                self.taken.append(Taken(name, _judge(file, name)))
            except Refused as refusal:
                faults.append(f"“{name}”: {refusal}")
        if faults:
            raise ValidationError([str(fault) for fault in faults])
        return given


def _judge(file: UploadedFile, name: str) -> CleanFile:
    size = file.size or 0
    if size > settings.SIMPUL_MAX_FILE:
        raise media.FileTooLarge(
            size=f"{size / 1024 / 1024:.1f}", limit=settings.SIMPUL_MAX_FILE // (1024 * 1024)
        )
    return media.inspect_and_clean(file.read(), name, max_bytes=settings.SIMPUL_MAX_FILE)


class KindForm(forms.Form):
    """What it is about, when it is changed from the last page: every kind on one page."""

    heading = "kind"
    kind = forms.ChoiceField(label=_("What is it about?"))

    def __init__(self, *args: Any, kinds: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        shown = [
            forms.Choice(
                kind.code, words.said(kind, "name"), words.said(kind, "about"), words.icon_of(kind.icon)
            )
            for kind in kinds
        ]
        self.fields["kind"].explain(shown)  # type: ignore[attr-defined]


class StoryForm(FilesForm):
    """The person's own words, or a recording of them."""

    heading = "text"
    text = forms.LongTextField(
        required=False,
        max_length=LONGEST_STORY,
        rows=8,
        label=_("Tell us in your own words"),
        help_text=_("What happened, or what do you need? Simple words and your own language are fine."),
    )
    danger = forms.TickField(required=False, label=_("Somebody's life, health or safety is in danger now"))

    field_order = ["text", "uploads", "danger"]
    words: str | None = None
    """What was written, when it fits: kept even when something else is wrong."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound and not self.already:
            self.fields["text"].required = True  # only how it is drawn: a recording will do as well

    def clean_text(self) -> str:
        """The words, also for the draft."""
        self.words = self.cleaned_data["text"]
        return self.words or ""

    def clean(self) -> dict[str, Any]:
        """Words or a file: one of the two is needed."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and len(values.get("text", "")) < 3 and not self.taken and not self.already:
            self.add_error(
                "text", _("Tell in a few words what happened or what is needed, or send a recording.")
            )
            self.fields["text"].required = True
        return values


class PlaceForm(forms.Form):
    """Where, and when."""

    heading = "region"
    region = forms.RegionField(
        label=_("Which village is this about?"),
        help_text=_("Write the name of the village. Small typing errors do no harm."),
    )
    place = forms.LineField(
        required=False,
        max_length=200,
        label=_("Hamlet, street or landmark"),
        help_text=_("For example: Dusun Tamasapi, beside the mosque."),
    )
    happened = forms.DatePartsField(
        required=False,
        label=_("When did it happen?"),
        help_text=_("For example 17 8 2026. Leave empty if it still goes on or you do not know."),
    )

    def __init__(self, *args: Any, find: Any, today: date, instead: str = "", **options: Any) -> None:
        """``instead`` is the area that stands for a village nobody knows, in disaster mode."""
        super().__init__(*args, **options)
        self.instead = instead
        self.fields["region"].find = find  # type: ignore[attr-defined]
        if instead:
            self.fields["region"].required = False
            self.fields["place"].help_text = _(
                "If you do not know the village: a hamlet, a road or a landmark is enough."
            )
        happened = self.fields["happened"]
        happened.latest, happened.earliest = today, date(1945, 8, 17)  # type: ignore[attr-defined]
        happened.error_messages["too_late"] = _("This day has not come yet. Write the day it happened.")

    def clean(self) -> dict[str, Any]:
        """In disaster mode a landmark is enough."""
        values: dict[str, Any] = super().clean() or {}
        if self.instead and "region" in values and not values["region"]:
            if values.get("place"):
                values["region"] = self.instead
            else:
                self.add_error("region", _("Write the village, or at least a hamlet or a landmark."))
        return values


class DetailsForm(forms.Form):
    """The kind's own questions, made from its fields."""

    def __init__(self, *args: Any, specs: Sequence[Mapping[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.specs = specs
        for spec in specs:
            self.fields[str(spec["key"])] = _question(spec)

    def answers(self) -> dict[str, Any]:
        """The answers as the rules read them: dates as ISO text."""
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in self.cleaned_data.items()
        }


def _question(spec: Mapping[str, Any]) -> django_forms.Field:
    """One field for one question of a kind. Refusing a value is the rules' part, so almost everything passes here."""
    common: dict[str, Any] = {
        "label": words.said(spec, "label"),
        "help_text": words.said(spec, "hint"),
        "required": bool(spec.get("required")),
    }
    sort = spec["type"]
    if sort in ("choice", "choices"):
        options = [(str(option["value"]), words.said(option, "label")) for option in spec.get("options", ())]
        if sort == "choices":
            return forms.ChoicesField(choices=options, **common)
        if len(options) > _SELECT_FROM:
            blank = [("", gettext("Choose"))]
            return forms.ChoiceField(choices=blank + options, widget=django_forms.Select, **common)
        return forms.ChoiceField(choices=options, **common)
    if sort == "yes_no":
        answers = [("yes", gettext("Yes")), ("no", gettext("No")), ("unknown", gettext("I do not know"))]
        return forms.ChoiceField(
            choices=answers if not common["required"] else answers[:2], inline=True, **common
        )
    makers: dict[str, Any] = {
        "text": lambda: forms.LineField(max_length=200, **common),
        "long": lambda: forms.LongTextField(max_length=LONGEST_STORY, rows=4, **common),
        "date": lambda: forms.DatePartsField(earliest=date(1900, 1, 1), latest=date(2100, 1, 1), **common),
        "number": lambda: forms.LineField(max_length=20, width="5", **common),
        "money": lambda: forms.RupiahField(**common),
    }
    field: django_forms.Field = makers[str(sort)]()
    if sort == "number":
        field.widget.attrs["inputmode"] = "numeric"
    return field


MODES = (
    forms.Choice("self", _("It concerns me")),
    forms.Choice(
        "proxy", _("I speak for somebody else"), _("A neighbour, a parent, a person who cannot come.")
    ),
    forms.Choice("group", _("We are a group"), _("Several families, a hamlet, an association.")),
    forms.Choice(
        "anonymous", _("I do not want to give my name"), _("You get a 16-digit receipt to follow it with.")
    ),
)
OWNERS = (
    ("own", _("My own")),
    ("family", _("My family's")),
    ("neighbour", _("A neighbour's or friend's")),
    ("officer", _("A village officer's or cadre's")),
)
SAFE = (
    ("both", _("Call and send messages")),
    ("call", _("Only call")),
    ("write", _("Only send messages")),
    ("none", _("Neither: I will ask myself")),
)


class PersonForm(forms.Form):
    """Who tells it. Every answer but the first may stay empty."""

    heading = "mode"
    mode = forms.ChoiceField(label=_("Who are you in this matter?"), choices=MODES)
    name = forms.NameField(required=False, label=_("Your name"))
    phone = forms.PhoneField(
        required=False,
        label=_("Phone number"),
        help_text=_(
            "We call or write when there is an answer. Without it you can ask with your number and PIN."
        ),
    )
    owner = forms.ChoiceField(required=False, label=_("Whose phone is this?"), choices=OWNERS)
    safe = forms.ChoiceField(
        required=False,
        label=_("What may we do with this phone?"),
        help_text=_("Others may pick it up or read it. Choose what is safe for you."),
        choices=SAFE,
    )
    email = forms.LineField(required=False, max_length=150, label=_("E-mail"))
    hide_name = forms.TickField(required=False, label=_("Do not show my name to the office this is about"))
    about_name = forms.LineField(required=False, max_length=120, label=_("Name of the person it concerns"))
    relation = forms.LineField(
        required=False,
        max_length=60,
        label=_("What are you to that person?"),
        help_text=_("For example: neighbour, son, cadre."),
    )
    group_size = forms.LineField(
        required=False, max_length=12, width="5", label=_("About how many people are you?")
    )

    CONTACT = ("name", "phone", "owner", "safe", "email", "hide_name")
    OTHERS = ("about_name", "relation", "group_size")

    def __init__(self, *args: Any, anonymous_allowed: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not anonymous_allowed:
            self.fields["mode"].explain(MODES[:-1])  # type: ignore[attr-defined]
            self.fields["mode"].help_text = _(
                "The result of this request is given to a person, so it needs a name."
            )
        email = self.fields["email"].widget.attrs
        email.update({"type": "email", "inputmode": "email", "autocomplete": "email", "spellcheck": "false"})
        self.fields["group_size"].widget.attrs["inputmode"] = "numeric"

    def clean_email(self) -> str:
        """An address that mail can be sent to, or nothing."""
        typed: str = self.cleaned_data["email"]
        if typed:
            EmailValidator(message=_("Write an e-mail address such as name@example.com, or leave it empty."))(
                typed
            )
        return typed

    def clean_group_size(self) -> int | None:
        """How many, when a number was written."""
        typed: str = self.cleaned_data["group_size"]
        if not typed:
            return None
        plain = typed.replace(".", "").replace(" ", "")
        if not plain.isascii() or not plain.isdigit() or not 1 <= int(plain) <= 100_000:
            raise ValidationError(_("Write a whole number, for example 12."))
        return int(plain)

    def clean(self) -> dict[str, Any]:
        """A phone needs to be somebody's, and safe for something."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("phone") and not values.get("owner") and values.get("mode") != "anonymous":
            self.add_error("owner", _("Say whose phone this is, so that nobody else learns of it."))
        if values.get("phone") and not values.get("safe") and values.get("mode") != "anonymous":
            self.add_error("safe", _("Choose what we may do with this phone."))
        return values


class SimilarForm(forms.Form):
    """Matters like this one that are known already."""

    heading = "incident"
    incident = forms.ChoiceField(
        required=False,
        label=_("Is it one of these?"),
        help_text=_("If so, your report joins it: you still get your own number and your own answer."),
    )

    def __init__(self, *args: Any, found: Sequence[forms.Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        none = forms.Choice("none", pgettext_lazy("similar matter", "None of these, or I do not know"))
        self.fields["incident"].explain([*found, none])  # type: ignore[attr-defined]

    def clean_incident(self) -> str:
        """The chosen matter, or nothing."""
        chosen: str = self.cleaned_data["incident"]
        return "" if chosen == "none" else chosen

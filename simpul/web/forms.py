"""Forms as people meet them: one renderer, one field template, and the fields that recur on every door.

Three ideas hold this file together.

1. Every field of every form is drawn by ``components/field.html``; a form says *what* it asks, never how it looks.
2. A field forgives how something is written (spaces, dots, invisible characters) and never judges whether somebody is
   entitled to something. The browser's own validation is off: our sentences are better and keep what was typed.
3. Nothing is guessed. A date is read as ``d/m/Y`` or ISO and otherwise asked again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import django.forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import DjangoTemplates
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_OWN_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_DJANGO_TEMPLATES = Path(django.forms.__file__).resolve().parent / "templates"


class SimpulRenderer(DjangoTemplates):
    """Draws every form, form set and field with our templates (``FORM_RENDERER``)."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "components/field.html"

    @cached_property
    def engine(self) -> Any:
        """An engine of its own, so that widgets render the same whatever ``TEMPLATES`` says."""
        return self.backend(
            {
                "APP_DIRS": True,
                "DIRS": [_OWN_TEMPLATES, _DJANGO_TEMPLATES],
                "NAME": "simpulforms",
                "OPTIONS": {"builtins": ["django.templatetags.i18n", "simpul.web.templatetags.simpul"]},
            }
        )


class Form(forms.Form):
    """A plain form. ``heading`` names the field whose label is the page's h1 (one question per page)."""

    heading: str = ""
    use_required_attribute = False

    @property
    def asks_for_files(self) -> bool:
        """True when the ``<form>`` needs ``enctype="multipart/form-data"``."""
        return self.is_multipart()

    def refuse(self, refusal: Exception) -> None:
        """Show an expected failure where it belongs: beside its field when it names one, else above the form.

        ``refusal`` is a ``simpul.lib.errors.Refused``; what was typed stays in the form.
        """
        name = getattr(refusal, "field", "") or ""
        self.add_error(name if name in self.fields else None, ValidationError(str(refusal)))


# --- Text ---------------------------------------------------------------------------------------------------------

_INVISIBLE = {"Cf", "Cc", "Co", "Cs"}
_KEPT_CONTROLS = "\n\t"
# Joiners that scripts and emoji sequences need inside a word.
_JOINERS = "\u200c\u200d"


def tidy_line(text: str) -> str:
    """One line without control, zero-width or direction characters, inner spaces single, ends trimmed."""
    kept = "".join(mark if _is_visible(mark) else (" " if mark in "\n\t\r" else "") for mark in _composed(text))
    return " ".join(kept.split())


def tidy_text(text: str) -> str:
    """Several lines: line ends as \\n, invisible characters gone, joiners of emoji and scripts kept, ends trimmed."""
    plain = _composed(text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(mark for mark in plain if _is_visible(mark) or mark in _KEPT_CONTROLS or mark in _JOINERS)
    return kept.strip()


def tidy_digits(text: str) -> str:
    """Only the digits (of any script, as 0-9), for numbers typed with spaces, dots or hyphens."""
    return "".join(str(unicodedata.digit(mark)) for mark in text if mark.isdigit())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _is_visible(mark: str) -> bool:
    return unicodedata.category(mark) not in _INVISIBLE


class LineField(forms.CharField):
    """One line of text, tidied before it is measured or checked."""

    default_error_messages = {
        "required": _("Fill in this answer."),
        "max_length": _("Shorten this to at most %(limit_value)d characters. You have written %(show_value)d."),
    }

    def __init__(self, *, width: str = "", max_length: int = 200, **options: Any) -> None:
        """``width`` is a govuk input width: "2", "3", "4", "5", "10", "20", "30", or "" for the whole column."""
        super().__init__(max_length=max_length, strip=False, **options)
        if width:
            self.widget.attrs["data-width"] = width

    def to_python(self, value: Any) -> str:
        """The tidied line."""
        return super().to_python(tidy_line(value)) if isinstance(value, str) else super().to_python(value)


class NameField(LineField):
    """A person's full name in one field, as the person writes it."""

    default_error_messages = {"required": _("Write the name.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 120)
        super().__init__(**options)
        for attribute, value in {"autocomplete": "name", "spellcheck": "false", "autocapitalize": "words"}.items():
            self.widget.attrs.setdefault(attribute, value)


class PhoneField(LineField):
    """A phone number as typed: any spacing, with or without +62. The people room makes the dialled form of it."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
    default_error_messages = {
        "required": _("Write the phone number."),
        "invalid": _("Write a phone number with 6 to 15 digits, for example 0812 3456 7890."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        options.setdefault("width", "20")
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """The number as typed, when it can be one."""
        typed: str = super().clean(value)
        if typed and not (6 <= len(tidy_digits(typed)) <= 15 and re.fullmatch(r"[\d\s()+./\-–]+", typed)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed


class DigitsField(LineField):
    """A number that is a name, not a quantity (NIK, KK, PIN, receipt): kept as digits, leading noughts included."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {"digits": _("This needs %(wanted)s digits. You have written %(count)d.")}

    def __init__(self, *, length: int | Sequence[int] = (), **options: Any) -> None:
        self.lengths = (length,) if isinstance(length, int) else tuple(length)
        options.setdefault("max_length", 60)
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """The digits alone."""
        digits = tidy_digits(super().clean(value))
        if digits and self.lengths and len(digits) not in self.lengths:
            wanted = " / ".join(str(length) for length in self.lengths)
            values = {"wanted": wanted, "count": len(digits)}
            raise ValidationError(self.error_messages["digits"], code="digits", params=values)
        if self.required and not digits:
            raise ValidationError(self.error_messages["required"], code="required")
        return digits


class LongTextField(forms.CharField):
    """Several lines, with a limit that is told beforehand and counted while typing where the browser can."""

    widget = forms.Textarea
    default_error_messages = LineField.default_error_messages

    def __init__(self, *, max_length: int = 5000, rows: int = 6, **options: Any) -> None:
        super().__init__(max_length=max_length, strip=False, **options)
        self.widget.attrs.update({"rows": rows})
        self.widget.attrs.pop("cols", None)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: the browser must not cut what is pasted. Too much text is told, not lost."""
        return {}

    def to_python(self, value: Any) -> str:
        """The tidied text."""
        return super().to_python(tidy_text(value)) if isinstance(value, str) else super().to_python(value)


class RupiahField(forms.IntegerField):
    """An amount in whole rupiah; dots, spaces and "Rp" are read past, a decimal comma is asked again."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "10"})
    default_error_messages = {
        "required": _("Write the amount."),
        "invalid": _("Write the amount in whole rupiah, for example 150000."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        options.setdefault("max_value", 10**15)
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        """The amount as an integer, None when empty."""
        if isinstance(value, str):
            value = re.sub(r"^Rp\.?", "", tidy_line(value), flags=re.IGNORECASE)
            value = re.sub(r"[\s.]", "", value)
        amount: int | None = super().to_python(value)
        return amount


# --- Choices ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what is stored, what is read, and optionally a sentence and an icon that explain it."""

    value: str
    label: Words
    hint: Words = ""
    icon: str = ""


def _pairs(choices: Iterable[Choice | tuple[str, Any]]) -> tuple[list[tuple[str, Any]], dict[str, Choice]]:
    """Django's pairs, and the explained ones by value."""
    made = [choice if isinstance(choice, Choice) else Choice(str(choice[0]), choice[1]) for choice in choices]
    return [(choice.value, choice.label) for choice in made], {choice.value: choice for choice in made}


class _Explained:
    """Gives each option of a radio or tick list its hint and icon."""

    explained: Mapping[str, Choice] = {}

    def create_option(self, name: str, value: Any, *rest: Any, **options: Any) -> dict[str, Any]:
        """Django's option with ``hint`` and ``icon`` added."""
        option: dict[str, Any] = super().create_option(name, value, *rest, **options)  # type: ignore[misc]
        choice = self.explained.get(str(value))
        option["hint"] = choice.hint if choice else ""
        option["icon"] = choice.icon if choice else ""
        return option


class Radios(_Explained, forms.RadioSelect):
    """One of a few, each a big target."""


class Ticks(_Explained, forms.CheckboxSelectMultiple):
    """Any of a few, each a big target."""


class ChoiceField(forms.ChoiceField):
    """One of a few. ``choices`` may hold ``Choice`` values or pairs; ``widget=forms.Select`` makes a drop-down."""

    widget = Radios
    default_error_messages = {
        "required": _("Choose one answer."),
        "invalid_choice": _("Choose one of the answers shown."),
    }

    def __init__(self, *, choices: Iterable[Choice | tuple[str, Any]] = (), inline: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.explain(choices)
        if inline:
            self.widget.attrs["data-inline"] = "1"

    def explain(self, choices: Iterable[Choice | tuple[str, Any]]) -> None:
        """Set the choices together with their hints and icons (for forms that learn them when they are made)."""
        pairs, explained = _pairs(choices)
        self.choices = pairs
        self.widget.explained = explained  # type: ignore[attr-defined]


class ChoicesField(forms.MultipleChoiceField):
    """Any of a few."""

    widget = Ticks
    default_error_messages = {
        "required": _("Choose at least one answer."),
        "invalid_choice": _("Choose from the answers shown."),
    }

    def __init__(self, *, choices: Iterable[Choice | tuple[str, Any]] = (), **options: Any) -> None:
        super().__init__(**options)
        self.explain(choices)

    def explain(self, choices: Iterable[Choice | tuple[str, Any]]) -> None:
        """Set the choices together with their hints and icons."""
        pairs, explained = _pairs(choices)
        self.choices = pairs
        self.widget.explained = explained  # type: ignore[attr-defined]


class TickField(forms.BooleanField):
    """One box to tick. Consent is a TickField with ``required=True``; it is never ticked beforehand."""

    default_error_messages = {"required": _("Tick this box to go on.")}


# --- Dates --------------------------------------------------------------------------------------------------------

_DAY_FIRST = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def read_date(text: str) -> date | None:
    """The date written as ``d/m/Y`` or ISO ``Y-m-d``; None for anything else, also for a day that does not exist."""
    line = tidy_line(text)
    if found := _DAY_FIRST.fullmatch(line):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO.fullmatch(line):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_DATE_SENTENCES = {
    "required": _("Write the date."),
    "invalid": _("Write the date as day/month/year, for example 17/8/2026."),
    "too_early": _("The date must not be before %(limit)s."),
    "too_late": _("The date must not be after %(limit)s."),
}


class _DateLimits:
    """Checks a date against limits that the form sets when it is made ("today" is never read in here)."""

    earliest: date | None = None
    latest: date | None = None
    error_messages: dict[str, Any]

    def check_limits(self, value: date | None) -> None:
        """Refuse a date outside the limits."""
        if value is None:
            return
        for code, limit, wrong in (
            ("too_early", self.earliest, self.earliest is not None and value < self.earliest),
            ("too_late", self.latest, self.latest is not None and value > self.latest),
        ):
            if wrong and limit is not None:
                shown = f"{limit.day}/{limit.month}/{limit.year}"
                raise ValidationError(self.error_messages[code], code=code, params={"limit": shown})


class DateField(_DateLimits, forms.Field):
    """A date in one box, for officers: ``d/m/Y`` or ISO."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "10"})
    default_error_messages = _DATE_SENTENCES

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        """The date, None when empty."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        read = read_date(str(value))
        if read is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return read

    def validate(self, value: Any) -> None:
        """Required, and within the limits."""
        super().validate(value)
        self.check_limits(value)

    def prepare_value(self, value: Any) -> Any:
        """Shown as it is written here: 17/8/2026."""
        return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare dates, not the ways of writing them."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class DateBoxes(forms.MultiWidget):
    """Day, month and year in three boxes: the form that the fewest people get wrong."""

    use_fieldset = True
    parts = (("day", _("Day"), "2"), ("month", _("Month"), "2"), ("year", _("Year"), "4"))
    autocomplete = ""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__({name: forms.TextInput(attrs=digits) for name, _label, _width in self.parts}, attrs)

    def decompress(self, value: date | str | None) -> list[Any]:
        """The three boxes of a stored date."""
        return [value.day, value.month, value.year] if isinstance(value, date) else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each box with its label and width, for the field template."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for box, (part, label, width) in zip(context["widget"]["subwidgets"], self.parts, strict=True):
            box.update(part=part, label=label, width=width)
        return context

    def id_for_label(self, id_: str) -> str:
        """The first box, so that a link in the error summary lands in it."""
        return f"{id_}_day" if id_ else ""


class DatePartsField(_DateLimits, forms.MultiValueField):
    """A date in three boxes, for residents: a birthday, the day something happened."""

    widget = DateBoxes
    default_error_messages = {**_DATE_SENTENCES, "incomplete": _("Write the day, the month and the year.")}

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        boxes = [forms.CharField(required=False, max_length=20) for _part in DateBoxes.parts]
        super().__init__(fields=boxes, require_all_fields=False, **options)
        self.earliest, self.latest = earliest, latest

    def compress(self, data_list: list[str]) -> date | None:
        """The date of the three boxes, None when all are empty."""
        digits = [tidy_digits(part or "") for part in data_list]
        if not any(tidy_line(part or "") for part in data_list):
            return None
        if not all(digits):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        read = read_date("/".join(digits))
        if read is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return read

    def validate(self, value: Any) -> None:
        """Required, and within the limits."""
        if self.required and value in self.empty_values:
            raise ValidationError(self.error_messages["required"], code="required")
        self.check_limits(value)


# --- Places -------------------------------------------------------------------------------------------------------

Resolve = Callable[[str], str]


class RegionField(LineField):
    """A place: a typed name, or the code chosen from suggestions.

    The field knows no places. The form gives it ``find(text) -> [(code, label), ...]`` (best first, at most a few).
    A code or an unambiguous name is taken; several matches are offered as choices in ``field.offers``, which the
    field template shows as buttons that send the code. ``suggest_url`` lets the page offer them while typing.
    """

    default_error_messages = {
        "required": _("Write the village."),
        "unknown": _("We do not know this place. Write the name of the village and its district."),
        "several": _("There are several places with this name. Choose one of them."),
    }

    def __init__(
        self,
        *,
        find: Callable[[str], Sequence[tuple[str, Words]]] | None = None,
        suggest_url: str = "",
        **options: Any,
    ) -> None:
        options.setdefault("max_length", 120)
        super().__init__(**options)
        self.find = find
        self.offers: list[tuple[str, Words]] = []
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        if suggest_url:
            self.widget.attrs["data-suggest"] = suggest_url

    def clean(self, value: Any) -> str:
        """The code of the one place meant, or "" when nothing was asked for."""
        typed: str = super().clean(value)
        if not typed or self.find is None:
            return typed
        found = list(self.find(typed))
        exact = [code for code, label in found if typed in (code, str(label))]
        if len(found) == 1 or len(exact) == 1:
            return exact[0] if exact else found[0][0]
        self.offers = found
        code = "several" if found else "unknown"
        raise ValidationError(self.error_messages[code], code=code)


# --- Files --------------------------------------------------------------------------------------------------------


class _ManyFiles(forms.FileInput):
    """A file box that takes several; the content is checked by the act that stores it."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """Every file sent under this name."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if name in files else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Files may always be left out."""
        return name not in files


class FilesField(forms.Field):
    """Several files. Each fault has its own sentence; one bad file does not cost the others their place on screen.

    ``max_bytes`` is per file. ``endings`` are allowed name endings without a dot; what a file really is, is decided
    from its content by the act that stores it.
    """

    widget = _ManyFiles
    default_error_messages = {
        "required": _("Choose a file."),
        "empty": _("The file “%(name)s” is empty. Choose another one."),
        "too_big": _("The file “%(name)s” is larger than %(limit)d MB. Choose a smaller one."),
        "ending": _("The file “%(name)s” cannot be read here. Send one of these: %(endings)s."),
        "too_many": _("Choose at most %(limit)d files."),
    }

    def __init__(
        self,
        *,
        max_files: int = 5,
        max_bytes: int = 10 * 1024 * 1024,
        endings: Sequence[str] = ("jpg", "jpeg", "png", "webp", "heic", "pdf", "mp3", "m4a", "ogg", "opus", "wav"),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.max_files, self.max_bytes, self.endings = max_files, max_bytes, tuple(endings)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in self.endings)

    def clean(self, value: Any) -> list[UploadedFile]:
        """The files, none of them empty, too large or of an unreadable kind."""
        files: list[UploadedFile] = list(value or [])
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.max_files:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"limit": self.max_files})
        faults = [fault for file in files if (fault := self._fault(file))]
        if faults:
            raise ValidationError(faults)
        return files

    def _fault(self, file: UploadedFile) -> ValidationError | None:
        name = tidy_line(file.name or "")[:80]
        size = file.size or 0
        if size == 0:
            return ValidationError(self.error_messages["empty"], code="empty", params={"name": name})
        if size > self.max_bytes:
            values = {"name": name, "limit": self.max_bytes // (1024 * 1024)}
            return ValidationError(self.error_messages["too_big"], code="too_big", params=values)
        if name.rpartition(".")[2].lower() not in self.endings:
            endings = ", ".join(self.endings)
            return ValidationError(self.error_messages["ending"], code="ending", params={"name": name, "endings": endings})
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Sending any file is a change."""
        return bool(data)

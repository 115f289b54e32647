"""Fields of written text: lines, names, phones, digits, long answers, amounts; and how text is tidied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_INVISIBLE = {"Cf", "Cc", "Co", "Cs"}
_KEPT_CONTROLS = "\n\t"
# Joiners that scripts and emoji sequences need inside a word.
_JOINERS = "\u200c\u200d"


def tidy_line(text: str) -> str:
    """One line without control, zero-width or direction characters, inner spaces single, ends trimmed."""
    kept = "".join(
        mark if _is_visible(mark) else (" " if mark in "\n\t\r" else "") for mark in _composed(text)
    )
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
        "max_length": _(
            "Shorten this to at most %(limit_value)d characters. You have written %(show_value)d."
        ),
    }

    def __init__(self, *, width: str = "", max_length: int = 200, **options: Any) -> None:
        """``width`` is a govuk input width: "2", "3", "4", "5", "10", "20", "30", or "" for the whole column."""
        super().__init__(max_length=max_length, strip=False, **options)
        if width:
            self.widget.attrs["data-width"] = width

    def to_python(self, value: Any) -> str:
        """The tidied line."""
        return super().to_python(tidy_line(value) if isinstance(value, str) else value) or ""


class NameField(LineField):
    """A person's full name in one field, as the person writes it."""

    default_error_messages = {"required": _("Write the name.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 120)
        super().__init__(**options)
        for attribute, value in {
            "autocomplete": "name",
            "spellcheck": "false",
            "autocapitalize": "words",
        }.items():
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
        return super().to_python(tidy_text(value) if isinstance(value, str) else value) or ""


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

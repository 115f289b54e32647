"""Dates in one box for officers, in three boxes for residents: read as written, never guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from simpul.lib import when
from simpul.web.forms.text import tidy_digits, tidy_line

_SLASH = re.compile(r"\s*/\s*")


def read_date(text: str) -> date | None:
    """The date written as ``d/m/Y`` or ISO ``Y-m-d``; None for anything else, also for a day that does not exist."""
    return when.parse_date(_SLASH.sub("/", tidy_line(text)))


_DATE_SENTENCES: dict[str, Any] = {
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
        return f"{id_}_0" if id_ else ""


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

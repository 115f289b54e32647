"""Fields of the administration: areas of any level, times of the day, and choices of desks, roles and seats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules
from simpul.web import forms

MOST_PLACES = 8


def find_area(text: str) -> list[tuple[str, str]]:
    """Areas of any level that a text may mean: a code, a name, or a name with the district and regency it lies in."""
    by_code = region_queries.find_region(text)
    if by_code is not None:
        return [(by_code.code, region_queries.path_names(by_code.code))]
    home = desk_queries.institution().region_code
    key = region_rules.search_key(" ".join(region_rules.name_words(text.partition(",")[0])))
    near = [*region_queries.children(), *(region_queries.children(home[:2]) if home else [])]
    wide = [
        one.code for one in near if key and key in (one.search_key, region_rules.search_key(one.short_name))
    ]
    wide += [one.code for one in near if _same(one.short_name, text)]
    wide += [one.code for one in region_queries.wide_areas(text.partition(",")[0])]
    found = [
        *dict.fromkeys(wide),
        *(one.code for one in region_queries.search_villages(text, home, MOST_PLACES)),
    ]
    paths = region_queries.paths(found)
    labels = [(code, paths[code]) for code in dict.fromkeys(found) if code in paths]
    exact = [pair for pair in labels if _same(pair[1], text)]
    return exact or labels[:MOST_PLACES]


def _same(one: str, other: str) -> bool:
    return region_rules.search_key(one) == region_rules.search_key(other)


def area_label(code: str) -> str:
    """A code as people read it, and as ``find_area`` reads it back."""
    return region_queries.path_names(code) if code else ""


class AreaField(forms.RegionField):
    """A place of any level: a village, a district, a regency or a province."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text", gettext_lazy("The name of a village, district or regency, or its code.")
        )
        super().__init__(find=find_area, **options)

    def prepare_value(self, value: Any) -> Any:
        """A code is shown as people read it."""
        code = region_rules.plain_code(value) if isinstance(value, str) else ""
        return area_label(code) or value


class SwitchField(forms.TickField):
    """Yes or no: leaving it empty is an answer too, so it is never called optional."""

    def validate(self, value: Any) -> None:
        """Both answers are right."""


class AreasField(forms.LongTextField):
    """Several areas, one on each line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2000, rows=3, **options)

    def clean(self, value: Any) -> list[str]:
        """Their codes; a line that is none or several is named."""
        codes = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            found = find_area(line.strip())
            if len(found) != 1:
                raise ValidationError(_fault(line.strip()[:60], "; ".join(label for _code, label in found)))
            codes.append(found[0][0])
        return codes


def _fault(line: str, offers: str) -> str:
    if offers:
        return _("“%(line)s” is not one place. Write one of these: %(offers)s") % {
            "line": line,
            "offers": offers,
        }
    return _("We do not know “%(line)s”.") % {"line": line}


_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")


def read_time(text: str) -> time | None:
    """The time written as 8, 08.00 or 08:00; 24.00 is midnight; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if (hour, minute) == (24, 0):
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


class TimeField(forms.LineField):
    """A time of the day, as people write it."""

    default_error_messages = {"invalid": gettext_lazy("Write the time as 08.00.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=5, width="5", **options)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """The time; None when nothing was written."""
        typed = super().clean(value)
        if not typed:
            return None
        read = read_time(typed)
        if read is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return read

    def prepare_value(self, value: Any) -> Any:
        """As it is written here: 08.00."""
        return value.strftime("%H.%M") if isinstance(value, time) else value


class CountField(django_forms.IntegerField):
    """A whole number; its bounds are the act's to say."""

    widget = django_forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "5"})
    default_error_messages = {
        "required": gettext_lazy("Write a number."),
        "invalid": gettext_lazy("Write a whole number, for example 5."),
    }

    def to_python(self, value: Any) -> int | None:
        """The number; one that no table could hold is none."""
        number: int | None = super().to_python(value)
        if number is not None and abs(number) > 1_000_000:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


def drop_down(label: Any, choices: Iterable[tuple[str, Any]] = (), **options: Any) -> forms.ChoiceField:
    """One of many."""
    return forms.ChoiceField(label=label, choices=list(choices), widget=django_forms.Select, **options)


def choose(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Give a field of a form its choices."""
    field: Any = form.fields[name]
    field.explain(choices)


# --- choices ----------------------------------------------------------------------------------------------------------


def desk_choices(desks: Iterable[Any], empty: str = "") -> list[tuple[str, str]]:
    """Desks by name; two of the same name are told apart by their code."""
    found = sorted(desks, key=lambda one: (one.name, one.code))
    names = [one.name for one in found]
    rows = [
        (str(one.id), one.name if names.count(one.name) == 1 else f"{one.name} ({one.code})") for one in found
    ]
    return [("", empty), *rows] if empty else rows


def role_choices() -> list[tuple[str, str]]:
    """Roles that people sit in."""
    seated = [(code, role) for code, role in roles.ROLES.items() if code not in desk_rules.NEVER_SEATED]
    return [
        (code, _("%(role)s (second factor)") % {"role": _(role.name)} if role.strong else _(role.name))
        for code, role in seated
    ]


def seat_choices(seats: Iterable[Any]) -> list[tuple[str, str]]:
    """Seats by the name of the person."""
    rows = [(str(seat.id), f"{seat.user.full_name}: {desk_queries.seat_label(seat)}") for seat in seats]
    return sorted(rows, key=lambda row: row[1])


def table_choices(table: Any) -> list[tuple[str, str]]:
    """The rows of a table of rules, whose names are words or have a name."""
    return [(code, _(row if isinstance(row, str) else row.name)) for code, row in table.items()]


def start_of(day: Any, zone: Any) -> datetime:
    """The first moment of a day at a place."""
    return datetime.combine(day, time(0), tzinfo=zone)

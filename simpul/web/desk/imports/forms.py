"""Forms for lists: sending one in, naming its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.actor import Actor
from simpul.people.queries import imports as queries
from simpul.people.rules import imports as rules
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.manage import fields

ENDINGS = ("csv", "xlsx", "txt")
UNITS = (
    ("person", _("The person")),
    ("row", _("Where the row belongs")),
    ("family", _("The family card")),
    ("profile", _("The person's situation")),
    ("household", _("The household")),
    ("house", _("The house")),
)
"""The groups of fields, in the order of the page."""


def areas(by: Actor, typed: str) -> list[tuple[str, Any]]:
    """Areas of any level that may be meant, those of the seat's own area first."""
    found = fields.find_area(typed)
    inside = [(code, label) for code, label in found if by.serves(code)]
    return inside or found or intake_form.find_places(by, typed)


class _About(forms.Form):
    """What a list is of: shared by both forms."""

    source_words = forms.LineField(
        label=_("What is the list called?"),
        required=False,
        max_length=150,
        help_text=_(
            "Such as DTSEN 2026-Q3, or OpenSID October. It stands beside every value that comes from the list."
        ),
    )
    as_of_date = forms.DateField(
        label=_("Of which day are its facts?"),
        required=False,
        help_text=_("Newer facts are never covered by older ones. Leave empty for today."),
    )


class SendForm(_About):
    """The file, and the area it is about."""

    file = forms.FilesField(
        label=_("The list (CSV or XLSX)"),
        max_files=1,
        max_bytes=rules.LARGEST,
        endings=ENDINGS,
        help_text=_("One row a person; the first row names the columns. Titles above it must be removed."),
    )
    kind = forms.ChoiceField(label=_("What is in it?"))
    region = forms.RegionField(
        label=_("Regency, district or village it is about"),
        help_text=_("Rows of another area are refused, so that nobody takes in people who are not theirs."),
    )
    field_order = ("file", "kind", "region", "source_words", "as_of_date")

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["region"].find = lambda typed: areas(by, typed)  # type: ignore[attr-defined]
        choices = [
            forms.Choice(one.code, gettext(one.name), gettext(one.about)) for one in rules.KINDS.values()
        ]
        self.fields["kind"].explain(choices)  # type: ignore[attr-defined]
        self.initial.setdefault("kind", next(iter(rules.KINDS)))

    def clean_file(self) -> Any:
        """The one file."""
        return self.cleaned_data["file"][0]


class ColumnsForm(_About):
    """For each field of ours, the column that holds it; and the lists its codes come from."""

    list_version = forms.ChoiceField(
        label=_("Which lists of codes does the sheet use?"),
        widget=django_forms.Select,
        help_text=_(
            "The same number means different things in different lists: roof 6 is zinc in BDT and wood in DTSEN."
        ),
    )

    def __init__(self, *args: Any, batch: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.batch = batch
        self.fields["list_version"].explain([(key, gettext(name)) for key, name in rules.VERSIONS.items()])  # type: ignore[attr-defined]
        offered = [
            ("", gettext("not in this sheet")),
            *((str(place), heading or f"({place + 1})") for place, heading in enumerate(batch.headings)),
        ]
        needs = rules.KINDS[batch.kind].needs
        for column in queries.columns(batch.kind).values():
            label = column.label_en if (get_language() or "id") == "en" else column.label
            field = forms.ChoiceField(label=label, required=column.name in needs, widget=django_forms.Select)
            field.explain(offered)
            self.fields[f"c_{column.name}"] = field
            self.initial.setdefault(f"c_{column.name}", str(batch.mapping.get(column.name, "")))

    def clean(self) -> dict[str, Any]:
        """No column twice."""
        given: dict[str, Any] = super().clean() or {}
        used: dict[str, str] = {}
        for name, place in list(given.items()):
            if name.startswith("c_") and place and used.setdefault(place, name) != name:
                words = gettext("This column was chosen for “%(name)s” already.") % {
                    "name": self.fields[used[place]].label
                }
                self.add_error(name, ValidationError(words))
        return given

    def mapping(self) -> dict[str, int]:
        """Our field -> their column."""
        return {
            name.removeprefix("c_"): int(place)
            for name, place in self.cleaned_data.items()
            if name.startswith("c_") and place
        }

    def groups(self) -> list[dict[str, Any]]:
        """The fields by what they are about; a group with nothing chosen and no fault is folded."""
        table: Mapping[str, rules.Column] = queries.columns(self.batch.kind)
        found = []
        for unit, title in UNITS:
            names = [name for name, column in table.items() if column.unit == unit]
            chosen = sum(bool(self[f"c_{name}"].value()) for name in names)
            wrong = any(self.errors.get(f"c_{name}") for name in names) if self.is_bound else False
            if names:
                found.append(
                    {
                        "title": title,
                        "fields": [self[f"c_{name}"] for name in names],
                        "chosen": chosen,
                        "all": len(names),
                        "open": unit == "person" or wrong,
                    }
                )
        return found

"""Forms of the register: groups of fields made from the catalogue, with who said it and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.lib import nik as nik_lib
from simpul.lib.actor import Actor
from simpul.people import actions as people_actions
from simpul.people.queries import lists
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.desk.register import words
from simpul.web.forms import choices

Select = django_forms.Select
FINER = {"wall": "simpul", "function_limit": "simpul"}
"""Fields that are asked by our own, finer list."""


class SaidForm(forms.Form):
    """Who said it, when, and from which paper: asked with every change."""

    source = forms.ChoiceField(label=gettext_lazy("Who says so?"), widget=Select)
    said_by = forms.LineField(label=gettext_lazy("Name of who says so"), required=False, max_length=150)
    source_words = forms.LineField(
        label=gettext_lazy("Which paper or list?"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("For example “new family card” or “DTSEN 2026-Q3”."),
    )
    observed_date = forms.DateField(
        label=gettext_lazy("On which day?"), required=False, help_text=gettext_lazy("Leave empty for today.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].explain(  # type: ignore[attr-defined]
            [(key, _(label)) for key, label in history.SOURCES.items() if key != "import"]
        )
        self.fields["source"].initial = "visit"
        told = ("source", "said_by", "source_words", "observed_date")
        self.order_fields([*(name for name in self.fields if name not in told), *told])

    def said(self, today: date) -> people_actions.Said:
        """What was told about it."""
        given = self.cleaned_data
        return people_actions.Said(
            given["source"], given["observed_date"] or today, given["source_words"], given["said_by"]
        )

    @property
    def own(self) -> list[Any]:
        """The fields that are not about who said it."""
        told = ("source", "said_by", "source_words", "observed_date")
        return [self[name] for name in self.fields if name not in told]

    @property
    def told(self) -> list[Any]:
        """The fields about who said it."""
        return [self[name] for name in ("source", "said_by", "source_words", "observed_date")]


class GroupForm(SaidForm):
    """One or more groups of fields, as they stand; only what is changed is written, unless everything was checked."""

    checked = forms.TickField(
        label=gettext_lazy("Everything on this page was checked that day, also what stays the same"),
        required=False,
    )

    def __init__(
        self, *args: Any, groups: Sequence[field_rules.Group], row: Any = None, **options: Any
    ) -> None:
        self.groups = groups
        super().__init__(*args, **options)
        for group in groups:
            for field in group.fields:
                self.fields[field.key] = _made(field, getattr(row, field.key, None))
        self.order_fields(
            [*(field.key for group in groups for field in group.fields), "checked", "source", "said_by"]
        )

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The groups with their bound fields."""
        return [
            {"name": group.label(words.language()), "fields": [self[field.key] for field in group.fields]}
            for group in self.groups
        ]

    def changes(self) -> dict[str, Any]:
        """What was changed, or everything that is answered when all was checked."""
        keys = [field.key for group in self.groups for field in group.fields]
        given = {key: _joined(self.cleaned_data[key]) for key in keys}
        if self.cleaned_data["checked"]:
            return {key: value for key, value in given.items() if value not in ("", None)}
        return {key: value for key, value in given.items() if key in self.changed_data}


def _joined(value: Any) -> Any:
    return str(sum(int(one) for one in value)) if isinstance(value, list) else value


def _made(field: field_rules.Field, value: Any) -> Any:
    """The form field of one field of the register."""
    label = field.label(words.language())
    if field.type == "code":
        return _select(label, _codes(field.key, value), value or "", _condition(field.key))
    if field.type == "yes_no":
        kept = field_rules.as_text(value)
        return _select(label, [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))], kept)
    if field.type == "sex":
        return _select(label, [("", _("Not known")), ("L", _("Man")), ("P", _("Woman"))], value or "")
    if field.type == "papers":
        papers = lists.book().papers.rows
        made = forms.ChoicesField(label=label, required=False)
        made.explain([(str(bit), en if words.language() == "en" else name) for bit, name, en in papers])
        made.initial = [str(bit) for bit, _name, _en in papers if value and value & bit]
        return made
    if field.type == "date":
        return forms.DateField(label=label, required=False, initial=value)
    return _line(field, label, value)


def _line(field: field_rules.Field, label: str, value: Any) -> Any:
    kept = field_rules.as_text(value)
    if field.key in field_rules.SEALED and kept:
        return _number(label, kept)
    if field.type == "area":
        kept = field_rules.area_text(value, words.language()) if value else ""
    width = {"number": "5", "area": "5", "money": "10", "number_16": "20"}.get(field.type, "")
    made = forms.LineField(label=label, required=False, max_length=1000, initial=kept, width=width)
    if field.type in ("number", "money", "number_16"):
        made.widget.attrs["inputmode"] = "numeric"
    if field.type == "area":
        made.widget.attrs["inputmode"] = "decimal"
    return made


def _number(label: str, kept: str) -> Any:
    """A number that stands there: never shown whole on a form, and left as it is when nothing is typed."""
    hint = f"{nik_lib.mask(kept)}. {_('Leave empty to keep the number that is there.')}"
    made = forms.LineField(label=label, required=False, max_length=1000, width="20", help_text=hint)
    made.widget.attrs["inputmode"] = "numeric"
    return made


def _select(label: str, choices: list[tuple[str, str]], initial: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, widget=Select, choices=choices, initial=initial, help_text=hint
    )


def _codes(key: str, value: Any) -> list[tuple[str, str]]:
    """The answers of the list that is asked by; a code of another list stays choosable where it stands."""
    language = words.language()
    offered = lists.options(key, FINER.get(key, "bdt"))
    found = [("", _("Not known")), *((one.code, one.label(language)) for one in offered)]
    if value and value not in {code for code, _label in found}:
        version = lists.version_names(language).get(value.partition("/")[0], "")
        found.append((value, f"{lists.label(key, value, language)} ({version})"))
    return found


def _condition(key: str) -> str:
    """When the question is asked: "Only if “Main light” is: Electricity from PLN"."""
    condition = lists.only_if(key)
    if condition is None:
        return ""
    if not condition.field:
        return _("Asked from the age of %(age)s.") % {"age": condition.age_from}
    if condition.field == "works":
        return _("Only for who works.")
    fits = [
        one.label(words.language())
        for one in lists.options(condition.field, FINER.get(condition.field, "bdt"))
        if one.meanings & condition.any_of
    ]
    name = lists.name(condition.field, words.language())
    return _("Only if “%(name)s” is: %(answers)s.") % {"name": name, "answers": ", ".join(fits)}


class NewForm(SaidForm):
    """A household: where it is, and its head."""

    place = forms.RegionField(label=gettext_lazy("Village"))
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False, widget=Select)
    full_name = forms.NameField(label=gettext_lazy("Head of the household"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False, widget=Select)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False)
    nik = forms.DigitsField(
        label=gettext_lazy("NIK"),
        required=False,
        help_text=gettext_lazy("Leave it empty if there is none: nobody is left out for that."),
    )
    kk = forms.DigitsField(label=gettext_lazy("Number of the family card"), required=False)
    address = forms.LineField(label=gettext_lazy("Address or landmark"), required=False)

    def __init__(self, *args: Any, by: Actor, hamlets: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        self.fields["hamlet"].explain(hamlet_choices(hamlets))  # type: ignore[attr-defined]
        self.fields["sex"].explain([("", _("Not known")), ("L", _("Man")), ("P", _("Woman"))])  # type: ignore[attr-defined]


def hamlet_choices(hamlets: Iterable[Any]) -> list[tuple[str, str]]:
    """Hamlets to choose from."""
    return [("", _("Not known")), *((str(one.id), one.name) for one in hamlets)]


class MemberForm(SaidForm):
    """Somebody who joins: a person the register knows, or a new one."""

    person = forms.ChoiceField(label=gettext_lazy("Who is it?"), required=False)
    full_name = forms.NameField(label=gettext_lazy("Full name"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False, widget=Select)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False)
    nik = forms.DigitsField(label=gettext_lazy("NIK"), required=False)
    relation = forms.ChoiceField(label=gettext_lazy("Relation to the head"), required=False, widget=Select)
    family = forms.ChoiceField(label=gettext_lazy("Family card"), required=False, widget=Select)
    from_date = forms.DateField(label=gettext_lazy("Lives here since"), required=False)

    def __init__(
        self,
        *args: Any,
        families: Iterable[tuple[str, str]] = (),
        found: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        known = list(found)
        self.fields["person"].explain([*known, ("", _("Somebody new, described below"))])  # type: ignore[attr-defined]
        if not known:
            del self.fields["person"]
        self.fields["sex"].explain([("", _("Not known")), ("L", _("Man")), ("P", _("Woman"))])  # type: ignore[attr-defined]
        self.fields["relation"].explain(_codes("relation", ""))  # type: ignore[attr-defined]
        self.fields["family"].explain([("", _("None, or not known")), *families])  # type: ignore[attr-defined]


class BirthForm(SaidForm):
    """A child that was born here."""

    full_name = forms.NameField(
        label=gettext_lazy("Name of the child"),
        required=False,
        help_text=gettext_lazy("Leave it empty while the child has none."),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False, widget=Select)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"))
    birth_place = forms.LineField(label=gettext_lazy("Place of birth"), required=False, max_length=60)
    mother = forms.ChoiceField(label=gettext_lazy("Mother"), required=False, widget=Select)

    def __init__(self, *args: Any, mothers: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mother"].explain([("", _("Not in this household, or not known")), *mothers])  # type: ignore[attr-defined]
        self.fields["sex"].explain([("", _("Not known")), ("L", _("Man")), ("P", _("Woman"))])  # type: ignore[attr-defined]


class DeathForm(SaidForm):
    """A death."""

    died_date = forms.DateField(label=gettext_lazy("Day of death"))
    words = forms.LineField(label=gettext_lazy("Remark"), required=False, max_length=300)


class MoveForm(SaidForm):
    """Who moved away, when, where to."""

    persons = forms.ChoicesField(label=gettext_lazy("Who moved?"))
    on_date = forms.DateField(label=gettext_lazy("On which day did they move?"))
    to_region = forms.RegionField(
        label=gettext_lazy("Where to?"),
        required=False,
        help_text=gettext_lazy(
            "The village. Leave it empty if nobody knows, or if it is outside of Indonesia."
        ),
    )
    words = forms.LineField(label=gettext_lazy("Remark"), required=False, max_length=300)

    def __init__(self, *args: Any, by: Actor, members: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["persons"].explain(list(members))  # type: ignore[attr-defined]
        self.fields["to_region"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]


class ArrivalForm(SaidForm):
    """Who moved in, when, where from; and, when somebody like them is known, whether it is they."""

    full_name = forms.NameField(label=gettext_lazy("Full name"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False, widget=Select)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False)
    nik = forms.DigitsField(label=gettext_lazy("NIK"), required=False)
    relation = forms.ChoiceField(label=gettext_lazy("Relation to the head"), required=False, widget=Select)
    on_date = forms.DateField(label=gettext_lazy("On which day did they move in?"), required=False)
    from_region = forms.RegionField(
        label=gettext_lazy("Where from?"),
        required=False,
        help_text=gettext_lazy(
            "The village. Leave it empty if nobody knows, or if it is outside of Indonesia."
        ),
    )
    words = forms.LineField(label=gettext_lazy("Remark"), required=False, max_length=300)

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sex"].explain([("", _("Not known")), ("L", _("Man")), ("P", _("Woman"))])  # type: ignore[attr-defined]
        self.fields["relation"].explain(_codes("relation", ""))  # type: ignore[attr-defined]
        self.fields["from_region"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]


class SplitForm(SaidForm):
    """Who forms a household of their own."""

    persons = forms.ChoicesField(label=gettext_lazy("Who forms the new household?"))
    head = forms.ChoiceField(label=gettext_lazy("Head of the new household"), widget=Select)
    new_house = forms.TickField(label=gettext_lazy("They live in another house"), required=False)

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        known = list(members)
        self.fields["persons"].explain(known)  # type: ignore[attr-defined]
        self.fields["head"].explain([("", _("Choose")), *known])  # type: ignore[attr-defined]


class PlaceForm(SaidForm):
    """In which household and on which card a person stands, and how they belong to the head."""

    household_relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the head of the household"), required=False, widget=Select
    )
    family = forms.ChoiceField(label=gettext_lazy("Family card"), required=False, widget=Select)
    family_relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the head of the family"), required=False, widget=Select
    )

    def __init__(self, *args: Any, person: Any, families: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("household_relation", "family_relation"):
            self.fields[name].explain(_codes("relation", getattr(person, name)))  # type: ignore[attr-defined]
            self.fields[name].initial = getattr(person, name)
        self.fields["family"].explain([("", _("None, or not known")), *families])  # type: ignore[attr-defined]
        self.fields["family"].initial = str(person.family_id or "")


class TieForm(SaidForm):
    """How two persons belong together."""

    other = forms.ChoiceField(label=gettext_lazy("Who?"))
    kind = forms.ChoiceField(label=gettext_lazy("What are they to this person?"), widget=Select)

    def __init__(self, *args: Any, found: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"].explain(list(found))  # type: ignore[attr-defined]
        self.fields["kind"].explain(choices.pairs(words.TIES))  # type: ignore[attr-defined]


class FlagForm(SaidForm):
    """A category of need."""

    category = forms.ChoiceField(label=gettext_lazy("Category"), widget=Select)
    note = forms.LongTextField(
        label=gettext_lazy("What was seen or heard"), required=False, rows=3, max_length=2000
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].explain(  # type: ignore[attr-defined]
            [
                ("", _("Choose")),
                *(
                    (
                        str(one.number),
                        f"{one.number}. {one.label(words.language())}" + (" †" if one.sensitive else ""),
                    )
                    for one in lists.categories()
                ),
            ]
        )
        self.fields["category"].help_text = _("†: only you, your desk and the manager see it.")

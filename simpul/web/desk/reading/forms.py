"""Forms of the reading corner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.village_post.actions import reading_books, reading_days, reading_loans
from simpul.village_post.rules import reading as rules
from simpul.web import forms
from simpul.web.desk import intake_form, words
from simpul.web.forms import choices
from simpul.web.manage import fields


class OnceForm(forms.Form):
    """A form whose act carries a key, so that a press repeated changes nothing."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("once", str(uuid7()))

    def choose(self, name: str, given: Any) -> None:
        """Set the choices of a field."""
        self.fields[name].explain(given)  # type: ignore[attr-defined]


class CornerForm(OnceForm):
    """A reading corner."""

    name = forms.LineField(label=_("Name of the reading corner"), max_length=100)
    place_code = forms.RegionField(label=_("In which village?"))
    letters = forms.LineField(
        label=_("Letters on labels and cards"),
        max_length=6,
        help_text=_(
            "Two to six letters that no other corner uses, for example MSM. They cannot be changed later."
        ),
    )
    place = forms.LineField(label=_("Where it is"), required=False, max_length=150)
    open_days = forms.ChoicesField(label=_("Open on"), required=False)
    opens = fields.TimeField(label=_("Opens at"), required=False)
    closes = fields.TimeField(label=_("Closes at"), required=False)
    holidays_closed = fields.SwitchField(label=_("Closed on public holidays"), required=False)
    closed_dates = forms.LongTextField(
        label=_("Other closed days"),
        required=False,
        rows=2,
        max_length=2000,
        help_text=_("One day on each line, like 17/8/2026."),
    )
    loan_days = fields.CountField(label=_("How many days may a book be kept?"), min_value=1, max_value=120)
    most_loans = fields.CountField(label=_("How many books at once?"), min_value=1, max_value=50)
    most_renewals = fields.CountField(label=_("How often may a loan be renewed?"), min_value=0, max_value=20)

    def __init__(self, *args: Any, by: Actor, village: str = "", old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.village = village
        week = [(str(day), when.weekday_name(date(2026, 6, day), words.language())) for day in range(1, 8)]
        self.choose("open_days", week)
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        if old or len(village) == 10:
            del self.fields["place_code"]
        if old:
            del self.fields["letters"]
        for name, value in (("loan_days", 14), ("most_loans", 3), ("most_renewals", 2)):
            self.initial.setdefault(name, value)

    def clean_closed_dates(self) -> tuple[date, ...]:
        """The closed days; a line that is no day is named."""
        found = []
        for line in self.cleaned_data["closed_dates"].splitlines():
            if not line.strip():
                continue
            day = forms.read_date(line.strip())
            if day is None:
                raise django_forms.ValidationError(
                    _("“%(line)s” is no day. Write it like 17/8/2026."), params={"line": line[:40]}
                )
            found.append(day)
        return tuple(found)

    def code(self) -> str:
        """The village."""
        return self.cleaned_data.get("place_code") or self.village

    def given(self) -> reading_books.CornerGiven:
        """The corner as the act takes it."""
        said = self.cleaned_data
        return reading_books.CornerGiven(
            name=said["name"],
            place=said["place"],
            open_days=tuple(int(day) for day in said["open_days"]),
            opens=said["opens"],
            closes=said["closes"],
            holidays_closed=said["holidays_closed"],
            closed_dates=said["closed_dates"],
            loan_days=said["loan_days"],
            most_loans=said["most_loans"],
            most_renewals=said["most_renewals"],
        )


class TitleForm(OnceForm):
    """A title; a new one with its first copies."""

    isbn = forms.LineField(
        label=_("ISBN"),
        required=False,
        max_length=20,
        help_text=_("Scan it or type it. Leave it empty when the book has none."),
    )
    title = forms.LineField(label=_("Title"), max_length=200)
    author = forms.LineField(label=_("Author"), required=False, max_length=150)
    category = forms.ChoiceField(label=_("Category"), widget=django_forms.Select)
    ages = forms.ChoiceField(label=_("For whom?"), required=False, widget=django_forms.Select)
    language = forms.ChoiceField(label=_("Language"), widget=django_forms.Select)
    publisher = forms.LineField(label=_("Publisher"), required=False, max_length=100)
    year = fields.CountField(label=_("Year"), required=False, min_value=1400, max_value=2200)
    shelf = forms.LineField(label=_("Shelf"), required=False, max_length=30)
    about = forms.LineField(label=_("What is it about?"), required=False, max_length=500)
    number = fields.CountField(label=_("How many copies?"), min_value=0, max_value=100)
    source = forms.ChoiceField(label=_("Where do they come from?"), widget=django_forms.Select)

    def __init__(self, *args: Any, old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, table in (
            ("category", rules.CATEGORIES),
            ("ages", rules.AGES),
            ("language", rules.LANGUAGES),
            ("source", rules.SOURCES),
        ):
            self.choose(name, choices.pairs(table))
        for name, value in (("number", 1), ("language", "id"), ("category", "children"), ("source", "given")):
            self.initial.setdefault(name, value)
        if old:
            del self.fields["number"], self.fields["source"]

    def given(self) -> reading_books.TitleGiven:
        """The title as the act takes it."""
        names = (
            "title",
            "author",
            "isbn",
            "publisher",
            "year",
            "category",
            "language",
            "ages",
            "shelf",
            "about",
        )
        return reading_books.TitleGiven(**{name: self.cleaned_data[name] for name in names})


class CopiesForm(OnceForm):
    """More copies of a title."""

    number = fields.CountField(label=_("How many copies?"), min_value=1, max_value=100)
    source = forms.ChoiceField(label=_("Where do they come from?"), widget=django_forms.Select)
    gift = forms.ChoiceField(label=_("Of which gift?"), required=False, widget=django_forms.Select)
    code = forms.LineField(
        label=_("Code on the book already"),
        required=False,
        max_length=30,
        help_text=_("Only when one copy bears a label already. Else it gets the next one."),
    )

    def __init__(self, *args: Any, gifts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("source", choices.pairs(rules.SOURCES))
        self.choose("gift", [("", _("of none")), *gifts])
        self.initial.setdefault("number", 1)


class GiftForm(OnceForm):
    """A gift of books."""

    donor = forms.LineField(label=_("Who gave?"), max_length=150)
    hidden = fields.SwitchField(label=_("The donor does not want to be named"), required=False)
    given_date = forms.DateField(label=_("Day"))
    books = fields.CountField(label=_("How many books?"), min_value=0, max_value=9999)
    words = forms.LineField(label=_("Note"), required=False, max_length=300)


class MemberForm(OnceForm):
    """A member, by name."""

    name = forms.LineField(label=_("Name"), max_length=150)
    group = forms.ChoiceField(label=_("Age group"), choices=[])
    guardian = forms.LineField(
        label=_("Father, mother or guardian of a child"), required=False, max_length=150
    )
    phone = forms.LineField(label=_("Telephone"), required=False, max_length=30)
    address = forms.LineField(label=_("Address"), required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("group", choices.pairs(rules.GROUPS))

    def given(self) -> reading_loans.ReaderGiven:
        """The member as the act takes it."""
        names = ("name", "group", "guardian", "phone", "address")
        return reading_loans.ReaderGiven(**{name: self.cleaned_data[name] for name in names})


class ActivityForm(OnceForm):
    """An activity that is planned or was held."""

    name = forms.LineField(label=_("What is it called?"), max_length=150)
    kind = forms.ChoiceField(label=_("What kind of activity?"), widget=django_forms.Select)
    day = forms.DateField(label=_("Day"))
    clock = fields.TimeField(label=_("Time"))
    leader = forms.LineField(label=_("Who leads it?"), required=False, max_length=150)
    ages = forms.ChoiceField(label=_("For whom?"), required=False, widget=django_forms.Select)
    count = fields.CountField(
        label=_("How many came?"),
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("Leave empty while it has not been."),
    )
    words = forms.LongTextField(label=_("What was done?"), required=False, rows=2, max_length=2000)

    def __init__(self, *args: Any, zone: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.choose("kind", choices.pairs(rules.ACTIVITIES))
        self.choose("ages", choices.pairs(rules.AGES))

    def starts_at(self) -> datetime:
        """The moment, in the place's own time."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], self.zone)

    def given(self) -> reading_days.ActivityGiven:
        """The activity as the act takes it."""
        names = ("name", "kind", "leader", "ages", "count", "words")
        return reading_days.ActivityGiven(**{name: self.cleaned_data[name] for name in names})

"""The forms of a stack of papers: what its sheets share, and one sheet."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.cases.queries import kinds as kind_queries
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form, words
from simpul.web.portal import draft as drafts
from simpul.web.portal import report_forms, safety

OLDEST = date(1945, 8, 17)
NOT_ON_PAPER = frozenset({"rights_request"})


class StackForm(forms.Form):
    """Said once for the whole stack."""

    region = forms.RegionField(label=_("Which village is it from?"))
    kind_code = forms.ChoiceField(label=_("What are its sheets about?"), widget=django_forms.Select)
    received_date = forms.DateField(
        label=_("When did the office get it?"), help_text=_("The clocks run from this day.")
    )
    written_date = forms.DateField(
        label=_("Usual date on the sheets"),
        required=False,
        help_text=_("A sheet may have a date of its own."),
    )
    brought_by = forms.LineField(label=_("Who brought it?"), required=False, max_length=150)
    distribution = forms.LineField(
        label=_("Which round of a distribution?"),
        required=False,
        max_length=100,
        help_text=_("For example: BLT stage 2, November."),
    )
    title = forms.LineField(label=_("A name for the stack"), required=False, max_length=100)
    stack_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by, self.at = by, at
        self.zone = ZoneInfo(region_queries.zone_of(by.served_areas[0]))
        self.fields["region"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        kinds = [
            (kind.code, words.said(kind, "name")) for kind in kind_queries.kinds_active() if not _asks(kind)
        ]
        self.fields["kind_code"].choices = [("", gettext("Choose")), *kinds]  # type: ignore[attr-defined]
        for name in ("received_date", "written_date"):
            self.fields[name].latest = at.astimezone(self.zone).date()  # type: ignore[attr-defined]
            self.fields[name].earliest = OLDEST  # type: ignore[attr-defined]

    def received_at(self) -> datetime:
        """Now when it came today, else noon of the day it came."""
        day: date = self.cleaned_data["received_date"]
        if day == self.at.astimezone(self.zone).date():
            return self.at
        return datetime.combine(day, intake_form.NOON, tzinfo=self.zone)


def _asks(kind: Any) -> bool:
    """True for a kind with questions that must be answered: its sheets go through the counter's page, one by one."""
    return any(field.get("required") for field in kind.fields) or kind.code in NOT_ON_PAPER


class SheetForm(report_forms.FilesForm):
    """One sheet: its own number and date, whose it is, what it says, a photo of it."""

    number = forms.LineField(label=_("Number on the paper"), required=False, max_length=60, width="10")
    written_date = forms.DateField(label=_("Date on the paper"), required=False)
    name = forms.NameField(label=_("Whose is it?"), required=False)
    writer = forms.LineField(
        label=_("Who wrote it for them?"),
        required=False,
        max_length=150,
        help_text=_("Empty: they wrote it themselves."),
    )
    text = forms.LongTextField(label=_("What does it say?"), rows=5)
    hamlet_id = forms.ChoiceField(label=_("Hamlet"), widget=django_forms.Select, required=False)
    place = forms.LineField(label=_("Where exactly"), required=False, max_length=200)
    phone = forms.PhoneField(label=_("Phone"), required=False)
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"), choices=tuple(words.URGENCIES.items()), initial="normal", inline=True
    )
    another = forms.TickField(label=_("It is another sheet with the same number"), required=False)
    case_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    kept = django_forms.CharField(required=False, widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, stack: Any, by: Actor, at: datetime, **options: Any) -> None:
        kept = args[0].get("kept", "") if args and args[0] else ""
        self.kept_files = intake_form.read_kept(kept)
        super().__init__(*args, already=len(self.kept_files), **options)
        hamlets = region_queries.hamlets(stack.region_code)
        self.fields["hamlet_id"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Not known")),
            *((str(one.id), one.name) for one in hamlets),
        ]
        day = self.fields["written_date"]
        zone = ZoneInfo(region_queries.zone_of(stack.region_code))
        day.latest, day.earliest = at.astimezone(zone).date(), OLDEST  # type: ignore[attr-defined]
        self.fields["uploads"].label = _("Photo of the sheet")
        self.fields["uploads"].help_text = ""
        self.fields["uploads"].widget.attrs["capture"] = "environment"
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["number"].widget.attrs.update({"autofocus": True, "autocomplete": "off"})
        safety.ask(self, safety.emergency_for([stack.region_code], at))

    def clean(self) -> dict[str, Any]:
        """Keep the photos, so that another fault does not cost them."""
        values: dict[str, Any] = super().clean() or {}
        for taken in self.taken:
            holder = drafts.Draft(case_id=str(values.get("case_id") or UUID(int=0)))
            self.kept_files.append(drafts.keep_file(holder, taken.clean, taken.name))
        self.taken = []
        return values

    def sealed_files(self) -> str:
        """The photos that were sent already, for the hidden field."""
        return signing.dumps([asdict(one) for one in self.kept_files], salt=intake_form.SALT)

    def given(self) -> dict[str, Any]:
        """The sheet in the words of ``enter_sheet``."""
        values = self.cleaned_data
        holder = drafts.Draft(case_id=str(values["case_id"]), files=list(self.kept_files))
        return {
            "text_given": values["text"],
            "number": values["number"],
            "written_date": values["written_date"],
            "name": values["name"],
            "writer": values["writer"],
            "phone": values["phone"],
            "hamlet_id": UUID(values["hamlet_id"]) if values["hamlet_id"] else None,
            "place": values["place"],
            "urgency": values["urgency"],
            "triage": values.get("triage", ()),
            "another": values["another"],
            "case_id": values["case_id"],
            "clean_files": drafts.clean_files(holder),
        }

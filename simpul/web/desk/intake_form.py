"""The one page on which a matter is written down at the counter, on the phone, from paper or from a chat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import intake
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.lib import nik as nik_lib
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.web import forms, questions, reading
from simpul.web.desk import act_forms, words
from simpul.web.portal import draft as drafts
from simpul.web.portal import report_forms, safety

TAKEN_BY = ("desk", "phone", "whatsapp", "paper", "sms", "email")
LONGEST_AGO = timedelta(days=366)
SALT = "desk-intake-files"
NOON = time(12, 0)


class IntakeForm(report_forms.FilesForm):
    """Content or person first, as the talk goes. Only the words, the kind and the village are needed."""

    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(code, words.CHANNELS[code]) for code in TAKEN_BY],
        initial="desk",
        inline=True,
    )
    text = forms.LongTextField(
        label=_("What happened, or what is needed? In the person's own words"),
        rows=7,
        help_text=_("A chat or a letter can be pasted as it is."),
    )
    title = forms.LineField(
        label=_("Title"),
        required=False,
        max_length=150,
        help_text=_("Left empty, the first sentence is taken."),
    )
    kind_code = forms.ChoiceField(label=_("What kind of matter is it?"), widget=django_forms.Select)
    region = forms.RegionField(
        label=_("Which village is it about?"), help_text=_("Small typing errors do no harm.")
    )
    hamlet_id = forms.ChoiceField(label=_("Hamlet"), widget=django_forms.Select, required=False)
    place = forms.LineField(label=_("Where exactly"), required=False, max_length=200)
    happened = forms.DateField(
        label=_("When did it happen?"), required=False, help_text=_("For example 17/8/2026.")
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"), choices=tuple(words.URGENCIES.items()), initial="normal", inline=True
    )

    mode = forms.ChoiceField(
        label=_("Who tells it?"), choices=tuple(words.MODES.items()), initial="self", inline=True
    )
    name = forms.NameField(label=_("Name"), required=False)
    phone = forms.PhoneField(label=_("Phone"), required=False)
    owner = forms.ChoiceField(
        label=_("Whose phone is it?"),
        choices=tuple(words.OWNERS.items()),
        widget=django_forms.Select,
        required=False,
    )
    owner_name = forms.LineField(label=_("Name of the phone's owner"), required=False, max_length=120)
    safe = forms.ChoiceField(
        label=_("What is safe with this phone?"),
        help_text=_("Ask: “Who else picks it up or reads it?”"),
        choices=(
            ("both", _("Call and write")),
            ("call", _("Only call")),
            ("write", _("Only write")),
            ("none", _("Neither")),
        ),
        initial="both",
        inline=True,
        required=False,
    )
    warning = forms.LineField(
        label=_("What must callers know?"),
        required=False,
        max_length=200,
        help_text=_("For example: only before noon; say it is about the posyandu."),
    )
    email = forms.LineField(label=_("E-mail"), required=False, max_length=150)
    nik = forms.LineField(
        label=_("NIK"),
        required=False,
        width="20",
        max_length=30,
        help_text=_("Only when the matter needs it. It is kept encrypted and shown masked."),
    )
    address = forms.LineField(label=_("Where the person is found"), required=False, max_length=200)
    needs = forms.LineField(
        label=_("What helps this person?"),
        required=False,
        max_length=200,
        help_text=_("For example: reads lips, comes in a wheelchair, speaks Mandar."),
    )
    about_name = forms.LineField(label=_("Name of the person it concerns"), required=False, max_length=120)
    relation = forms.LineField(label=_("What are they to that person?"), required=False, max_length=60)
    group_size = django_forms.IntegerField(
        label=_("About how many people are they?"), required=False, min_value=1, max_value=100_000
    )
    hide_name = forms.TickField(
        label=_("The name must not be shown to the office it is about"), required=False
    )
    consent = forms.ChoiceField(
        label=_("How did they agree that it is kept?"), widget=django_forms.Select, required=False
    )

    accused_name = forms.LineField(label=_("Name of the officer it is about"), required=False, max_length=150)
    accused_office = forms.LineField(label=_("Their office"), required=False, max_length=100)
    accused_user = forms.ChoiceField(
        label=_("Do they sign in here?"),
        widget=django_forms.Select,
        required=False,
        help_text=_("They will see nothing of it, and nothing tells them so."),
    )
    accused_desk = forms.ChoiceField(
        label=_("Is a whole desk meant?"), widget=django_forms.Select, required=False
    )

    paper_number = forms.LineField(label=_("Number on the paper"), required=False, max_length=60)
    paper_date = forms.DateField(label=_("Date on the paper"), required=False)
    paper_writer = forms.LineField(label=_("Who wrote it?"), required=False, max_length=150)
    received_date = forms.DateField(
        label=_("Received on"),
        required=False,
        help_text=_("Only when it was not just now. The clocks run from here."),
    )
    received_time = forms.LineField(
        label=_("at"), required=False, width="5", max_length=12, help_text=_("For example 13.05.")
    )

    person_id = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    incident_id = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    case_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    visit_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    kept = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    call_id = django_forms.CharField(required=False, widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, by: Actor, at: datetime, **options: Any) -> None:
        kept = args[0].get("kept", "") if args and args[0] else ""
        self.kept_files = read_kept(kept)
        super().__init__(*args, already=len(self.kept_files), **options)
        self.by, self.at = by, at
        self.zone = ZoneInfo(region_queries.zone_of(by.region_code))
        self.region_code = ""
        self.emergency = safety.emergency_for(by.served_areas, at)
        self._set_choices()
        safety.ask(self, self.emergency)
        if self.is_relaxed:
            self.fields["region"].required = False
            self.fields["place"].help_text = _("In disaster mode a hamlet or a landmark is enough.")

    def _set_choices(self) -> None:
        kinds = kind_queries.kinds_active()
        given = self.data if self.is_bound else self.initial
        typed = str(given.get("region", "") or "")
        found = find_places(self.by, typed) if typed else []
        self.region_code = found[0][0] if len(found) == 1 or (found and typed == found[0][0]) else ""
        self.fields["region"].find = lambda text: find_places(self.by, text)  # type: ignore[attr-defined]
        self._choose(
            "kind_code", [("", gettext("Choose")), *((kind.code, words.said(kind, "name")) for kind in kinds)]
        )
        hamlets = region_queries.hamlets(self.region_code) if self.region_code else []
        self._choose("hamlet_id", [("", gettext("Not known")), *((str(one.id), one.name) for one in hamlets)])
        self._choose("consent", [("", gettext("Not asked yet")), *words.CONSENTS.items()])
        self._choose("accused_user", [("", pgettext_lazy("choice", "No")), *self._officers()])
        desks = desk_queries.desks_visible(self.by).open().order_by("name")
        self._choose(
            "accused_desk",
            [("", pgettext_lazy("choice", "No")), *((str(desk.id), desk.name) for desk in desks)],
        )
        today = self.at.astimezone(self.zone).date()
        for name in ("happened", "paper_date", "received_date"):
            self.fields[name].latest = today  # type: ignore[attr-defined]
            self.fields[name].earliest = date(1945, 8, 17)  # type: ignore[attr-defined]
        chosen = str(given.get("kind_code", ""))
        self.kind = next((kind for kind in kinds if kind.code == chosen), None)
        self._add_questions()

    def _officers(self) -> Sequence[tuple[str, str]]:
        seats = desk_queries.seats_visible(self.by, self.at)
        return list({str(seat.user_id): f"{seat.user.full_name}, {seat.desk.name}" for seat in seats}.items())

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _add_questions(self) -> None:
        specs = questions.of(self.kind, self.by.served_areas)
        for key, field in report_forms.DetailsForm(specs=specs).fields.items():
            self.fields[f"{act_forms.ANSWER_PREFIX}{key}"] = field

    @property
    def is_relaxed(self) -> bool:
        """True in disaster mode: a name may be missing, and a landmark stands for a village nobody knows."""
        return self.emergency is not None and self.emergency.relaxes_identity

    @property
    def questions(self) -> list[Any]:
        """The bound fields of the kind's own questions."""
        return [self[name] for name in self.fields if name.startswith(act_forms.ANSWER_PREFIX)]

    def clean_nik(self) -> str:
        """Sixteen digits or nothing; whether they are plausible is told beside the form and never stops anybody."""
        typed: str = self.cleaned_data["nik"]
        number = nik_lib.clean(typed)
        if typed and not (len(number) == 16 and number.isdigit()):
            raise ValidationError(_("A NIK has 16 digits. Please compare it with the card."))
        return typed

    def clean_email(self) -> str:
        """An address that mail can be sent to, or nothing."""
        typed: str = self.cleaned_data["email"]
        if typed:
            EmailValidator(message=_("Write an e-mail address such as name@example.com, or leave it empty."))(
                typed
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """A phone needs an owner; a moment must be in the past year."""
        values: dict[str, Any] = super().clean() or {}
        for taken in self.taken:
            holder = drafts.Draft(case_id=str(values.get("case_id") or UUID(int=0)))
            self.kept_files.append(drafts.keep_file(holder, taken.clean, taken.name))
        self.taken = []
        if values.get("mode") == "anonymous" and (
            values.get("name") or values.get("phone") or values.get("email")
        ):
            self.add_error(
                "mode", _("A name, phone or e-mail is written below. Take it out, or choose who tells it.")
            )
        if values.get("mode") == "proxy" and not values.get("relation") and not values.get("about_name"):
            self.add_error("about_name", _("Write whom it concerns, or what they are to that person."))
        if self.is_relaxed and "region" in values and not values["region"]:
            if values.get("place") or values.get("hamlet_id"):
                values["region"] = self.emergency.region_code  # type: ignore[union-attr]
            else:
                self.add_error("region", _("Write the village, or at least a hamlet or a landmark."))
        try:
            values["received_at"] = self._received(values)
        except ValidationError as wrong:
            self.add_error("received_date" if values.get("received_date") is None else "received_time", wrong)
        return values

    def _received(self, values: dict[str, Any]) -> datetime:
        """When it was received: now, unless a date (and a time) was written."""
        day, clock = values.get("received_date"), str(values.get("received_time") or "")
        if day is None:
            if clock:
                raise ValidationError(_("Write the date too, or leave the time empty."))
            return self.at
        moment = when.parse_time(clock) if clock else None
        if clock and moment is None:
            raise ValidationError(_("Write the time as 13.05."))
        local_now = self.at.astimezone(self.zone)
        if moment is None:
            moment = local_now.timetz().replace(tzinfo=None) if day == local_now.date() else NOON
        found = datetime.combine(day, moment, tzinfo=self.zone)
        if found > self.at:
            raise ValidationError(_("This moment has not come yet. Check the date and the time."))
        if found < self.at - LONGEST_AGO:
            raise ValidationError(
                _(
                    "This is more than a year ago. Write the old date as the date on the paper, and leave this empty."
                )
            )
        return found

    def without_complaints(self) -> None:
        """Show what was typed, and say nothing about what is still missing: the page was asked for help, not sent."""
        self.full_clean()
        self.errors.clear()

    def sealed_files(self) -> str:
        """The files that were sent already, for the hidden field: they need not be chosen again."""
        return signing.dumps([asdict(one) for one in self.kept_files], salt=SALT)

    def given(self) -> dict[str, Any]:
        """What was written, in the words of ``open_case``."""
        values = self.cleaned_data
        holder = drafts.Draft(case_id=str(values["case_id"]), files=list(self.kept_files))
        mode = values["mode"]
        return {
            "kind_code": values["kind_code"],
            "text_given": values["text"],
            "title": values["title"],
            "region_code": values["region"],
            "channel": values["channel"],
            "answers": act_forms.read_answers(values),
            "mode": mode,
            "reporter": None if mode == "anonymous" else self._reporter(),
            "about": intake.PersonGiven(name=values["about_name"]) if values["about_name"] else None,
            "relation": values["relation"],
            "group_size": values["group_size"] if mode == "group" else None,
            "hamlet_id": UUID(values["hamlet_id"]) if values["hamlet_id"] else None,
            "place": values["place"],
            "happened_date": values["happened"],
            "urgency": values["urgency"],
            "consent": values["consent"],
            "hide_name": values["hide_name"],
            "paper": intake.Paper(values["paper_number"], values["paper_date"], values["paper_writer"]),
            "parties": self._parties(),
            "clean_files": drafts.clean_files(holder),
            "language": "id",
            "visit_id": values["visit_id"],
            "incident_id": reading.key(values["incident_id"]),
            "case_id": values["case_id"],
            "triage": values.get("triage", ()),
        }

    def _reporter(self) -> intake.PersonGiven:
        values = self.cleaned_data
        return intake.PersonGiven(
            name=values["name"],
            person_id=reading.key(values["person_id"]),
            phone=values["phone"],
            email=values["email"],
            nik=values["nik"],
            landmark=values["address"],
            needs=values["needs"],
            owner=values["owner"] or "own",
            owner_name=values["owner_name"],
            safe_to_call=values["safe"] in ("both", "call", ""),
            safe_to_write=values["safe"] in ("both", "write", ""),
            warning=values["warning"],
        )

    def _parties(self) -> list[intake.PartyGiven]:
        values = self.cleaned_data
        user_id, desk_id = reading.key(values["accused_user"]), reading.key(values["accused_desk"])
        if not (values["accused_name"] or user_id or desk_id):
            return []
        name = values["accused_name"] or gettext("An officer")
        return [
            intake.PartyGiven(
                role="accused", name=name, office=values["accused_office"], user_id=user_id, desk_id=desk_id
            )
        ]


def find_places(by: Actor, typed: str) -> list[tuple[str, str]]:
    """Places that may be meant, those of the seat's own area first; one when it is clear."""
    if typed.isdigit():
        region = region_queries.find_region(typed)
        return [(region.code, region_queries.path_names(region.code))] if region else []
    found = region_queries.search_villages(typed, inside=by.region_code, limit=6)
    whole = [one for one in found if typed.strip().casefold() in (one.name.casefold(), one.path.casefold())]
    near = [one for one in whole if by.serves(one.code)]
    chosen = near if len(near) == 1 else whole if len(whole) == 1 else found
    return [(one.code, one.path) for one in chosen]


def read_kept(text: str) -> list[drafts.DraftFile]:
    """The files that were sent before, from the sealed hidden field; none when it was changed or is too old."""
    try:
        rows = signing.loads(text, salt=SALT, max_age=drafts.LEFT_AFTER_SECONDS) if text else []
    except (signing.BadSignature, json.JSONDecodeError):
        return []
    return [drafts.DraftFile(**row) for row in rows]

"""Forms of a dispute. Each takes the dispute and, where it changes one entry, that entry; they give its choices."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.lib.ids import uuid7
from simpul.mediation.queries import kin, lists, screen
from simpul.mediation.rules import conflicts, words
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.manage import fields
from simpul.web.portal import words as portal_words

ANSWERS = (("no", _("No")), ("unsure", _("Not sure")), ("yes", _("Yes")))


class Base(forms.Form):
    """A form about a dispute: ``once`` is the key of what it writes, so that a second press writes nothing."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, request: Any, dispute: Any, item: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request, self.dispute, self.item = request, dispute, item
        self.initial.setdefault("once", str(uuid7()))
        self.furnish()

    def furnish(self) -> None:
        """Fill in what depends on the dispute."""

    def key(self) -> UUID | None:
        """The key of what is written."""
        found: UUID | None = self.cleaned_data.get("once")
        return found

    def moment(self, day: str = "day", clock: str = "clock") -> datetime:
        """A day and a time at the place of the dispute."""
        zone = desk_queries.zone_of(self.dispute.region_code)
        return datetime.combine(self.cleaned_data[day], self.cleaned_data[clock], zone)

    def choose(self, name: str, given: Any) -> None:
        """Give a field its choices."""
        fields.choose(self, name, given)


class NothingForm(Base):
    """Only the button: a step that is confirmed."""


class WhyForm(Base):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)


class ScreenForm(Base):
    """The questions of safety, one after the other."""

    def furnish(self) -> None:
        """One field a question."""
        for one in screen.questions():
            self.fields[f"s_{one.key}"] = forms.ChoiceField(
                label=portal_words.said(one, "ask"), choices=list(ANSWERS), help_text=one.source
            )

    def answers(self) -> dict[str, str]:
        """Question -> answer."""
        return {key[2:]: value for key, value in self.cleaned_data.items() if key.startswith("s_")}


class OpenForm(ScreenForm):
    """A matter enters the register: what it is about, then the questions of safety."""

    subject = forms.ChoiceField(label=_("What is it about?"), widget=django_forms.Select)
    about = forms.LineField(
        label=_("In one sentence"), max_length=300, help_text=_("Without blame: it stands in the register.")
    )
    place = forms.LineField(label=_("Where is that?"), required=False, max_length=150)
    confidentiality = forms.ChoiceField(label=_("Who may read it?"))

    def furnish(self) -> None:
        """The choices, and the questions below them."""
        self.choose("subject", choices.pairs(words.SUBJECTS))
        self.choose("confidentiality", choices.pairs(words.CONFIDENTIALITY))
        self.initial.setdefault("confidentiality", "usual")
        super().furnish()


class ChangeForm(Base):
    """What the register says of a dispute."""

    subject = forms.ChoiceField(label=_("What is it about?"), widget=django_forms.Select)
    about = forms.LineField(label=_("In one sentence"), max_length=300)
    place = forms.LineField(label=_("Where is that?"), required=False, max_length=150)
    confidentiality = forms.ChoiceField(label=_("Who may read it?"))

    def furnish(self) -> None:
        """The choices."""
        self.choose("subject", choices.pairs(words.SUBJECTS))
        self.choose("confidentiality", choices.pairs(words.CONFIDENTIALITY))


class _Registered(Base):
    """A form that ties somebody to the register: the residents found for the words in the address."""

    person = forms.ChoiceField(label=_("In the register of residents"), required=False)

    def residents(self, kept: UUID | None = None) -> None:
        """Those found, and the one who is tied already."""
        query = self.request.POST.get("kata") or self.request.GET.get("kata", "")
        found = kin.persons_named(self.request.by, self.dispute, query.replace("\x00", "")[:100])
        known = kin.person_here(self.dispute, kept)
        if known is not None and known.id not in {one.id for one in found}:
            found = [known, *found]
        options = [
            forms.Choice(str(one.id), one.full_name, one.hamlet.name if one.hamlet else one.address)
            for one in found
        ]
        self.choose("person", [("", gettext("Not tied to the register")), *options])
        self.initial.setdefault("person", str(kept or ""))

    def person_id(self) -> UUID | None:
        """The resident who was chosen."""
        chosen = self.cleaned_data.get("person")
        return UUID(chosen) if chosen else None


class PartyForm(_Registered):
    """A party."""

    role = forms.ChoiceField(label=_("On which side?"))
    name = forms.LineField(
        label=_("Name"),
        required=False,
        max_length=150,
        help_text=_("May stay empty for a resident chosen above."),
    )
    resident = forms.TickField(label=_("Lives in this village"), required=False)
    address = forms.LineField(label=_("Address"), required=False, max_length=200)
    phone = forms.LineField(label=_("Telephone"), required=False, max_length=30)
    spoken_by = forms.LineField(label=_("Who speaks for them?"), required=False, max_length=150)
    spoken_basis = forms.LineField(
        label=_("By which paper, or as which relative?"), required=False, max_length=150
    )

    field_order = ("once", "person", "role", "name")

    def furnish(self) -> None:
        """Sides and residents."""
        self.choose("role", choices.pairs(words.ROLES))
        self.initial.setdefault("resident", True)
        self.initial.setdefault("role", "respondent" if lists.parties(self.dispute) else "complainant")
        self.residents(self.item.person_id if self.item else None)


class StatementForm(Base):
    """What a party said."""

    said = forms.LongTextField(
        label=_("What do they say, in their own words?"),
        rows=8,
        max_length=20_000,
        help_text=_("Taken alone. The others hear nothing of it until this party agrees."),
    )


class ShareForm(Base):
    """How the party agreed to share."""

    how = forms.ChoiceField(label=_("How did they agree that the others hear it?"))

    def furnish(self) -> None:
        """By word or in writing."""
        self.choose("how", choices.pairs(words.SHARED))


class MediatorForm(_Registered):
    """A mediator, by decision."""

    account = forms.ChoiceField(label=_("Who mediates?"), required=False)
    name = forms.LineField(
        label=_("Name, when it is somebody else"), required=False, max_length=150,
        help_text=_("An elder, a religious leader, a member of BPD ..."),
    )  # fmt: skip
    office = forms.LineField(label=_("Office"), required=False, max_length=100)
    leads = forms.TickField(label=_("Leads the sessions"), required=False)
    decision_number = forms.LineField(label=_("Number of the decision"), required=False, max_length=80)
    decision_date = forms.DateField(label=_("Date of the decision"), required=False)
    interest = forms.LineField(
        label=_("What ties them to a party, by their own word?"), required=False, max_length=300,
        help_text=_("Kinship, business, debt, neighbours. Empty when they say there is nothing."),
    )  # fmt: skip
    parties_agree = forms.LineField(
        label=_("If there is a tie: how was every party told, and did they agree?"),
        required=False,
        max_length=300,
    )

    field_order = ("once", "account", "name", "person", "office")

    def furnish(self) -> None:
        """Those of the office, with their ties, and residents."""
        rows = [
            forms.Choice(
                str(one.account_id), one.name, ", ".join(gettext(conflicts.TIES[tie]) for tie in one.ties)
            )
            for one in kin.proposals(self.dispute)
        ]
        self.choose("account", [*rows, ("", gettext("Somebody else"))])
        self.residents()

    def account_id(self) -> UUID | None:
        """The account that was chosen."""
        chosen = self.cleaned_data.get("account")
        return UUID(chosen) if chosen else None


class SummonsForm(Base):
    """A party is summoned to a session that is planned, or to a moment of its own."""

    party = forms.ChoiceField(label=_("Who is summoned?"))
    session = forms.ChoiceField(label=_("To which session?"), required=False)
    day = forms.DateField(label=_("Day"), required=False)
    clock = fields.TimeField(label=_("Time"), required=False)
    place = forms.LineField(label=_("Place"), required=False, max_length=150)
    issued_date = forms.DateField(label=_("Date of the summons"), required=False)

    def furnish(self) -> None:
        """Parties and planned sessions."""
        self.choose("party", [(str(one.id), one.name) for one in lists.parties(self.dispute)])
        self.sessions = {str(one.id): one for one in lists.sessions(self.dispute) if one.state == "planned"}
        named = [
            (key, f"{one.ordinal} · {portal_words.moment_words(one.planned_at, self.dispute.region_code)}")
            for key, one in self.sessions.items()
        ]
        self.choose("session", [*named, ("", gettext("To another time, below"))])
        if named:
            self.initial.setdefault("session", named[-1][0])
        if self.item is not None:
            self.initial.setdefault("party", str(self.item.id))

    def clean(self) -> dict[str, Any]:
        """Without a session a moment and a place are needed."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("session"):
            for name in ("day", "clock", "place"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Choose a session, or fill this in."))
        return given


class DeliverForm(Base):
    """How a summons was delivered."""

    result = forms.ChoiceField(label=_("What happened?"))
    day = forms.DateField(label=_("Day"))
    clock = fields.TimeField(label=_("Time"))
    delivered_by = forms.LineField(label=_("Who brought it?"), required=False, max_length=150)
    how = forms.ChoiceField(label=_("How?"), widget=django_forms.Select)
    to = forms.LineField(label=_("Who took it?"), required=False, max_length=150)

    def furnish(self) -> None:
        """Results and ways."""
        self.choose("result", choices.pairs(words.DELIVERIES))
        self.choose("how", choices.pairs(words.HOW_DELIVERED))


class AppearForm(Base):
    """Whether the party came."""

    appeared = forms.ChoiceField(label=_("Did they come?"))
    excuse = forms.LineField(label=_("Their reason, when excused"), required=False, max_length=300)

    def furnish(self) -> None:
        """Came, excused, absent."""
        self.choose("appeared", choices.pairs(words.APPEARED))


class SessionForm(Base):
    """When and where."""

    day = forms.DateField(label=_("Day"))
    clock = fields.TimeField(label=_("Time"))
    place = forms.LineField(label=_("Place"), max_length=150)


class HoldForm(ScreenForm):
    """A session begins with the questions of safety."""

    day = forms.DateField(label=_("Day"))
    clock = fields.TimeField(label=_("Began at"))


class EvidenceForm(Base):
    """A file and where it comes from."""

    file = django_forms.FileField(
        label=_("Photo, recording or PDF"), widget=django_forms.FileInput(attrs={"accept": "image/*,audio/*,application/pdf"})
    )  # fmt: skip
    title = forms.LineField(label=_("What is it?"), max_length=150)
    source = forms.LineField(label=_("Who brought it, and where does it come from?"), max_length=200)
    party = forms.ChoiceField(label=_("Of which party?"), required=False, widget=django_forms.Select)

    def furnish(self) -> None:
        """The parties."""
        rows = [(str(one.id), one.name) for one in lists.parties(self.dispute)]
        self.choose("party", [("", gettext("Of none")), *rows])


class AgreementForm(Base):
    """What stands before the clauses."""

    preamble = forms.LongTextField(
        label=_("What do the parties agree on, in general?"), required=False, rows=5, max_length=6000
    )
    place = forms.LineField(label=_("Where is it signed?"), required=False, max_length=150)
    grace_days = fields.CountField(
        label=_("Days of grace after a day is missed"), min_value=0, max_value=90,
        help_text=_("Only after them can a breach be declared."),
    )  # fmt: skip


class ClauseForm(Base):
    """One clause."""

    what = forms.LongTextField(label=_("What is to be done?"), rows=3, max_length=1000)
    owed_by = forms.ChoiceField(label=_("Who does it?"), widget=django_forms.Select)
    owed_to = forms.ChoiceField(label=_("For whom?"), required=False, widget=django_forms.Select)
    amount = forms.RupiahField(label=_("How many rupiah?"), required=False, help_text=_("Empty for a deed."))
    due_date = forms.DateField(label=_("Until when? (the first part, when there are several)"))
    parts = fields.CountField(label=_("In how many monthly parts?"), min_value=1, max_value=60)

    def furnish(self) -> None:
        """The parties."""
        rows = [(str(one.id), one.name) for one in lists.parties(self.dispute)]
        self.choose("owed_by", rows)
        self.choose("owed_to", [("", gettext("For everybody")), *rows])
        self.initial.setdefault("parts", 1)


class SignForm(Base):
    """Somebody signs."""

    who = forms.ChoiceField(label=_("Who signs?"))
    name = forms.LineField(label=_("Name of the witness"), required=False, max_length=150)
    mark = forms.ChoiceField(label=_("How?"))

    def furnish(self) -> None:
        """Parties, mediators, witnesses, the head."""
        rows = [
            (f"party:{one.id}", f"{one.name} ({gettext(words.PARTS['party'])})")
            for one in lists.parties(self.dispute)
        ]
        rows += [
            (f"mediator:{one.id}", f"{one.name} ({gettext(words.PARTS['mediator'])})")
            for one in lists.mediators(self.dispute)
            if one.ended_at is None
        ]
        rows += [(key, gettext(words.PARTS[key])) for key in ("witness", "head")]
        self.choose("who", rows)
        self.choose("mark", choices.pairs(words.MARKS))
        self.initial.setdefault("mark", "signature")

    def signer(self) -> dict[str, Any]:
        """Who signs, as the act takes it."""
        part, _sep, key = self.cleaned_data["who"].partition(":")
        return {"part": part, **({f"{part}_id": UUID(key)} if key else {})}


class SignedForm(Base):
    """The day on which the paper was signed."""

    signed_date = forms.DateField(label=_("Signed on"))


class PayForm(Base):
    """A payment or a deed."""

    amount = forms.RupiahField(label=_("How many rupiah were paid?"), required=False)
    done_date = forms.DateField(label=_("When?"))
    said = forms.LineField(label=_("Who saw it, how was it paid?"), required=False, max_length=300)
    evidence = forms.ChoiceField(
        label=_("Proof among the evidence"), required=False, widget=django_forms.Select
    )

    def furnish(self) -> None:
        """A deed has no sum."""
        if self.item is not None and self.item.amount is None:
            del self.fields["amount"]
        rows = [(str(one.id), one.title) for one in lists.evidence(self.dispute)]
        self.choose("evidence", [("", gettext("None")), *rows])


class BreakForm(Base):
    """A breach."""

    why = forms.LineField(label=_("What was not kept?"), max_length=300)
    follows = forms.LineField(
        label=_("What follows?"), max_length=300,
        help_text=_("As agreed: a new session, help to go to court, another body ..."),
    )  # fmt: skip


class ReferForm(Base):
    """Where it is sent on."""

    body = forms.ChoiceField(label=_("To which kind of body?"), widget=django_forms.Select)
    desk = forms.ChoiceField(
        label=_("Has it a desk here?"), required=False, widget=django_forms.Select,
        help_text=_("Then the matter itself goes there, and its answer comes back by itself."),
    )  # fmt: skip
    office = forms.LineField(label=_("Name of the office, when it has none"), required=False, max_length=150)
    why = forms.LineField(label=_("Why?"), max_length=500)
    sent = forms.LineField(label=_("Which papers go along?"), required=False, max_length=500)
    sent_date = forms.DateField(label=_("Sent on the day"), required=False)
    ends_mediation = forms.TickField(label=_("Mediation here ends with it"), required=False)

    def furnish(self) -> None:
        """Bodies and desks."""
        self.choose("body", choices.pairs(words.BODIES))
        desks = desk_queries.desks_for_referral(self.request.by, self.dispute.region_code)
        self.choose("desk", [("", gettext("No")), *((str(one.id), one.name) for one in desks)])
        self.initial.setdefault("ends_mediation", True)

    def clean(self) -> dict[str, Any]:
        """A desk or a name."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("desk") and not given.get("office") and "office" not in self.errors:
            self.add_error("office", gettext("Choose a desk, or write the name of the office."))
        return given


class ReplyForm(Base):
    """What the body answered."""

    result = forms.ChoiceField(label=_("What became of it?"))
    answer = forms.LineField(label=_("What did they answer?"), max_length=500)
    answered_date = forms.DateField(label=_("When?"), required=False)

    def furnish(self) -> None:
        """The results."""
        self.choose("result", choices.pairs(words.RESULTS))


class EndForm(Base):
    """How it ended without an agreement."""

    outcome = forms.ChoiceField(label=_("How did it end?"))
    why = forms.LineField(label=_("Why?"), max_length=500)

    def furnish(self) -> None:
        """Failed or withdrawn."""
        self.choose("outcome", choices.pairs(words.STATES, only=("failed", "withdrawn")))


class ExportForm(Base):
    """What an export is for."""

    purpose = forms.LineField(label=_("What is it for, and who receives it?"), max_length=200)


class RoomForm(Base):
    """The minutes of a session, kept while it lasts; with an outcome when it ends."""

    minutes = forms.LongTextField(label=_("Minutes"), required=False, rows=10, max_length=20_000)
    outcome = forms.ChoiceField(label=_("How did the session end?"), required=False)

    def furnish(self) -> None:
        """The outcomes."""
        self.choose("outcome", choices.pairs(words.OUTCOMES, gettext("It still goes on")))


class GuestForm(Base):
    """A witness or somebody else who came."""

    name = forms.LineField(label=_("Name"), max_length=150)
    part = forms.ChoiceField(label=_("Comes as"), widget=django_forms.Select)
    note = forms.LineField(label=_("Note"), required=False, max_length=200)

    def furnish(self) -> None:
        """Witness or other."""
        self.choose("part", choices.pairs(words.PARTS, only=("witness", "other")))

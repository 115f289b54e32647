"""The forms with which a matter goes to another desk, comes back with what was given, and is decided on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import referral
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import decisions
from simpul.desks import queries as desk_queries
from simpul.web import forms
from simpul.web.desk import act_forms, words

PROOF_ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "pdf", "mp3", "m4a", "ogg", "opus", "wav")
MODES: Mapping[str, Any] = {
    "tick": _("Agreed before me, and gives their name"),
    "paper": _("Signed on paper: add a photo of it"),
    "voice": _("Spoken: add the recording"),
}
"""Ways of agreeing that are written into the book of consents."""

SAID: Mapping[str, str] = {"ticked": "tick", "paper": "paper", "spoken": "voice", "proxy": "tick"}
RELATIONS: Mapping[str, Any] = {
    "": pgettext_lazy("who agreed", "The person themselves"),
    "parent": _("A parent"),
    "guardian": _("A guardian"),
    "proxy": _("Somebody they chose"),
}


class ConsentFields(act_forms.ActForm):
    """Asks how the person agreed, right where it is needed. ``taken`` is what was agreed, to be written down."""

    consent = forms.ChoiceField(
        label=_("How did the resident agree to that?"),
        widget=django_forms.Select,
        required=False,
        help_text=_("Read the words aloud first. It holds for this matter alone, and can be taken back."),
    )
    given_by = forms.LineField(label=_("Name of who agreed"), required=False, max_length=150)
    relation = forms.ChoiceField(
        label=_("Who is that?"), widget=django_forms.Select, required=False, choices=tuple(RELATIONS.items())
    )
    evidence = forms.FilesField(
        label=_("Photo of the paper, or the recording"),
        required=False,
        max_files=1,
        max_bytes=8 * 1024 * 1024,
        endings=PROOF_ENDINGS,
    )

    def offer_consent(self) -> None:
        """The ways of agreeing, and the name that is probable."""
        case = self.page.case
        person = case.about or case.reporter
        shown = person is not None and (self.page.sees_reporter or case.about is not None)
        self.fields["consent"].choices = [("", gettext("Not asked")), *words.CONSENTS.items()]  # type: ignore[attr-defined]
        self.fields["given_by"].initial = person.full_name if person is not None and shown else ""

    @property
    def taken(self) -> referral.ConsentTaken | None:
        """The consent that is written into the book: a name for a tick, a proof for paper and voice."""
        given = self.cleaned_data
        said, files = given.get("consent", ""), given.get("evidence") or []
        mode = SAID.get(said)
        if mode is None or not given.get("given_by") or (mode != "tick" and not files):
            return None
        data = b""
        if files and mode != "tick":
            files[0].seek(0)
            data = files[0].read()
        relation = "proxy" if said == "proxy" and not given.get("relation") else given.get("relation", "")
        return referral.ConsentTaken(
            mode=mode,
            given_by=given["given_by"],
            relation=relation,
            data=data,
            declared_name=files[0].name if files else "",
        )

    def clean(self) -> dict[str, Any]:
        """Where consent is asked for by the kind, paper and voice need their proof."""
        values: dict[str, Any] = super().clean() or {}
        mode = SAID.get(values.get("consent", ""))
        strict = self.page.case.kind.asks_consent and "evidence" in self.fields
        if (
            strict
            and mode in ("paper", "voice")
            and not values.get("evidence")
            and "evidence" not in self.errors
        ):
            self.add_error(
                "evidence",
                ValidationError(
                    gettext("Add the photo of the signed paper, or the recording of what the person said.")
                ),
            )
        return values


class ReferForm(ConsentFields):
    """To whom, why, and what they may read. What was sent the last time stands in it."""

    to_desk_id = forms.ChoiceField(label=_("To which desk?"), widget=django_forms.Select)
    service_id = forms.ChoiceField(
        label=_("For which of its services?"), widget=django_forms.Select, required=False
    )
    note = forms.LongTextField(
        label=_("Why, for the receiver"), rows=3, help_text=_("Internal: the resident does not see it.")
    )
    extract = forms.LongTextField(
        label=_("What a partner or outside body may read"),
        rows=4,
        required=False,
        help_text=_(
            "Needed for partners and outside bodies: they see only this. Leave out names and numbers they do not need."
        ),
    )
    shares_contact = forms.TickField(label=_("They may contact the resident"), required=False)
    their_due_date = forms.DateField(
        label=_("They promised to reply by"),
        required=False,
        help_text=_("For outside bodies, for example 17/12/2026."),
    )
    outside_number = forms.LineField(label=_("Their own number"), required=False, max_length=60)
    field_order = (
        "to_desk_id",
        "service_id",
        "note",
        "extract",
        "shares_contact",
        "consent",
        "given_by",
        "relation",
        "evidence",
        "their_due_date",
        "outside_number",
    )

    def prepare(self) -> None:
        """The next desk of the route first, then everybody else whose area covers the place."""
        case = self.page.case
        asked = {hop.to_desk_id for hop in self.page.hops} | {case.holder_id}
        tiers = [
            desk
            for desk in kind_queries.tiers(case.kind, case.region_code, case.answers)
            if desk.id not in asked
        ]
        others = [
            desk
            for desk in desk_queries.desks_for_referral(self.by, case.region_code)
            if desk.id != case.holder_id
        ]
        if case.sensitivity == "sealed":
            tiers, others = [one for one in tiers if one.protected], [one for one in others if one.protected]
        if self.page.proposal is not None:
            first = self.page.proposal.desk.id
            tiers.sort(key=lambda desk: desk.id != first)
        proposed = {desk.id for desk in tiers}
        groups: list[Any] = [("", gettext("Choose a desk"))]
        if tiers:
            groups.append((gettext("Next on its route"), [(str(desk.id), desk.name) for desk in tiers]))
            self.fields["to_desk_id"].initial = str(tiers[0].id)
        groups += [(title, rows) for title, rows in _by_sort(others, proposed) if rows]
        self.fields["to_desk_id"].choices = groups  # type: ignore[attr-defined]
        self.fields["to_desk_id"].widget.attrs |= {
            "hx-get": reverse("desk_referral_entry"),
            "hx-trigger": "change, load",
            "hx-target": "#rujukan-entri",
            "hx-vals": '{"dari": "formulir"}',
        }
        self._offer_services(proposed | {desk.id for desk in others})
        self.offer_consent()
        self._as_the_last_time()

    def _offer_services(self, desk_ids: set[UUID]) -> None:
        """The services of the desks that can be chosen; one of another desk is refused by the act."""
        rows: dict[str, list[tuple[str, str]]] = {}
        for one in desk_queries.services():
            if one.desk_id in desk_ids:
                rows.setdefault(one.desk.name, []).append((str(one.id), words.said(one, "name")))
        if not rows:
            del self.fields["service_id"]
            return
        self.fields["service_id"].choices = [("", gettext("None in particular")), *rows.items()]  # type: ignore[attr-defined]

    def _as_the_last_time(self) -> None:
        """After a refusal or a return nothing is typed again: the words of the last hand-over stand in the form."""
        last = self.page.hops[-1] if self.page.hops else None
        if last is None or last.state not in ("declined", "returned", "silent", "recalled"):
            return
        self.fields["note"].initial = last.note
        self.fields["extract"].initial = last.extract

    @property
    def given(self) -> dict[str, Any]:
        """The values as the act takes them."""
        values = dict(self.cleaned_data)
        for name in ("given_by", "relation", "evidence"):
            values.pop(name, None)
        values["to_desk_id"] = UUID(values["to_desk_id"])
        values["service_id"] = UUID(values["service_id"]) if values.get("service_id") else None
        return {**values, "taken": self.taken}


def _by_sort(desks: list[Any], proposed: set[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The other desks in three groups: of the house, partners, outside bodies."""
    left = [desk for desk in desks if desk.id not in proposed]
    partner = [desk for desk in left if desk.level == "partner" and not desk.outside]
    outside = [desk for desk in left if desk.outside]
    house = [desk for desk in left if desk not in partner and desk not in outside]
    named = (
        (gettext("Desks here"), house),
        (gettext("Partner institutions"), partner),
        (gettext("Outside bodies (you record their reply)"), outside),
    )
    return [(title, [(str(desk.id), desk.name) for desk in rows]) for title, rows in named]


class PassOnForm(ConsentFields):
    """One button; what the next desk still needs is asked here, and nothing else."""

    extract = forms.LongTextField(
        label=_("What a partner or outside body may read"),
        rows=4,
        help_text=_("They see only this. Leave out names and numbers they do not need."),
    )
    field_order = ("extract", "consent", "given_by", "relation", "evidence")
    title = ""

    def prepare(self) -> None:
        """The desk in the button, and only the fields that are missing."""
        found = self.page.proposal
        missing = found.missing if found is not None else ()
        if found is not None:
            self.title = gettext("Pass it on to %(desk)s") % {"desk": found.desk.name}
        if "extract" not in missing:
            del self.fields["extract"]
        if "consent" in missing:
            self.offer_consent()
            self.fields["consent"].required = True
        else:
            for name in ("consent", "given_by", "relation", "evidence"):
                del self.fields[name]


class GivenFields(act_forms.ActForm):
    """What the person got in the end."""

    given_service = forms.LineField(
        label=_("What was given"),
        required=False,
        max_length=120,
        help_text=_("For example: food for six months, a new roof."),
    )
    given_amount = forms.RupiahField(label=_("How much, in rupiah"), required=False)
    given_date = forms.DateField(label=_("When it was given"), required=False)
    given_to = forms.LineField(label=_("Into whose hands"), required=False, max_length=150)

    @property
    def what_was_given(self) -> referral.Given | None:
        """What was given; None when nothing is written."""
        values = self.cleaned_data
        found = referral.Given(
            service=values.get("given_service") or "",
            amount=values.get("given_amount"),
            date=values.get("given_date"),
            to=values.get("given_to") or "",
        )
        return found if found != referral.Given() else None


class OutsideReplyForm(GivenFields):
    """What an outside body said."""

    reply = forms.ChoiceField(label=_("What did they say?"), choices=tuple(words.REPLIES.items()))
    words = forms.LongTextField(label=_("Their words"), rows=3)
    outside_number = forms.LineField(label=_("Their own number"), required=False, max_length=60)
    their_due_date = forms.DateField(label=_("They promised to reply by"), required=False)
    field_order = (
        "reply",
        "words",
        "outside_number",
        "their_due_date",
        "given_service",
        "given_amount",
        "given_date",
        "given_to",
    )


class ReferralAnswerForm(GivenFields):
    """The answer that climbs back."""

    answer = forms.LongTextField(label=_("Your answer to the desk that asked"), rows=5)
    outcome = forms.ChoiceField(
        label=_("How did it end?"), choices=tuple(words.OUTCOMES.items()), initial="done", inline=True
    )
    field_order = ("answer", "outcome", "given_service", "given_amount", "given_date", "given_to")

    def prepare(self) -> None:
        """The work that was handed in and verified, or kept as a draft."""
        self.fields["answer"].initial = self.page.case.draft_answer


class OverrideForm(act_forms.ReasonForm):
    """Why nobody could be asked."""

    def prepare(self) -> None:
        """What the reason is for."""
        self.fields["reason"].help_text = gettext(
            "Only when the person is in danger and cannot be asked (Law 27/2022, article 20). At least 20 letters; they are kept."
        )


class ProposeForm(act_forms.ActForm):
    """The decision as it is to be signed."""

    decision = forms.ChoiceField(label=_("What is to be decided?"), widget=django_forms.Select)
    text = forms.LongTextField(
        label=_("The decision, in the words the resident will read"),
        rows=8,
        help_text=_("Exactly these words are signed, and then given as the answer."),
    )

    def prepare(self) -> None:
        """The decisions of this kind, and the last draft."""
        offered = [
            (code, words.decision_words(code))
            for code in self.page.case.kind.decisions
            if decisions.is_answer(code)
        ]
        self.fields["decision"].choices = [("", gettext("Choose")), *offered]  # type: ignore[attr-defined]
        last = self.page.papers[0].approval if self.page.papers else None
        self.fields["decision"].initial = last.decision if last else ""
        self.fields["text"].initial = last.text if last else self.page.case.draft_answer


class PaperForm(act_forms.ActForm):
    """A step under the paper that was read: its digest goes along, so that nothing else is signed."""

    digest = django_forms.CharField(widget=django_forms.HiddenInput, max_length=64)
    words = forms.LineField(label=_("A remark, if one is needed"), required=False, max_length=500)

    def prepare(self) -> None:
        """The digest of the paper on the page."""
        paper = next((one for one in self.page.papers if one.waits_for), None)
        self.fields["digest"].initial = paper.approval.digest if paper else ""


class ReturnPaperForm(PaperForm):
    """Back to whoever drafted it."""

    reason = forms.LongTextField(label=_("What is missing?"), rows=3, max_length=2000)

    def prepare(self) -> None:
        """The digest alone."""
        super().prepare()
        del self.fields["words"]

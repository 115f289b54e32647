"""Forms of a card's page and what each calls; giving doors out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from simpul.cases.actions import intake
from simpul.lib.actor import Actor
from simpul.programmes.actions import kis
from simpul.programmes.queries import kis as queries
from simpul.programmes.rules import kis as rules
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.forms import choices

Select = django_forms.Select


def consents(known: str = "") -> list[tuple[str, str]]:
    """The ways to agree."""
    said = [("spoken", _("Said yes")), ("ticked", _("Ticked on this page")), ("paper", _("Signed on paper"))]
    return said if not known else [("", _("as written down before")), *said]


def seats(by: Actor, at: datetime) -> list[tuple[str, str]]:
    """The facilitators of the area as choices."""
    return [
        (str(seat.id), f"{seat.user.full_name} ({seat.desk.name})") for seat in queries.facilitators(by, at)
    ]


class DoorForm(forms.Form):
    """What was found at the door: one tap, the rest when there is time."""

    found = forms.ChoiceField(label=gettext_lazy("What did you find?"))
    need = forms.ChoiceField(label=gettext_lazy("How is this person?"), widget=Select, required=False)
    need_words = forms.LineField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Only what helps to get treatment in time."),
    )
    words = forms.LineField(label=gettext_lazy("Note for the next visit"), required=False, max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["found"].choices = choices.pairs(rules.DOORS, only=rules.FINDINGS)  # type: ignore[attr-defined]
        self.fields["need"].choices = choices.pairs(rules.NEEDS, _("as known so far"))  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """To ask in the person's name: their consent first."""

    consent = forms.ChoiceField(label=gettext_lazy("The person agreed that we ask for them"))
    need = forms.ChoiceField(label=gettext_lazy("How is this person?"), widget=Select, required=False)
    words = forms.LongTextField(
        label=gettext_lazy("In their own words"), required=False, rows=3, max_length=2000
    )
    phone = forms.PhoneField(
        label=gettext_lazy("Phone or WhatsApp"),
        required=False,
        help_text=gettext_lazy("So that they hear how it goes. Leave it empty when there is none."),
    )
    asker = forms.LineField(
        label=gettext_lazy("Somebody else asks for them: the name"), required=False, max_length=150
    )
    relation = forms.LineField(
        label=gettext_lazy("Who that is"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example mother, son, neighbour."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        card = options.pop("card")
        super().__init__(*args, **options)
        self.fields["consent"].choices = consents(card.consent)  # type: ignore[attr-defined]
        self.fields["consent"].required = not card.consent
        self.fields["need"].choices = choices.pairs(rules.NEEDS, _("as known so far"))  # type: ignore[attr-defined]


class LettersForm(forms.Form):
    """The letters as they were brought."""

    facility = forms.LineField(
        label=gettext_lazy("Health centre or hospital"), required=False, max_length=120
    )
    facility_letter = forms.LineField(
        label=gettext_lazy("Number of its letter"), required=False, max_length=60
    )
    facility_date = forms.DateField(label=gettext_lazy("Date of its letter"), required=False)
    village_letter = forms.LineField(
        label=gettext_lazy("Number of the village's letter (SKTM)"), required=False, max_length=60
    )
    village_date = forms.DateField(label=gettext_lazy("Date of the village's letter"), required=False)
    decile = forms.DigitsField(
        label=gettext_lazy("Decile (DTSEN)"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("1 to 10. Leave it empty when nobody has looked it up."),
    )


class DateForm(forms.Form):
    """The day of a step; today when it is left empty."""

    day = forms.DateField(
        label=gettext_lazy("On which day?"), required=False, help_text=gettext_lazy("Leave empty for today.")
    )


class WordsDateForm(DateForm):
    """A day and a few words."""

    words = forms.LineField(label=gettext_lazy("Note"), required=False, max_length=300)


class ReviseForm(forms.Form):
    """What is missing, in words the person understands."""

    missing = forms.LongTextField(
        label=gettext_lazy("What is missing?"),
        rows=3,
        max_length=500,
        help_text=gettext_lazy("The person reads these words. Say what to bring, and where to get it."),
    )


class VerifyForm(forms.Form):
    """Why the person is eligible."""

    words = forms.LongTextField(
        label=gettext_lazy("Why is this person eligible?"),
        rows=3,
        max_length=500,
        help_text=gettext_lazy("Whoever signs relies on this: what was seen, in which source, on which day."),
    )
    decile = forms.DigitsField(label=gettext_lazy("Decile (DTSEN)"), required=False, max_length=2)


class ApproveForm(DateForm):
    """The recommendation as it goes out."""

    recommendation = forms.LineField(
        label=gettext_lazy("Number of the letter of recommendation"), max_length=60
    )
    signer = forms.LineField(
        label=gettext_lazy("Who signed it"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Leave empty when it is you."),
    )
    field_order = ("recommendation", "signer", "day")


class MinistryForm(DateForm):
    """What the ministry decided."""

    decision = forms.ChoiceField(label=gettext_lazy("What did the ministry decide?"))
    words = forms.LongTextField(
        label=gettext_lazy("In the ministry's words"),
        required=False,
        rows=2,
        max_length=500,
        help_text=gettext_lazy("A refusal needs its reason: the person reads it."),
    )
    field_order = ("decision", "words", "day")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decision"].choices = [("grant", _("Approved")), ("deny", _("Refused"))]  # type: ignore[attr-defined]


class RejectForm(forms.Form):
    """Why not."""

    reason = forms.LongTextField(
        label=gettext_lazy("Why?"),
        rows=3,
        max_length=500,
        help_text=gettext_lazy("The person reads this, and may object."),
    )


class EmptyForm(forms.Form):
    """Nothing to fill in."""


# --- steps --------------------------------------------------------------------------------------------------------------

Run = Callable[[Actor, datetime, Any, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One button of a card's page."""

    act: str
    title: str
    done: str
    form: type[forms.Form]
    run: Run
    icon: str = "check"
    asks: bool = True  # False: one press
    warns: bool = False


def _ask(by: Actor, at: datetime, card: Any, given: Mapping[str, Any]) -> Any:
    asker = None
    if given["asker"]:
        asker = intake.PersonGiven(name=given["asker"], phone=given["phone"])
    return kis.ask_card(
        by=by,
        at=at,
        card_id=card.id,
        consent=given["consent"],
        need=given["need"],
        words=given["words"],
        phone="" if asker else given["phone"],
        asker=asker,
        relation=given["relation"],
        channel="field" if by.role == "facilitator" else "desk",
        case_id=given.get("case_id"),
    )


def _letters(by: Actor, at: datetime, card: Any, given: Mapping[str, Any]) -> Any:
    words = kis.LetterWords(
        facility=given["facility"],
        facility_letter=given["facility_letter"],
        facility_date=given["facility_date"],
        village_letter=given["village_letter"],
        village_date=given["village_date"],
        decile=int(given["decile"]) if given["decile"] else None,
    )
    kis.note_letters(by=by, at=at, card_id=card.id, letters=words)


def _ministry(by: Actor, at: datetime, card: Any, given: Mapping[str, Any]) -> Any:
    if given["decision"] == "grant":
        return kis.grant_card(by=by, at=at, card_id=card.id, ministry_date=given["day"], words=given["words"])
    return kis.deny_card(by=by, at=at, card_id=card.id, ministry_date=given["day"], reason=given["words"])


def _decile(given: Mapping[str, Any]) -> int | None:
    return int(given["decile"]) if given["decile"] else None


STEPS: Mapping[str, Step] = {
    "pintu": Step(
        "door.record",
        gettext_noop("Write down the visit"),
        gettext_noop("The visit is written down."),
        DoorForm,
        lambda by, at, card, given: kis.record_door(
            by=by,
            at=at,
            card_id=card.id,
            found=given["found"],
            need=given["need"],
            need_words=given["need_words"],
            words=given["words"],
            door_id=given.get("door_id"),
        ),
        "house",
    ),
    "minta": Step(
        "card.ask",
        gettext_noop("Ask for the card"),
        gettext_noop("Asked for. Give the person their receipt."),
        AskForm,
        _ask,
        "hand",
    ),
    "batal-pintu": Step(
        "door.undo",
        gettext_noop("Take the last visit back"),
        gettext_noop("Taken back. What stood before stands again."),
        EmptyForm,
        lambda by, at, card, _given: kis.undo_door(by=by, at=at, card_id=card.id),
        "history",
        asks=False,
    ),
    "surat": Step(
        "letters.note",
        gettext_noop("Note the letters"),
        gettext_noop("The letters are noted."),
        LettersForm,
        _letters,
        "letter",
    ),
    "periksa": Step(
        "card.check",
        gettext_noop("Begin to check the papers"),
        gettext_noop("The papers are being checked."),
        EmptyForm,
        lambda by, at, card, _given: kis.check_card(by=by, at=at, card_id=card.id),
        "eye",
        asks=False,
    ),
    "lengkap": Step(
        "card.pass",
        gettext_noop("Papers are complete"),
        gettext_noop("Complete. Next: is the person eligible?"),
        EmptyForm,
        lambda by, at, card, _given: kis.pass_card(by=by, at=at, card_id=card.id),
        asks=False,
    ),
    "kurang": Step(
        "card.revise",
        gettext_noop("Papers are missing"),
        gettext_noop("The person is told what to bring."),
        ReviseForm,
        lambda by, at, card, given: kis.revise_card(by=by, at=at, card_id=card.id, missing=given["missing"]),
        "paper",
    ),
    "layak": Step(
        "card.verify",
        gettext_noop("Verify eligibility"),
        gettext_noop("Verified. Now somebody else approves and signs."),
        VerifyForm,
        lambda by, at, card, given: kis.verify_card(
            by=by, at=at, card_id=card.id, words=given["words"], decile=_decile(given)
        ),
        "scales",
    ),
    "setujui": Step(
        "card.approve",
        gettext_noop("Approve and sign"),
        gettext_noop("Approved. Next: propose it to the ministry."),
        ApproveForm,
        lambda by, at, card, given: kis.approve_card(
            by=by,
            at=at,
            card_id=card.id,
            recommendation=given["recommendation"],
            signer=given["signer"],
            recommendation_date=given["day"],
        ),
    ),
    "usulkan": Step(
        "card.propose",
        gettext_noop("Note the proposal to the ministry"),
        gettext_noop("Noted. The person was told."),
        DateForm,
        lambda by, at, card, given: kis.propose_card(
            by=by, at=at, card_id=card.id, proposed_date=given["day"]
        ),
        "send",
    ),
    "keputusan": Step(
        "card.grant",
        gettext_noop("The ministry has decided"),
        gettext_noop("Noted. The person was told."),
        MinistryForm,
        _ministry,
        "scales",
    ),
    "tanya": Step(
        "card.chase",
        gettext_noop("I asked the ministry how it stands"),
        gettext_noop("Noted. You are reminded again later."),
        WordsDateForm,
        lambda by, at, card, given: kis.chase_card(
            by=by, at=at, card_id=card.id, words=given["words"], chased_date=given["day"]
        ),
        "phone",
    ),
    "aktif": Step(
        "card.confirm",
        gettext_noop("The card works again"),
        gettext_noop("The card is active. The person was told, and the data duty has begun."),
        DateForm,
        lambda by, at, card, given: kis.confirm_card(
            by=by, at=at, card_id=card.id, reactivated_date=given["day"]
        ),
        "heart",
    ),
    "data": Step(
        "card.complete",
        gettext_noop("The family's data are up to date"),
        gettext_noop("Done: this card is finished."),
        WordsDateForm,
        lambda by, at, card, given: kis.complete_card(
            by=by, at=at, card_id=card.id, data_date=given["day"], words=given["words"]
        ),
    ),
    "tolak": Step(
        "card.reject",
        gettext_noop("Refuse the application"),
        gettext_noop("Refused. The person was told why."),
        RejectForm,
        lambda by, at, card, given: kis.reject_card(by=by, at=at, card_id=card.id, reason=given["reason"]),
        "cross",
        warns=True,
    ),
}
"""The buttons of a card's page, in the order in which they are shown."""


def made(step: Step, card: Any, data: Any = None, *, slug: str) -> forms.Form:
    """A step's form, with what is known filled in."""
    options: dict[str, Any] = {"prefix": slug}
    if step.form is AskForm:
        options["card"] = card
    if step.form is LettersForm:
        options["initial"] = {name: getattr(card, name) for name in LettersForm.base_fields}
    if step.form is VerifyForm:
        options["initial"] = {"decile": card.decile}
    return step.form(data, **options)


# --- giving doors out, and the rule ---------------------------------------------------------------------------------------


WHOLE = "*"
"""Stands for a village with all its hamlets."""
NOBODY = "-"
"""Takes doors back. Never what stands there at first: a button pressed in haste must not take doors away."""


class AssignForm(forms.Form):
    """Which doors go to whom."""

    part = forms.ChoiceField(label=gettext_lazy("Every open door of"), widget=Select)
    seat = forms.ChoiceField(
        label=gettext_lazy("goes to"),
        widget=Select,
        error_messages={"required": gettext_lazy("Choose the facilitator who goes to these doors.")},
    )


def assign_form(by: Actor, at: datetime, hamlets: Sequence[queries.Part], data: Any = None) -> AssignForm:
    """The form with the hamlets of a list and the facilitators of the area."""
    form = AssignForm(data)
    places = region_queries.paths({part.region_code for part in hamlets})
    choices, villages = [], Counter[str]()
    for part in hamlets:
        village = places.get(part.region_code, part.region_code).split(",", maxsplit=1)[0]
        villages[part.region_code] += part.progress.listed
        unknown = _("%(village)s, hamlet not known") % {"village": village}
        name = f"{part.name}, {village}" if part.name else unknown
        choices.append((part.key, f"{name} ({part.progress.listed})"))
    for code, number in villages.items():
        if sum(part.region_code == code for part in hamlets) > 1:
            village = places.get(code, code).split(",", maxsplit=1)[0]
            choices.append(
                (f"{code}:{WHOLE}", _("%(village)s, all of it") % {"village": village} + f" ({number})")
            )
    form.fields["part"].choices = choices  # type: ignore[attr-defined]
    back = (NOBODY, _("nobody (take them back)"))
    form.fields["seat"].choices = [("", _("Choose who")), *seats(by, at), back]  # type: ignore[attr-defined]
    return form

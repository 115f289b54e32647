"""Acts of the case page that send a matter on, bring it back, and decide it on paper: their forms and what they call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import approvals, referral, tiers
from simpul.lib.actor import Actor
from simpul.web.desk.referral import case_forms as forms


def refer(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``refer_case``."""
    referral.refer_case(by=by, at=at, case_id=case_id, **form.given)


def pass_on(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``pass_on_case``."""
    extract = form.cleaned_data.get("extract", "")
    taken = form.taken if "consent" in form.fields else None
    tiers.pass_on_case(by=by, at=at, case_id=case_id, extract=extract, taken=taken)


def record_reply(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``record_reply``."""
    given = form.cleaned_data
    names = ("reply", "words", "outside_number", "their_due_date")
    referral.record_reply(
        by=by, at=at, case_id=case_id, given=form.what_was_given, **{name: given[name] for name in names}
    )


def answer_referral(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``answer_referral``."""
    given = form.cleaned_data
    referral.answer_referral(
        by=by,
        at=at,
        case_id=case_id,
        answer=given["answer"],
        outcome=given["outcome"],
        given=form.what_was_given,
    )


def override(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``override_consent``."""
    tiers.override_consent(by=by, at=at, case_id=case_id, reason=form.cleaned_data["reason"])


def propose(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``propose_decision``."""
    approvals.propose_decision(by=by, at=at, case_id=case_id, **form.cleaned_data)


def check(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``check_decision``."""
    approvals.check_decision(by=by, at=at, case_id=case_id, **form.cleaned_data)


def initial(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``initial_decision``."""
    approvals.initial_decision(by=by, at=at, case_id=case_id, **form.cleaned_data)


def sign(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``sign_decision``."""
    approvals.sign_decision(by=by, at=at, case_id=case_id, **form.cleaned_data)


def give_back(by: Actor, at: datetime, case_id: UUID, form: Any) -> None:
    """``return_decision``."""
    approvals.return_decision(by=by, at=at, case_id=case_id, **form.cleaned_data)


FIRST: Sequence[Mapping[str, Any]] = (
    {
        "slug": "lanjutkan",
        "act": "case.pass_on",
        "form": forms.PassOnForm,
        "run": pass_on,
        "title": _("Pass it on to the next desk"),
        "done": _("Passed on with everything the last desk had. It stays in your hands until they accept."),
        "group": "turn",
        "icon": "send",
        "tone": "main",
        "undo": "tarik",
    },
    {
        "slug": "tanda-tangani",
        "act": "decision.sign",
        "form": forms.PaperForm,
        "run": sign,
        "title": _("Sign the decision"),
        "done": _("Signed. The matter can now be answered with these words."),
        "group": "turn",
        "icon": "check",
        "tone": "main",
    },
    {
        "slug": "paraf",
        "act": "decision.initial",
        "form": forms.PaperForm,
        "run": initial,
        "title": _("Put your initials under it"),
        "done": _("Initialled. It now waits for the signature."),
        "group": "turn",
        "icon": "check",
        "tone": "main",
    },
    {
        "slug": "periksa",
        "act": "decision.check",
        "form": forms.PaperForm,
        "run": check,
        "title": _("Confirm that the draft is right"),
        "done": _("Checked. It goes on to the next hand."),
        "group": "turn",
        "icon": "check",
        "tone": "main",
    },
    {
        "slug": "kembalikan-konsep",
        "act": "decision.return",
        "form": forms.ReturnPaperForm,
        "run": give_back,
        "title": _("Return the draft"),
        "done": _("Returned to whoever drafted it, with what is missing."),
        "group": "turn",
        "icon": "arrow-back",
    },
    {
        "slug": "usulkan",
        "act": "decision.propose",
        "form": forms.ProposeForm,
        "run": propose,
        "title": _("Draft the decision"),
        "done": _("Drafted. Others now check and sign it; a change of the words begins anew."),
        "group": "turn",
        "icon": "paper",
    },
)
"""Acts that stand before the others, as the table of the case page takes them."""

LAST: Sequence[Mapping[str, Any]] = (
    {
        "slug": "tanpa-persetujuan",
        "act": "consent.override",
        "form": forms.OverrideForm,
        "run": override,
        "title": _("Allow referral without consent"),
        "done": _("Allowed. Your name and reason are kept with the matter."),
        "group": "guard",
        "icon": "warning",
    },
)
"""Acts that stand after the others."""

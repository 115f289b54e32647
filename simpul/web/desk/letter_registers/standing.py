"""A released letter afterwards: its file, what it is worth, taking it back, replacing it, its signature by BSrE."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from simpul.letters.actions import bsre as bsre_actions
from simpul.letters.actions import revoking
from simpul.letters.queries import letters as letter_queries
from simpul.letters.queries import proof as proof_queries
from simpul.letters.queries import registers as queries
from simpul.lib import typeset
from simpul.lib.errors import NotFound, Refused
from simpul.web import reading
from simpul.web.desk import case, frame, trying, words
from simpul.web.desk.letter_registers import forms, shared
from simpul.web.desk.letters import shared as letter_pages
from simpul.web.policy import Request, officer

TONES = {"valid": "good", "expired": "warn", "superseded": "warn", "revoked": "bad", "cancelled": "bad"}


@officer("letter.draft")
@require_GET
def pdf(request: Request, letter_id: UUID) -> HttpResponseBase:
    """The file of a released letter: shown in the browser, or saved with ``?simpan=1``."""
    letter = letter_pages.letter_or_404(request, letter_id)
    try:
        data = queries.pdf_of(letter)
    except NotFound as missing:
        raise Http404 from missing
    name = "-".join(part for part in letter.number.replace("/", "-").split() if part) or "surat"
    answer = case.as_download(data, "application/pdf", f"surat-{name}.pdf")
    if not request.GET.get("simpan"):
        answer["Content-Disposition"] = answer["Content-Disposition"].replace("attachment", "inline", 1)
        answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
    return answer


@officer("letter.draft")
@require_GET
def standing(request: Request, letter_id: UUID) -> HttpResponseBase:
    """What a released letter is worth, with both codes, and what may be done about it."""
    return _show(request, _released(request, letter_id))


def _released(request: Request, letter_id: UUID) -> Any:
    letter = letter_pages.letter_or_404(request, letter_id)
    if letter.released_at is None:
        raise Http404
    return letter


def _show(request: Request, letter: Any, status: int = 200, **wrong: Any) -> HttpResponseBase:
    at = timezone.now()
    shown = proof_queries.shown(letter, at)
    office = letter_queries.office_of(letter.region_code)
    open_now = letter.state == "released" and letter.revoked_at is None and not shown.newer
    may = {
        name: letter_pages.may(request, act, letter)
        for name, act in (
            ("revoke", "letter.revoke"),
            ("reinstate", "letter.reinstate"),
            ("supersede", "letter.supersede"),
            ("separate", "letter.separate"),
            ("certify", "letter.certify"),
            ("send", "expedition.record"),
        )
    }
    followers = queries.successors_of(request.by, letter) if open_now and may["supersede"] else ()
    pairs = [
        (
            str(one.id),
            f"{one.number} · {letter_pages.type_name(one)} · {one.subject_name or one.applicant_name}",
        )
        for one in followers
    ]
    context = {
        "letter": letter,
        "name": letter_pages.type_name(letter),
        "who": letter.subject_name or letter.applicant_name,
        "words": _(proof_queries.WORDS[shown.state]),
        "tone": TONES[shown.state],
        "shown": shown,
        "day": words.day(letter.letter_date),
        "until": words.day(letter.valid_until) if letter.valid_until else "",
        "since": words.day(shown.changed_date) if shown.changed_date else "",
        "why": letter.cancelled_why or letter.revoked_why,
        "address": proof_queries.address_of(letter),
        "code_svg": typeset.qr_svg(letter.code_text) if letter.code_text else "",
        "open": open_now,
        "may": may,
        "forms": {
            "revoke": forms.WhyForm(prefix="tarik"),
            "reinstate": forms.WhyForm(prefix="pulih"),
            "supersede": forms.SuccessorForm(letters=pairs),
            "certify": forms.PassphraseForm(),
            **wrong,
        },
        "followers": bool(pairs),
        "bsre": bool(office.bsre) and open_now and letter.signature != "bsre",
        "back": reverse("desk_letter", args=[letter.id]),
    }
    return frame.show(
        request, "desk/letter_registers/standing.html", context, status=status, here=shared.HERE
    )


@officer("letter.revoke")
@require_POST
def step(request: Request, letter_id: UUID, step: str) -> HttpResponseBase:
    """Take back, reinstate, replace, separate."""
    letter = _released(request, letter_id)
    given: dict[str, Any] = {"by": request.by, "at": timezone.now(), "letter_id": letter.id}
    if step == "tarik":
        return _with_reason(request, letter, "revoke", step, revoking.revoke_letter, given)
    if step == "pulih":
        return _with_reason(request, letter, "reinstate", step, revoking.reinstate_letter, given)
    back = reverse("desk_letter_standing", args=[letter.id])
    if step == "ganti":
        new_id = reading.known_key(request.POST.get("new_id", ""))
        return trying.attempt(request, lambda: revoking.supersede_letter(**given, new_id=new_id), back)
    if step == "pisah":
        return trying.attempt(request, lambda: revoking.separate_letter(**given), back)
    raise Http404


def _with_reason(
    request: Request, letter: Any, name: str, prefix: str, act: Any, given: dict[str, Any]
) -> HttpResponseBase:
    form = forms.WhyForm(request.POST, prefix=prefix)
    if form.is_valid() and trying.run(form, lambda: act(**given, why=form.cleaned_data["why"])):
        done = {
            "revoke": _(
                "Taken back. Whoever checks the letter sees it; posts without a network with their next list."
            ),
            "reinstate": _("The letter holds again."),
        }
        messages.success(request, done[name])
        return redirect("desk_letter_standing", letter_id=letter.id)
    return _show(request, letter, 422, **{name: form})


@sensitive_post_parameters("passphrase")
@officer("letter.certify")
@require_POST
def certify(request: Request, letter_id: UUID) -> HttpResponseBase:
    """Have the letter signed by BSrE, with the signer's own passphrase."""
    letter = _released(request, letter_id)
    form = forms.PassphraseForm(request.POST)
    if form.is_valid():
        try:
            bsre_actions.certify_letter(
                by=request.by,
                at=timezone.now(),
                letter_id=letter.id,
                passphrase=form.cleaned_data["passphrase"],
                nik=request.POST.get("nik", ""),
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Signed by BSrE. The file was checked and kept."))
            return redirect("desk_letter_standing", letter_id=letter.id)
    return _show(request, letter, 422, certify=form)

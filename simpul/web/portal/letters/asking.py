"""Asking for a letter: one form, the answers once more, and a receipt. At a kiosk nothing stays behind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from simpul.cases.actions import intake
from simpul.desks import queries as desk_queries
from simpul.letters.actions import requesting
from simpul.letters.queries import types as queries
from simpul.lib.errors import Refused
from simpul.web import forms as web_forms
from simpul.web.policy import Request, public
from simpul.web.portal import draft as drafts
from simpul.web.portal import guard, receipt_link, report_forms, report_send, words
from simpul.web.portal.letters import draft as letter_drafts
from simpul.web.portal.letters import forms, shared


@public
@never_cache
def ask(request: Request, code: str) -> HttpResponseBase:
    """The form of one letter. What was typed stays for "change"; another letter begins anew."""
    village = shared.village_of(request)
    if not village:
        return redirect("letters")
    offer = shared.offer_or_404(code, village)
    if not offer.version.self_service:
        return redirect(shared.address(request, "letters_one", code))
    at = timezone.now()
    draft = letter_drafts.load(request, at, kiosk=shared.is_kiosk(request))
    if draft is None or draft.kind_code != code or draft.pages["letter"]["region_code"] != village:
        letter_drafts.drop(request, draft)
        draft = letter_drafts.begin(code, village)
    already = draft.pages["photos"]
    if request.method != "POST":
        form = forms.AskForm(
            version=offer.version, already=tuple(already), initial=draft.pages.get("answers")
        )
        return _form_page(request, form, offer, village, draft)
    refusal = _too_many(request)
    form = forms.AskForm(
        request.POST, None if refusal else request.FILES, version=offer.version, already=tuple(already)
    )
    good = form.is_valid()
    if refusal:
        form.refuse(refusal)
    _keep(request, form, draft)
    letter_drafts.save(request, draft, at)
    if not good or refusal:
        return _form_page(request, form, offer, village, draft)
    return redirect(shared.address(request, "letters_check"))


def _too_many(request: Request) -> Refused | None:
    try:
        guard.admit_files(request, len(request.FILES), timezone.now(), desk_queries.institution().phone)
    except guard.TooManyFiles as refusal:
        return refusal
    return None


def _keep(request: Request, form: forms.AskForm, draft: drafts.Draft) -> None:
    """What could be read goes into the draft, also when something else was wrong: photos are not sent twice."""
    for code, (name, clean) in form.taken.items():
        old = draft.pages["photos"].get(code)
        if old:
            drafts.remove_file(draft, old)
        draft.pages["photos"][code] = drafts.keep_file(draft, clean, name).key
    if not form.errors:
        answers = getattr(form, "answers", {})
        draft.pages["answers"] = {
            **{
                name: form.cleaned_data.get(name, "")
                for name in ("name", "nik", "phone", "safe", "subject", "purpose")
            },
            **{f"isian_{code}": value for code, value in answers.items()},
        }
        draft.pages["inputs"] = dict(answers)


def _form_page(
    request: Request, form: forms.AskForm, offer: queries.Offer, village: str, draft: drafts.Draft
) -> HttpResponse:
    language = words.language()
    context = {
        **shared.frame(request),
        "form": form,
        "name": offer.name(language),
        "village": shared.village_name(village),
        "back": shared.address(request, "letters_one", offer.code),
        "photos_kept": len(draft.files),
    }
    return render(request, "portal/letters/ask.html", context, status=422 if form.errors else 200)


@public
@never_cache
def check(request: Request) -> HttpResponseBase:
    """Every answer once more, the notice, and the one button."""
    pressed = request.POST.get("surat", "")
    if pressed and (token := letter_drafts.sent_token(request, pressed)):
        return _to_receipt(request, token)
    draft = letter_drafts.load(request, timezone.now(), kiosk=shared.is_kiosk(request))
    if draft is None or "answers" not in draft.pages:
        return redirect(shared.address(request, "letters"))
    offer = queries.find(draft.kind_code, str(draft.pages["letter"]["region_code"]))
    if offer is None:
        letter_drafts.drop(request, draft)
        return redirect(shared.address(request, "letters"))
    form = web_forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _to_receipt(request, _send(request, draft))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        **shared.frame(request),
        "form": form,
        "draft": draft,
        "name": offer.name(words.language()),
        "rows": _rows(request, draft, offer),
        "back": shared.address(request, "letters_ask", draft.kind_code),
    }
    return render(request, "portal/letters/check.html", context, status=422 if form.errors else 200)


def _send(request: Request, draft: drafts.Draft) -> str:
    """Hand the request to the act, and make the address of its receipt."""
    at = timezone.now()
    guard.admit_report(request, at, desk_queries.institution().phone)
    answers = draft.pages["answers"]
    asked = requesting.request_letter(
        by=request.by,
        at=at,
        letter_id=UUID(draft.case_id),
        region_code=str(draft.pages["letter"]["region_code"]),
        type_code=draft.kind_code,
        channel="kiosk" if shared.is_kiosk(request) else "web",
        applicant=intake.PersonGiven(
            name=answers["name"],
            nik=answers["nik"],
            phone=answers["phone"],
            safe_to_call=answers["safe"] in ("both", "call", ""),
            safe_to_write=answers["safe"] in ("both", "write", ""),
        ),
        purpose=answers["purpose"],
        inputs=draft.pages["inputs"],
        subject_name=answers["subject"],
        requirements=_uploads(draft),
    )
    if asked.opened is None:
        raise requesting.LetterTaken
    token = receipt_link.seal(report_send.receipt_of(asked.opened))
    letter_drafts.mark_sent(request, draft, token)
    return token


def _uploads(draft: drafts.Draft) -> dict[str, requesting.Upload]:
    """The photos by the code of what they show; one that was swept away meanwhile is left out."""
    found = {}
    for code, key in draft.pages["photos"].items():
        mine = [file for file in draft.files if file.key == key]
        for clean in drafts.clean_files(drafts.Draft(draft.case_id, files=mine)):
            found[code] = requesting.Upload(clean.data, mine[0].name)
    return found


def _to_receipt(request: Request, token: str) -> HttpResponseBase:
    if shared.is_kiosk(request):
        return redirect(shared.address(request, "letters_finished", tanda=token))
    return redirect("report_receipt", token=token)


def _rows(request: Request, draft: drafts.Draft, offer: queries.Offer) -> list[dict[str, Any]]:
    """What was answered, as people read it; nothing that was left empty."""
    answers = draft.pages["answers"]
    change = shared.address(request, "letters_ask", draft.kind_code)
    safe = dict(report_forms.SAFE)
    names = queries.requirement_labels(offer.version, words.language())
    form = forms.AskForm(version=offer.version)
    said: list[tuple[str, str]] = [
        (_("Your full name"), answers["name"]),
        (_("NIK"), answers["nik"]),
        (_("Phone"), "\n".join(str(one) for one in (answers["phone"], safe.get(answers["safe"], "")) if one)),
        (_("Name of the person the letter is about"), answers["subject"]),
        (_("What do you need it for?"), answers["purpose"]),
    ]
    for one in form.asked:
        label = one.called(words.language())
        party = (words.language() == "en" and one.party_label_en) or one.party_label
        said.append(
            (
                f"{party}: {label}" if party else label,
                forms.shown(one, draft.pages["inputs"].get(one.code, "")),
            )
        )
    photos = [names[code] for code in draft.pages["photos"] if code in names]
    said.append((_("Photos"), "\n".join(photos)))
    return [{"key": key, "value": value, "url": change, "hidden": key} for key, value in said if value]


@public
@never_cache
def finished(request: Request) -> HttpResponseBase:
    """The end at a kiosk: the receipt to note down, and nothing left behind. Without a receipt: the first page, emptied."""
    letter_drafts.forget(request)
    token = request.GET.get("tanda", "")
    if not token:
        return redirect(shared.address(request, "letters"))
    kept = receipt_link.read(token)
    context = {
        **shared.frame(request),
        "number": kept.receipt16 or kept.number,
        "pin": "" if kept.is_secret else kept.pin,
        "slip_url": reverse("report_slip", args=[token, "58"]),
        "how_long": shared.how_long(),
        "again_url": shared.address(request, "letters_finished"),
        "kiosk": True,
        "kiosk_seconds": 60,
        "kiosk_end": shared.address(request, "letters_finished"),
    }
    return render(request, "portal/letters/finished.html", context)

"""Supporting an idea: one button, the first time a code to one's phone. No account, no name, no JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.community.actions import idea_voices
from simpul.lib.errors import NotFound, Refused
from simpul.web import reading
from simpul.web.policy import Request, resident
from simpul.web.portal.ideas import forms, shared

_CODE = "idea_code"


@resident
def support(request: Request, code: str) -> HttpResponseBase:
    """The button: with a voice that is known it counts at once, else the phone is asked for."""
    idea = shared.idea_or_404(code)
    if request.method != "POST":
        return redirect("idea", code=code)
    voter = shared.voter_of(request, idea.region_code)
    if voter is None:
        return redirect("idea_phone", code=code)
    try:
        if "tarik" in request.POST:
            idea_voices.withdraw_voice(by=request.by, at=timezone.now(), idea_id=idea.id, voter_id=voter)
            messages.success(request, _("Your support was taken back."))
        else:
            idea_voices.give_voice(by=request.by, at=timezone.now(), idea_id=idea.id, voter_id=voter)
            messages.success(request, _("Thank you. Your voice counts."))
    except NotFound:
        return redirect("ideas")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("idea", code=code)


@resident
def phone(request: Request, code: str) -> HttpResponseBase:
    """Ask for the phone, and send a code to it."""
    idea = shared.idea_or_404(code)
    form = forms.PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            shared.admit(request)
            sent = idea_voices.send_code(
                by=request.by,
                at=timezone.now(),
                region_code=idea.region_code,
                number=form.cleaned_data["phone"],
                code_id=forms.key(form.cleaned_data, "code_id"),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            request.session[_CODE] = str(sent.id)
            return redirect("idea_code", code=code)
    context = {"form": form, "idea": idea}
    return render(request, "portal/ideas/phone.html", context, status=422 if form.errors else 200)


@resident
def code(request: Request, code: str) -> HttpResponseBase:
    """Check the code; then the voice counts for this idea."""
    idea = shared.idea_or_404(code)
    held = reading.key(request.session.get(_CODE, ""))
    if held is None:
        return redirect("idea_phone", code=code)
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            voter = idea_voices.confirm_code(
                by=request.by, at=at, code_id=held, code=form.cleaned_data["code"]
            )
            request.session.pop(_CODE, None)
            request.session.cycle_key()
            shared.remember(request, voter.region_code, voter.id)
            idea_voices.give_voice(by=request.by, at=at, idea_id=idea.id, voter_id=voter.id)
        except NotFound:
            return redirect("ideas")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Thank you. Your voice counts."))
            return redirect("idea", code=code)
    context = {"form": form, "idea": idea}
    return render(request, "portal/ideas/code.html", context, status=422 if form.errors else 200)

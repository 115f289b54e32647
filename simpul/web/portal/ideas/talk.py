"""Comments, sentences of one's own, and agreeing or disagreeing; each is one form of the idea's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.community.actions import idea_talk
from simpul.lib.errors import NotFound, Refused
from simpul.web import reading
from simpul.web.policy import Request, resident
from simpul.web.portal.ideas import forms, shared, views

_VALUES = {"setuju": 1, "tidak": -1, "lewati": 0}


@resident
def opinion(request: Request, code: str) -> HttpResponseBase:
    """Agree, disagree or pass."""
    idea = shared.idea_or_404(code)
    if request.method != "POST":
        return redirect("idea", code=code)
    voter = shared.voter_of(request, idea.region_code)
    if voter is None:
        return redirect("idea_phone", code=code)
    statement = reading.key(request.POST.get("kalimat", ""))
    value = _VALUES.get(request.POST.get("pendapat", ""))
    if statement is not None and value is not None:
        try:
            idea_talk.give_opinion(
                by=request.by, at=timezone.now(), statement_id=statement, voter_id=voter, value=value
            )
        except NotFound:
            return redirect("idea", code=code)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{reverse('idea', args=[code])}#pendapat")


@resident
def comment(request: Request, code: str) -> HttpResponseBase:
    """Say something; a moderator reads it first."""
    idea = shared.idea_or_404(code)
    if request.method != "POST":
        return redirect("idea", code=code)
    form = forms.CommentForm(request.POST)
    if form.is_valid():
        try:
            shared.admit(request)
            idea_talk.write_comment(
                by=request.by,
                at=timezone.now(),
                idea_id=idea.id,
                words=form.cleaned_data["words"],
                name=form.cleaned_data["name"],
                voter_id=shared.voter_of(request, idea.region_code),
                comment_id=forms.key(form.cleaned_data, "comment_id"),
            )
        except NotFound:
            return redirect("ideas")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Thank you. The village reads it, then it is shown."))
            return redirect("idea", code=code)
    return views.page(request, idea, 422, comment_form=form, form=form)


@resident
def sentence(request: Request, code: str) -> HttpResponseBase:
    """Offer a sentence of one's own."""
    idea = shared.idea_or_404(code)
    if request.method != "POST":
        return redirect("idea", code=code)
    voter = shared.voter_of(request, idea.region_code)
    if voter is None:
        return redirect("idea_phone", code=code)
    form = forms.SentenceForm(request.POST)
    if form.is_valid():
        try:
            shared.admit(request)
            idea_talk.offer_statement(
                by=request.by,
                at=timezone.now(),
                idea_id=idea.id,
                words=form.cleaned_data["words"],
                voter_id=voter,
                statement_id=forms.key(form.cleaned_data, "statement_id"),
            )
        except NotFound:
            return redirect("ideas")
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Thank you. The village reads it, then it is shown."))
            return redirect("idea", code=code)
    return views.page(request, idea, 422, sentence_form=form, form=form)

"""Voices at the counter, what is said of an idea, and reading it before everybody does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.community.actions import idea_talk, idea_voices
from simpul.community.queries import ideas as queries
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.ideas import forms, shared
from simpul.web.policy import Request, officer


@officer("voice.give")
def support(request: Request, idea_id: UUID) -> HttpResponseBase:
    """Support an idea for somebody present, who is found in the register."""
    idea = shared.idea_or_404(request, idea_id)
    helped = queries.assistance_now(request.by, timezone.now(), idea.region_code)
    here = reverse("desk_idea_support", args=[idea.id])
    if request.method == "POST":
        person = reading.known_key(request.POST.get("warga", ""))
        given: dict[str, Any] = {"by": request.by, "at": timezone.now()}

        def act() -> None:
            voter = idea_voices.verify_voter(**given, region_code=idea.region_code, person_id=person)
            asked = {"idea_id": idea.id, "voter_id": voter.id, "assistance_id": helped.id if helped else None}
            if "tarik" in request.POST:
                idea_voices.withdraw_voice(**given, **asked)
                messages.success(request, _("The support was taken back."))
            else:
                idea_voices.give_voice(**given, **asked)
                messages.success(request, _("The support counts. One person, one voice."))

        return trying.attempt(request, act, here)
    words = request.GET.get("kata", "").replace("\x00", "").strip()[:80]
    found = (
        residents.find_persons(request.by, residents.Filters(words=words, region=idea.region_code)).rows
        if words
        else ()
    )
    context = {
        "idea": idea,
        "helped": helped,
        "search": words,
        "found": [one for one in found if one.resident][:20],
        "voices": queries.voices_of([idea.id])[idea.id],
    }
    return shared.show(request, "desk/ideas/support.html", "", context)


@officer("comment.write")
def speak(request: Request, idea_id: UUID) -> HttpResponseBase:
    """What the village says itself, or what somebody present says."""
    idea = shared.idea_or_404(request, idea_id)
    helped = queries.assistance_now(request.by, timezone.now(), idea.region_code)
    official = helped is None
    form = forms.SpeakForm(request.POST if request.method == "POST" else None)
    if official:
        del form.fields["name"]
    if form.is_valid() and trying.run(
        form,
        lambda: idea_talk.write_comment(
            by=request.by,
            at=timezone.now(),
            idea_id=idea.id,
            words=form.cleaned_data["words"],
            name=form.cleaned_data.get("name", ""),
            official=official,
            assistance_id=helped.id if helped else None,
            comment_id=form.cleaned_data["comment_id"],
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_idea", idea_id=idea.id)
    context = {
        "heading": _("The village answers") if official else _("Comment of somebody present"),
        "lead": _("Everybody reads it at once, as said by the village government.")
        if helped is None
        else _("For %(name)s. It is read by a colleague before everybody reads it.") % {"name": helped.name},
        "button": _("Write down"),
        "back": reverse("desk_idea", args=[idea.id]),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


@officer("statement.offer")
def offer(request: Request, idea_id: UUID) -> HttpResponseBase:
    """A sentence with which everybody may agree or disagree."""
    idea = shared.idea_or_404(request, idea_id)
    form = forms.SentenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: idea_talk.offer_statement(
            by=request.by,
            at=timezone.now(),
            idea_id=idea.id,
            words=form.cleaned_data["words"],
            statement_id=form.cleaned_data["statement_id"],
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_idea", idea_id=idea.id)
    context = {
        "heading": _("A sentence to agree or disagree with"),
        "lead": idea.title,
        "button": _("Write down"),
        "back": reverse("desk_idea", args=[idea.id]),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


def _back(request: Request) -> str:
    key = reading.key(request.POST.get("kembali", ""))
    return reverse("desk_idea", args=[key]) if key else reverse("desk_ideas_waiting")


@officer("comment.judge")
@require_POST
def judge_comment(request: Request, comment_id: UUID) -> HttpResponseBase:
    """Show a comment, or refuse it with a reason for the books."""
    show = request.POST.get("hasil", "") == "tampil"

    def act() -> None:
        idea_talk.judge_comment(
            by=request.by,
            at=timezone.now(),
            comment_id=comment_id,
            show=show,
            why=request.POST.get("why", ""),
        )
        messages.success(request, _("Shown.") if show else _("Refused. It is not shown."))

    return trying.attempt(request, act, _back(request))


@officer("statement.judge")
@require_POST
def judge_statement(request: Request, statement_id: UUID) -> HttpResponseBase:
    """Show a sentence, or take it away."""
    show = request.POST.get("hasil", "") == "tampil"

    def act() -> None:
        idea_talk.judge_statement(by=request.by, at=timezone.now(), statement_id=statement_id, show=show)
        messages.success(request, _("Shown.") if show else _("Refused. It is not shown."))

    return trying.attempt(request, act, _back(request))

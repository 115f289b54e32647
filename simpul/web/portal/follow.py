"""``/lacak/``: follow one's own matter with its number and PIN, or its 16-digit receipt; reply, add, rate, say "not solved"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache

from simpul.cases.actions import files as file_actions
from simpul.cases.actions import following
from simpul.cases.queries import following as following_queries
from simpul.cases.queries.following import FollowedCase
from simpul.cases.rules import decisions, moves
from simpul.lib import media
from simpul.lib.errors import NotFound, Refused
from simpul.web import forms
from simpul.web.policy import Request, public, resident
from simpul.web.portal import follow_forms, follow_proof, words
from simpul.web.portal.letters import followed


class TooManyAtOnce(Refused):
    """More files at once than one form takes."""

    code = "portal.too_many_files"
    sentence = _lazy("At most %(limit)s files at once. Send the others afterwards.")


@public
@never_cache
def prove(request: Request) -> HttpResponseBase:
    """Ask for the number and its PIN. The right ones open the matter for a quarter of an hour."""
    form = follow_forms.ProveForm(request.POST or None, initial={"number": request.GET.get("n", "")[:80]})
    if request.method == "POST" and follow_proof.prove(request, form, timezone.now()):
        return redirect("follow_matter")
    return render(request, "portal/follow/prove.html", {"form": form}, status=422 if form.errors else 200)


@resident
def matter(request: Request) -> HttpResponseBase:
    """The matter as its owner may see it."""
    return _with_matter(request, lambda found: _page(request, found))


@resident
def reply(request: Request) -> HttpResponseBase:
    """Reply to the desk's question."""
    return _say(
        request, "reply_form", follow_forms.ReplyForm, _("Your reply is with the desk. Its time runs again.")
    )


@resident
def add(request: Request) -> HttpResponseBase:
    """Add words and files."""
    return _say(request, "add_form", follow_forms.AddForm, _("Added. The desk sees it."))


@resident
def rate(request: Request) -> HttpResponseBase:
    """Rate the answer once."""

    def act(form: forms.Form, proof: str) -> None:
        given = form.cleaned_data
        following.rate_case(
            by=request.by, at=timezone.now(), proof=proof, rating=int(given["rating"]), words=given["words"]
        )

    return _act(request, "rate_form", follow_forms.RateForm, act, _("Thank you for your mark."))


@resident
def dispute(request: Request) -> HttpResponseBase:
    """Say that it is not solved."""

    def act(form: forms.Form, proof: str) -> None:
        following.dispute_case(
            by=request.by, at=timezone.now(), proof=proof, words=form.cleaned_data["words"]
        )

    return _act(request, "dispute_form", follow_forms.DisputeForm, act, _("It is taken up again."))


@resident
def leave(request: Request) -> HttpResponse:
    """Close the matter on this device."""
    if request.method == "POST":
        follow_proof.forget(request)
    return redirect("follow")


# --- shared ---------------------------------------------------------------------------------------------------------------


def _with_matter(request: Request, answer: Callable[[FollowedCase], HttpResponseBase]) -> HttpResponseBase:
    """Fetch the matter of this session's proof; without one, ask for it."""
    at = timezone.now()
    proof = follow_proof.kept(request, at)
    if not proof:
        return redirect("follow")
    try:
        found = following_queries.followed(proof, at)
    except NotFound:
        follow_proof.forget(request)
        return redirect("follow")
    follow_proof.keep(request, proof, at)
    return answer(found)


def _act(
    request: Request, name: str, maker: Callable[..., forms.Form], act: Callable[[Any, str], None], done: str
) -> HttpResponseBase:
    """Read a form of the matter's page, do its act, and say so; a fault is shown on the same page."""
    if request.method != "POST":
        return redirect("follow_matter")

    def answer(found: FollowedCase) -> HttpResponseBase:
        form = maker(request.POST, request.FILES)
        if form.is_valid():
            try:
                act(form, found.proof)
            except NotFound:
                return redirect("follow")
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, done)
                return redirect("follow_matter")
        return _page(request, found, {name: form})

    return _with_matter(request, answer)


def _say(request: Request, name: str, maker: Callable[..., forms.Form], done: str) -> HttpResponseBase:
    """Words with files: a reply or an addition; the act knows which from the state."""

    def act(form: forms.Form, proof: str) -> None:
        if given := form.cleaned_data["words"]:
            following.add_case(by=request.by, at=timezone.now(), proof=proof, words=given)
        _attach(request, form.cleaned_data["uploads"], proof)

    return _act(request, name, maker, act, done)


def _attach(request: Request, given: list[UploadedFile], proof: str) -> None:
    """Each file for itself: one that is refused is told by its own sentence, the others are kept."""
    case_id = following_queries.case_of(proof) if given else None
    for place, file in enumerate(given):
        name = forms.tidy_line(file.name or "")[:80]
        try:
            if place >= settings.SIMPUL_MAX_FILES or case_id is None:
                raise TooManyAtOnce(limit=settings.SIMPUL_MAX_FILES)
            if (file.size or 0) > settings.SIMPUL_MAX_FILE:
                raise media.FileTooLarge(
                    size=f"{(file.size or 0) / 1024 / 1024:.1f}",
                    limit=settings.SIMPUL_MAX_FILE // (1024 * 1024),
                )
            file_actions.attach_case(
                by=request.by,
                at=timezone.now(),
                case_id=case_id,
                data=file.read(),
                declared_name=name,
                proof=proof,
            )
        except Refused as refusal:
            messages.error(request, f"“{name}”: {refusal}")


def _page(request: Request, found: FollowedCase, wrong: dict[str, forms.Form] | None = None) -> HttpResponse:
    shown: dict[str, forms.Form | None] = {
        "reply_form": follow_forms.ReplyForm() if found.question else None,
        "add_form": follow_forms.AddForm() if found.may_add and not found.question else None,
        "rate_form": follow_forms.RateForm() if found.may_rate else None,
        "dispute_form": follow_forms.DisputeForm() if found.may_dispute else None,
    }
    form = next(iter((wrong or {}).values()), None)
    context = {
        "found": found,
        "letters": followed.block(found.proof, timezone.now()),
        **facts(found),
        **shown,
        **(wrong or {}),
        "form": form,
        "sensitive": found.sealed,
    }
    return render(request, "portal/follow/matter.html", context, status=422 if wrong else 200)


def facts(found: FollowedCase) -> dict[str, Any]:
    """The matter in the words of the page."""
    home = found.region_code
    return {
        "title": found.title or _("Your report"),
        "kind_name": words.said(found, "kind_name"),
        "state_words": _(found.state_words),
        "next_words": _(found.next_words),
        "due": words.day_words(found.due_at, home),
        "steps": _steps(found, home),
        "told": _told(found, home),
        "answers": [
            {
                "text": one.text,
                "desk": one.desk_name,
                "day": words.day_words(one.at, home),
                "decision_words": _(decisions.words(one.decision)),
                "tone": decision_tone(one.decision),
            }
            for one in found.answers
        ],
        "react_until": words.day_words(found.react_until_at, home) if found.may_dispute else "",
    }


def _told(found: FollowedCase, home: str) -> list[dict[str, str]]:
    first = [{"day": words.moment_words(found.received_at, home), "text": found.text}] if found.text else []
    return first + [{"day": words.moment_words(one.at, home), "text": one.text} for one in found.additions]


def decision_tone(decision: str) -> str:
    """The tone of a decision's tag: good news, or neutral. Nothing is ever shown as the person's fault."""
    return "good" if decision in decisions.FAVOURABLE else ""


def _steps(found: FollowedCase, home: str) -> list[dict[str, str]]:
    """Received, with desk X, answered: where the matter is now."""
    answered = found.state in (moves.ANSWERED, moves.CLOSED) and bool(found.answers)
    ended = found.state in moves.ENDED_STATES and not answered
    due = words.day_words(found.due_at, home)
    here = _("With %(desk)s") % {"desk": found.desk_name}
    last = found.answers[-1] if found.answers else None
    return [
        {
            "title": _("Received"),
            "when": words.moment_words(found.received_at, home),
            "state": "done",
            "text": "",
        },
        {
            "title": here if not found.sealed else _("With the protection officer"),
            "when": "",
            "state": "done" if answered or ended else "now",
            "text": "" if answered or ended else _(found.state_words),
        },
        {
            "title": _("Ended") if ended else _("Answered"),
            "when": words.day_words(last.at, home)
            if answered and last
            else (_("At the latest on %(day)s") % {"day": due} if due else ""),
            "state": "now" if answered or ended else "next",
            "text": _(found.next_words) if answered or ended else "",
        },
    ]

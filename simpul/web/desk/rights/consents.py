"""Consents: reading the words aloud, taking them in three ways, the receipt, the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases import access as case_access
from simpul.lib.errors import NotFound
from simpul.people import access as people_access
from simpul.people.actions import consent as actions
from simpul.people.queries import consent as queries
from simpul.people.rules import consent as rules
from simpul.web import forms
from simpul.web.desk import case as case_pages
from simpul.web.desk import frame
from simpul.web.desk.rights import page
from simpul.web.policy import Request, officer

MODES = {
    "tick": gettext_lazy("They said yes, and I tick it with their name"),
    "paper": gettext_lazy("They signed a paper: I add its photo"),
    "voice": gettext_lazy("They said yes aloud: I add the recording"),
}
SHORT = {
    "tick": gettext_lazy("ticked"),
    "paper": gettext_lazy("on paper"),
    "voice": gettext_lazy("spoken"),
}
RELATIONS = {
    "": gettext_lazy("The person themself"),
    "parent": gettext_lazy("Parent"),
    "guardian": gettext_lazy("Guardian"),
    "proxy": gettext_lazy("Somebody with an authority to speak for them"),
}
BASES = {
    "a": gettext_lazy("With consent"),
    "d": gettext_lazy("Without asking the guardian: life or health is at stake (basis d)"),
    "e": gettext_lazy("Without asking the guardian: public task, protection of the child (basis e)"),
}


class ConsentForm(forms.Form):
    """One purpose at a time; nothing is ticked beforehand."""

    agreed = forms.TickField(
        label=gettext_lazy("I read these words aloud, and the person agreed"),
        error_messages={"required": gettext_lazy("Read the words aloud first, then tick this.")},
    )
    given_by = forms.NameField(label=gettext_lazy("Who agreed"), max_length=150)
    relation = forms.ChoiceField(
        label=gettext_lazy("Who is that?"),
        required=False,
        choices=list(RELATIONS.items()),
        widget=django_forms.Select,
    )
    mode = forms.ChoiceField(label=gettext_lazy("How"), choices=list(MODES.items()))
    evidence = forms.FilesField(
        label=gettext_lazy("Photo of the paper, or recording"),
        required=False,
        max_files=1,
        max_bytes=actions.PAPER_BYTES,
    )
    until_date = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Leave empty for the usual time of this purpose."),
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("For a child whose guardian one has to fear"),
        required=False,
        choices=list(BASES.items()),
        widget=django_forms.Select,
    )
    basis_words = forms.LineField(
        label=gettext_lazy("Why without asking the guardian"), required=False, max_length=300
    )


def row(one: Any, request: Request) -> dict[str, Any]:
    """A consent as a line of a list."""
    purpose = queries.purposes().get(one.purpose)
    stands = queries.is_standing(one, at=timezone.now())
    if one.withdrawn_at:
        state, tone = _("Withdrawn"), "bad"
    elif stands:
        state, tone = _("Stands"), "good"
    else:
        state, tone = _("Ran out"), ""
    return {
        "one": one,
        "name": page.said(purpose.name) if purpose else one.purpose,
        "mode": SHORT.get(one.mode, one.mode),
        "given": page.moment(one.given_at, request),
        "withdrawn": page.moment(one.withdrawn_at, request),
        "state": state,
        "tone": tone,
        "stands": stands,
    }


def _whom(request: Request, person_id: UUID) -> tuple[Any, str, roles.Place | None]:
    """The person, the scope, and the place when they are seen through a matter (``?urusan=``)."""
    asked = request.GET.get("urusan", "") or request.POST.get("urusan", "")
    if not asked:
        return people_access.person_for(request.by, person_id), "", None
    try:
        case = case_access.get_for(request.by, UUID(asked))
    except ValueError:
        raise NotFound from None
    if person_id not in (case.reporter_id, case.about_id):
        raise NotFound
    person = case.reporter if person_id == case.reporter_id else case.about
    if person is None or not case_access.sees_reporter(request.by, case):
        raise NotFound
    return person, str(case.id), case_access.place_of(case)


def _offers(person: Any, scope: str) -> list[dict[str, Any]]:
    """What can be asked for; sharing only from the page of a matter."""
    return [
        {
            "name": page.said(one.name),
            "url": f"?{'urusan=' + scope + '&' if scope else ''}untuk={one.code}",
            "recipients": page.said(one.recipients),
            "held": queries.standing(person.id, one.code, scope) is not None,
            "needs_case": one.scoped and not scope,
        }
        for one in queries.purposes().values()
    ]


@officer("consent.give")
def give(request: Request, person_id: UUID) -> HttpResponseBase:
    """Choose a purpose, read its words aloud, write down what the person said."""
    try:
        person, scope, place = _whom(request, person_id)
    except NotFound as missing:
        raise Http404 from missing
    purposes = queries.purposes()
    wanted = purposes.get(request.POST.get("purpose", "") or request.GET.get("untuk", ""))
    back = reverse("desk_case", args=[scope]) if scope else reverse("desk_rights_person", args=[person.id])
    if wanted is None or (wanted.scoped and not scope):
        context = {"person": person, "offers": _offers(person, scope), "back": back}
        return frame.show(request, "desk/rights/purposes.html", context, here=page.HERE)
    language = (get_language() or "id")[:2]
    form = ConsentForm(page.given(request), request.FILES or None, initial={"basis": "a"})

    def run(said: dict[str, Any]) -> tuple[str, str]:
        file = said["evidence"][0] if said["evidence"] else None
        consent = actions.give_consent(
            by=request.by,
            at=timezone.now(),
            person_id=person.id,
            purpose=wanted.code,
            mode=said["mode"],
            given_by=said["given_by"],
            scope=scope if wanted.scoped else "",
            relation=said["relation"],
            basis=said["basis"] or "a",
            basis_words=said["basis_words"],
            data=file.read() if file else b"",
            declared_name=file.name if file else "",
            until_date=said["until_date"],
            language=language,
            place=place,
        )
        where = back if place else reverse("desk_rights_receipt", args=[consent.id])
        return _("The consent is written down."), where

    child = rules.is_child(person.birth_date, timezone.localdate())
    asked = page.Ask(
        title=page.said(wanted.name),
        button=_("Write the consent down"),
        back=back,
        template="desk/rights/consent.html",
        extra={
            "person": person,
            "purpose": wanted,
            "words": page.said(wanted.words),
            "recipients": page.said(wanted.recipients),
            "scope": scope,
            "child": child,
        },
    )
    return page.ask(request, asked, form, run)


@officer("consent.give")
@require_GET
def receipt(request: Request, consent_id: UUID) -> HttpResponseBase:
    """What the person takes home, to print or to read aloud."""
    try:
        found = queries.receipt(request.by, consent_id, at=timezone.now())
    except NotFound as missing:
        raise Http404 from missing
    context = {
        "found": found,
        "row": row(found.consent, request),
        "relation": RELATIONS.get(found.consent.relation, ""),
        "recipients": page.said(found.purpose.recipients) if found.purpose else "",
        "stopped_by": page.moment(found.stopped_by_at, request),
        "may_withdraw": roles.may_somewhere(request.by, "consent.withdraw")
        and found.consent.withdrawn_at is None,
        "has_evidence": bool(found.consent.evidence_sha256),
    }
    return frame.show(request, "desk/rights/receipt.html", context, here=page.HERE)


@officer("consent.withdraw")
@require_POST
def withdraw(request: Request, consent_id: UUID) -> HttpResponseBase:
    """The person takes it back; no reason is needed."""
    return page.do(
        request,
        lambda: actions.withdraw_consent(
            by=request.by, at=timezone.now(), consent_id=consent_id, why=request.POST.get("why", "")
        ),
        _("The consent is withdrawn and stands no more from now on."),
        reverse("desk_rights_receipt", args=[consent_id]),
    )


@officer("consent.give")
@require_GET
def evidence(request: Request, consent_id: UUID) -> HttpResponse:
    """The photographed paper or the recording, as a download."""
    try:
        data, mime = queries.evidence(request.by, consent_id)
    except NotFound as missing:
        raise Http404 from missing
    ending = {"image/jpeg": "jpg", "audio/ogg": "ogg", "application/pdf": "pdf"}.get(mime, "bin")
    return case_pages.as_download(data, mime, f"persetujuan.{ending}")

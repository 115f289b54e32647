"""Papers of the registration: the chain with its progress, each paper with its file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import institution_papers as actions
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.rules import institution as rules
from simpul.web.desk import case, trying, words
from simpul.web.desk.posyandu import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
def listed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """The chain and its papers; who may adds one here."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    at = timezone.now()
    may = shared.may(request, "decree.record", posyandu)
    papers = queries.decrees(request.by, posyandu)
    chain = queries.chain(posyandu, papers)
    form = forms.DecreeForm(
        *((request.POST, request.FILES) if request.method == "POST" else (None, None)),
        initial={"kind": chain.next or "board", "decree_date": queries.today_at(posyandu, at)},
    )
    if request.method == "POST" and not may:
        raise Http404
    if form.is_valid() and trying.run(
        form,
        lambda: actions.record_decree(
            by=request.by,
            at=at,
            posyandu_id=posyandu.id,
            given=form.given(),
            decree_id=form.cleaned_data["once"],
        ),
    ):
        messages.success(request, _("The paper is written down."))
        return redirect("desk_posyandu_papers", posyandu_id=posyandu.id)
    context = {
        "chain": chain,
        "bar": [
            {
                "name": _(rules.DECREES[kind]),
                "done": kind in chain.done,
                "next": kind == chain.next,
                "papers": [
                    {"one": one, "day": words.day(one.decree_date), "until": words.day(one.until_date)}
                    for one in papers
                    if one.kind == kind
                ],
                "number": posyandu.number if kind == "number" else "",
                "number_day": words.day(posyandu.number_date) if kind == "number" else "",
            }
            for kind in rules.DECREES
        ],
        "form": form,
        "may": may and posyandu.closed_date is None,
    }
    status = 422 if form.errors else 200
    return shared.page(
        request, posyandu, "desk/posyandu/papers.html", "desk_posyandu_papers", context, status
    )


@officer(*shared.READING)
@require_GET
def file(request: Request, decree_id: UUID) -> HttpResponseBase:
    """The kept file of a paper, to be saved."""
    decree = trying.found(own_access.decree_for, request, decree_id)
    if not decree.file_sha256:
        raise Http404
    ending = "pdf" if decree.file_mime == "application/pdf" else "jpg"
    data = trying.found(lambda _by, _key: queries.file_of(decree), request, decree_id)
    return case.as_download(data, decree.file_mime, f"posyandu-{decree.kind}-{decree.decree_date}.{ending}")


@officer("decree.withdraw")
@require_POST
def withdraw(request: Request, decree_id: UUID) -> HttpResponseBase:
    """Take a paper back that was written down by mistake."""
    decree = trying.found(own_access.decree_for, request, decree_id)
    return trying.attempt(
        request,
        lambda: actions.withdraw_decree(
            by=request.by, at=timezone.now(), decree_id=decree.id, why=request.POST.get("kata", "")
        ),
        reverse("desk_posyandu_papers", args=[decree.posyandu_id]),
    )

"""What is shown with a request: marks and photos of requirements, and what the RT or RW says."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.letters.actions import drafting
from simpul.letters.actions.requesting import Upload
from simpul.letters.queries import requests as request_queries
from simpul.lib.errors import NotFound, Refused
from simpul.web.desk import case as desk_case
from simpul.web.desk import trying
from simpul.web.desk.letters import forms, one, shared
from simpul.web.policy import Request, officer


@officer("requirement.mark")
@require_POST
def mark(request: Request, letter_id: UUID, code: str) -> HttpResponseBase:
    """Say what became of one requirement, or keep its photo."""
    letter = shared.letter_or_404(request, letter_id)
    sent = request.FILES.get("foto")
    try:
        if sent is not None:
            upload = Upload(sent.read(), sent.name or "foto.jpg")
            drafting.photograph_requirement(
                by=request.by, at=timezone.now(), letter_id=letter.id, code=code, upload=upload
            )
        else:
            drafting.mark_requirement(
                by=request.by,
                at=timezone.now(),
                letter_id=letter.id,
                code=code,
                state=request.POST.get("state", ""),
                why=request.POST.get("why", ""),
            )
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return one.show(request, letter, wrong={code: str(refusal)}, status=422)
    return redirect(f"{reverse('desk_letter', args=[letter.id])}#syarat")


@officer("letter.draft")
@require_GET
def photo(request: Request, letter_id: UUID, code: str) -> HttpResponseBase:
    """A photo of what was shown, as it was made anew by us."""
    letter = shared.letter_or_404(request, letter_id)
    row = letter.shown.filter(code=code).exclude(file_sha256="").first()
    if row is None or not request_queries.store().exists(row.file_sha256):
        raise Http404
    data = request_queries.store().read(row.file_sha256)
    if row.file_mime.startswith("image/"):
        return desk_case.as_shown(data, row.file_mime)
    return desk_case.as_download(data, row.file_mime, f"{code}.pdf")


@officer("letter.confirm")
@require_POST
def confirm(request: Request, letter_id: UUID) -> HttpResponseBase:
    """Write down what the RT or RW says."""
    letter = shared.letter_or_404(request, letter_id)
    form = forms.ConfirmForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        ok = trying.run(
            form,
            lambda: drafting.confirm_letter(
                by=request.by,
                at=timezone.now(),
                letter_id=letter.id,
                name=given["name"],
                office=given["office"],
                how=given["how"],
                agrees=given["agrees"] == "yes",
                words=given["words"],
                confirmation_id=given["confirmation_id"],
            ),
        )
        if ok:
            messages.success(request, _("Written down."))
            return redirect(f"{reverse('desk_letter', args=[letter.id])}#rt")
    return one.show(request, letter, wrong={"konfirmasi": form}, status=422)

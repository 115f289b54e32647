"""The page of one case, the panel beside a list, its acts, its files, its print."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from simpul.cases import access
from simpul.cases.actions import handling, protection
from simpul.cases.queries import case as case_queries
from simpul.cases.queries import files as file_queries
from simpul.cases.queries import inbox as inbox_queries
from simpul.lib.errors import NotFound, Refused
from simpul.web.desk import acts, case_parts, frame
from simpul.web.policy import Request, officer

UNDO_KEY = "desk_undo"
SEEN_KEY = "desk_sealed_seen"
SEEN_SECONDS = 15 * 60
DRAFT_BOXES = ("jawab-text", "serahkan-draft", "konsep-text")


@officer()
@require_GET
def case(request: Request, case_id: UUID) -> HttpResponseBase:
    """Everything about one case that this seat may see, and exactly what it may do."""
    at = timezone.now()
    page = case_queries.case_page(request.by, case_id, at)
    _leave_line(request, page, at)
    return _show(request, page, at)


@officer()
@require_http_methods(["GET", "POST"])
def act(request: Request, case_id: UUID, slug: str) -> HttpResponseBase:
    """Do one act. A refusal stands beside its form, and what was typed stays. Asked for by GET, its form."""
    wanted = acts.BY_SLUG.get(slug)
    if wanted is None:
        raise Http404
    at = timezone.now()
    page = case_queries.case_page(request.by, case_id, at)
    if request.method == "GET":
        return _act_form(request, page, at, slug)
    form = wanted.form(request.POST, request.FILES, page=page, by=request.by, at=at, prefix=slug)
    if form.is_valid():
        try:
            made = wanted.run(request.by, at, case_id, form)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _after(request, page, wanted, form, made)
    return _show(request, page, at, wrong={slug: form}, status=409)


def _act_form(request: Request, page: case_queries.CasePage, at: datetime, slug: str) -> HttpResponseBase:
    """The form of an act that was opened on the page; without a script, the page with that form standing open."""
    one = case_parts.one_act(request.by, page, at, slug)
    if one is None:
        raise Http404
    if not request.htmx:
        return redirect(one["page_url"])
    context = {"one": one, "case": page.case, "kept": frame.place_in_list(request)}
    return frame.show(request, "desk/case/_act_form.html", context)


def _after(
    request: Request, page: case_queries.CasePage, done: acts.CaseAct, form: Any, made: Any
) -> HttpResponseBase:
    """Back to the case, or to the list when the case has left this seat; with a word and, where it fits, an undo."""
    if done.undo:
        fields = _undo_fields(done, form)
        request.session[UNDO_KEY] = {
            "case": str(page.case.id),
            "slug": done.undo,
            "text": str(done.done),
            "fields": fields,
        }
    else:
        messages.success(request, str(done.done))
    if made is not None and hasattr(made, "case"):
        messages.info(request, _("Number of the new matter: %(number)s") % {"number": made.number})
    try:
        access.get_for(request.by, page.case.id)
    except NotFound:
        return redirect("desk_inbox")
    kept = frame.place_in_list(request)
    address = reverse("desk_case", args=[page.case.id])
    return redirect(f"{address}?{kept}" if kept else address)


def _undo_fields(done: acts.CaseAct, form: Any) -> dict[str, str]:
    """What the act that takes it back needs to be told."""
    if done.undo == "tarik":
        return {"tarik-reason": _("Undone at once by the sender")}
    if done.undo == "lepas-tautan":
        return {"lepas-tautan-other_id": str(form.cleaned_data["other"].id)}
    return {}


def _show(
    request: Request,
    page: case_queries.CasePage,
    at: datetime,
    *,
    wrong: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = frame.place_in_list(request)
    context = {**case_parts.parts(request.by, page, at), "kept": kept}
    if request.htmx and request.GET.get("panel"):
        return frame.show(request, "desk/case/_panel.html", context, status=status)
    if request.GET.get("cetak"):
        return frame.show(request, "desk/case/print.html", context, status=status)
    context |= case_parts.act_parts(request.by, page, at, wrong or {}, request.GET.get("buka", ""))
    context["undo"] = _undo(request, page)
    context["before_url"], context["after_url"] = _neighbours(request, page, at, kept)
    context["wrong"] = next(iter((wrong or {}).values()), None)
    return frame.show(
        request, "desk/case/page.html", context, status=status, here=f"inbox:{request.GET.get('view', '')}"
    )


def _neighbours(request: Request, page: case_queries.CasePage, at: datetime, kept: str) -> tuple[str, str]:
    """The addresses of the matters before and after this one in the list it was opened from."""
    if not kept:
        return "", ""
    found = inbox_queries.neighbours(request.by, frame.filters_of(request), at, page.case.id)
    before, after = (f"{reverse('desk_case', args=[one])}?{kept}" if one else "" for one in found)
    return before, after


def _undo(request: Request, page: case_queries.CasePage) -> dict[str, Any] | None:
    """What the last act on this case can be undone with, shown once."""
    last = request.session.pop(UNDO_KEY, None)
    if not last or last["case"] != str(page.case.id):
        return None
    wanted = acts.BY_SLUG[last["slug"]]
    url = reverse("desk_act", args=[page.case.id, wanted.slug]) if wanted.act in page.offers else ""
    return {"url": url, "text": last["text"], "fields": last["fields"]}


def _leave_line(request: Request, page: case_queries.CasePage, at: datetime) -> None:
    """A look at a sealed matter leaves a line; looking again within a quarter of an hour is the same look."""
    if page.case.sensitivity != "sealed":
        return
    seen = dict(request.session.get(SEEN_KEY, {}))
    key, now = str(page.case.id), int(at.timestamp())
    if now - int(seen.get(key, 0)) < SEEN_SECONDS:
        return
    protection.view_sealed_case(by=request.by, at=at, case_id=page.case.id)
    request.session[SEEN_KEY] = {**dict(list(seen.items())[-20:]), key: now}


@officer("case.draft")
@require_POST
def keep_draft(request: Request, case_id: UUID) -> HttpResponseBase:
    """Keep what was typed as the answer when its box is left. A fragment; a refusal is told in its place."""
    at = timezone.now()
    text = next((request.POST[name] for name in DRAFT_BOXES if request.POST.get(name)), "")
    try:
        handling.draft_case(by=request.by, at=at, case_id=case_id, text=text)
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        return frame.show(request, "desk/case/_kept.html", {"refusal": str(refusal)})
    return frame.show(request, "desk/case/_kept.html", {"refusal": ""})


# --- files ------------------------------------------------------------------------------------------------------------


@officer()
@require_GET
def attachment(request: Request, attachment_id: UUID) -> HttpResponseBase:
    """A file of a case this seat may see: always as a download, never run by the browser."""
    found = file_queries.attachment_for(request.by, attachment_id)
    return as_download(file_queries.read(found), found.mime, found.name)


@officer()
@require_GET
def photo(request: Request, attachment_id: UUID) -> HttpResponseBase:
    """A photo to be looked at on the page: the re-encoded picture, or with ``?hitam=1`` its blacked-out copy."""
    found = file_queries.attachment_for(request.by, attachment_id)
    if found.kind != "photo":
        raise Http404
    data = file_queries.read(found, masked=bool(request.GET.get("hitam")))
    return _guarded(HttpResponse(data, content_type="image/jpeg"))


def as_shown(data: bytes, mime: str) -> HttpResponse:
    """A photo or recording that was made anew by us, for the page that shows it."""
    return _guarded(HttpResponse(data, content_type=mime))


def as_download(data: bytes, mime: str, name: str) -> HttpResponse:
    """Bytes that a browser saves and never opens in our name."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = (
        content_disposition_header(True, " ".join(name.split()) or "berkas") or "attachment"
    )
    return _guarded(response)


def _guarded(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response

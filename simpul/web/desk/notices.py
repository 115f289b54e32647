"""What must be told on paper or by mouth: one list per hamlet, printed, and with the proof that each person was told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases.queries import protection as protection_queries
from simpul.lib.errors import NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, words
from simpul.web.policy import Request, officer

MOST_PRINTED = 200


class TellForm(forms.Form):
    """How a person was told."""

    how = forms.ChoiceField(label=gettext_lazy("How was the person told?"), choices=tuple(words.TOLD.items()))
    told_by = forms.LineField(
        label=gettext_lazy("Who told them, if not you?"), required=False, max_length=150
    )
    note = forms.LineField(label=gettext_lazy("Note"), required=False, max_length=200)


@officer("message.tell", "message.print")
def notices(request: Request) -> HttpResponseBase:
    """The lists of the hamlets, the longest waiting first."""
    return _show(request, {})


def _show(request: Request, wrong: dict[str, Any], status: int = 200) -> HttpResponseBase:
    at = timezone.now()
    region = request.GET.get("wilayah", "")
    lists = message_queries.hamlet_list(request.by, region if region.isdigit() else "")
    away = _away(request, (message for one in lists for message in one.messages))
    told = [(one, [message for message in one.messages if message.id not in away]) for one in lists]
    places = region_queries.paths({one.region_code for one in lists})
    context = {
        "lists": [
            {
                "place": places.get(one.region_code, one.region_code),
                "hamlet": one.hamlet_name,
                "rows": [_row(message, at, wrong) for message in kept],
            }
            for one, kept in told
            if kept
        ],
        "total": sum(len(kept) for _one, kept in told),
        "may_print": roles.may_somewhere(request.by, "message.print"),
        "may_tell": roles.may_somewhere(request.by, "message.tell"),
        "wrong": next(iter(wrong.values()), None),
    }
    return frame.show(request, "desk/notices/page.html", context, status=status, here="desk_notices")


def _away(request: Request, found: Iterable[Any]) -> set[UUID]:
    """The notices among these whose matter is about the one who asks: whoever is kept away tells nobody of it either."""
    rows = [(message.id, message.subject_id) for message in found]
    kept = protection_queries.kept_from(request.by, {subject for _id, subject in rows})
    return {message_id for message_id, subject in rows if subject in kept}


def _row(message: Any, at: Any, wrong: dict[str, Any]) -> dict[str, Any]:
    form = wrong.get(str(message.id)) or TellForm(auto_id=f"t{message.id.hex}_%s")
    return {
        "message": message,
        "age": words.age(message.queued_at, at),
        "printed": words.short_day(message.printed_at, message.region_code),
        "form": form,
        "open": str(message.id) in wrong,
    }


@officer("message.print")
@require_POST
def print_notices(request: Request) -> HttpResponseBase:
    """Print what was ticked: each is checked, marked as printed, and laid on A4."""
    at = timezone.now()
    found = message_queries.printable(request.by, _ids(request)[:MOST_PRINTED])
    away = _away(request, found)
    printed, refused = [], []
    for message in found:
        if message.id in away:
            continue
        try:
            printed.append(message_actions.print_message(by=request.by, at=at, message_id=message.id))
        except Refused as refusal:
            refused.append({"name": message.to_name, "why": str(refusal)})
    if not printed and not refused:
        messages.warning(request, _("Tick at least one notice first."))
        return redirect("desk_notices")
    places = region_queries.paths({message.region_code for message in printed})
    pages = [
        {
            "message": message,
            "place": places.get(message.region_code, ""),
            "when": words.short_day(message.queued_at, message.region_code),
        }
        for message in printed
    ]
    return frame.show(
        request, "desk/notices/print.html", {"pages": pages, "refused": refused}, here="desk_notices"
    )


@officer("message.tell")
@require_POST
def tell(request: Request, message_id: UUID) -> HttpResponseBase:
    """Report how a person was told; a person who was not met stays on the list."""
    if _away(request, message_queries.printable(request.by, [message_id])):
        raise Http404
    form = TellForm(request.POST, auto_id=f"t{message_id.hex}_%s")
    if form.is_valid():
        try:
            told = message_actions.tell_message(
                by=request.by, at=timezone.now(), message_id=message_id, **form.cleaned_data
            )
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Reported for %(name)s.") % {"name": told.to_name or _("this person")}
            )
            return redirect("desk_notices")
    return _show(request, {str(message_id): form}, status=409)


def _ids(request: Request) -> list[UUID]:
    found = []
    for value in request.POST.getlist("ids"):
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found

"""The list of kinds of letter, one kind, its versions with their differences; ending, offering again, going back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.letters.actions import types as actions
from simpul.letters.queries import catalogue
from simpul.letters.queries import types as queries
from simpul.regions import queries as region_queries
from simpul.web.desk import area, frame, trying, words
from simpul.web.desk.letter_types import shown
from simpul.web.policy import Request, officer


@officer(*shown.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The kinds of letter of a village, by what they are about; a seat of a wider area chooses its village first."""
    village = shown.village_of(request)
    if not village:
        return _choose(request)
    typed = request.GET.get("kata", "").replace("\x00", "").strip()[:100]
    offers = queries.types_for(village, words=typed, ended=True)
    context = {
        "village": region_queries.get_region(village).short_name,
        "village_code": village,
        "groups": _by_group(request, [one for one in offers if one.ended_at is None]),
        "ended": [_row(request, one) for one in offers if one.ended_at is not None],
        "words": typed,
        "kept": shown.kept(request),
        "may_write": _may(request, "type.add", village),
        "count": len(offers),
    }
    return frame.show(request, "desk/letter_types/list.html", context, here=shown.HERE)


def _choose(request: Request) -> HttpResponseBase:
    narrowed = area.read(request.by, request.GET.get("wilayah", ""))
    village = narrowed.code if len(narrowed.code) == shown.VILLAGE else ""
    context = {
        "area": narrowed,
        "found": village if village and request.by.serves(village) else "",
        "asked": bool(request.GET.get("wilayah")),
    }
    return frame.show(request, "desk/letter_types/choose.html", context, here=shown.HERE)


def _by_group(request: Request, offers: list[queries.Offer]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in catalogue.groups()}
    for one in offers:
        found.setdefault(one.type.group, []).append(_row(request, one))
    names = catalogue.groups()
    return [
        {
            "code": code,
            "name": names[code].label(shown.language()) if code in names else code,
            "icon": names[code].icon if code in names else "letter",
            "rows": rows,
        }
        for code, rows in found.items()
        if rows
    ]


def _row(request: Request, one: queries.Offer) -> dict[str, Any]:
    lang = shown.language()
    return {
        "url": reverse("desk_letter_type", args=[one.code]) + shown.kept(request),
        "name": one.name(lang),
        "about": one.about(lang),
        "own": _("The village's own letter")
        if one.own_type
        else _("The village's own text")
        if one.own_text
        else "",
        "newer": one.newer_shipped,
        "self_service": one.version.self_service,
        "archive_code": one.version.archive_code,
        "validity": shown.validity(one.version.validity_amount, one.version.validity_unit),
    }


def _may(request: Request, act: str, village: str) -> bool:
    return roles.may(request.by, act, roles.Place(region_code=village))


@officer(*shown.READING)
@require_GET
def one(request: Request, code: str) -> HttpResponseBase:
    """One kind: its text with made-up people, what it asks, its versions."""
    village = shown.require_village(request)
    offer = shown.offer_or_404(code, village)
    versions = queries.versions_of(offer.type, village)
    context = {
        "offer": offer,
        "said": shown.described(offer.version),
        "blocks": shown.preview_of(offer.version),
        "heading": offer.version.heading,
        "village": region_queries.get_region(village).short_name,
        "versions": [
            {
                "version": one,
                "holds": one.id == offer.version.id,
                "when": words.moment(one.written_at, village),
                "url": reverse("desk_letter_type_version", args=[code, one.id]) + shown.kept(request),
            }
            for one in versions
        ],
        "letters": queries.count_in_use(offer.type, village),
        "kept": shown.kept(request),
        "may_write": _may(request, "version.write", village),
    }
    return frame.show(request, "desk/letter_types/one.html", context, here=shown.HERE)


@officer(*shown.READING)
@require_GET
def paper(request: Request, code: str) -> HttpResponseBase:
    """The text on one sheet, to read and to put before the head: made-up people, plainly marked as a sample."""
    village = shown.require_village(request)
    offer = shown.offer_or_404(code, village)
    context = {
        "offer": offer,
        "said": shown.described(offer.version),
        "blocks": shown.preview_of(offer.version),
        "heading": offer.version.heading,
        "village": region_queries.get_region(village).short_name,
        "kept": shown.kept(request),
    }
    return frame.show(request, "desk/letter_types/print.html", context, here=shown.HERE)


@officer(*shown.READING)
@require_GET
def version(request: Request, code: str, version_id: UUID) -> HttpResponseBase:
    """An earlier text beside the one that holds, line by line."""
    village = shown.require_village(request)
    offer = shown.offer_or_404(code, village)
    old = next((one for one in queries.versions_of(offer.type, village) if one.id == version_id), None)
    if old is None:
        raise Http404
    context = {
        "offer": offer,
        "old": old,
        "when": words.moment(old.written_at, village),
        "changes": [
            {"name": shown.FIELDS.get(one.field, one.field), "lines": one.lines}
            for one in queries.differences(old, offer.version)
        ],
        "holds": old.id == offer.version.id,
        "blocks": shown.preview_of(old),
        "heading": old.heading,
        "kept": shown.kept(request),
        "may_write": _may(request, "version.restore", village),
    }
    return frame.show(request, "desk/letter_types/version.html", context, here=shown.HERE)


@officer("version.restore")
@require_POST
def restore(request: Request, code: str, version_id: UUID) -> HttpResponseBase:
    """Let an earlier text hold again."""
    village = shown.require_village(request)

    def act() -> None:
        actions.restore_version(by=request.by, at=timezone.now(), region_code=village, version_id=version_id)
        messages.success(request, _("The earlier text holds again, as a new version."))

    back = reverse("desk_letter_type", args=[code]) + shown.kept(request)
    return trying.attempt(request, act, back)


@officer("type.end")
@require_POST
def end(request: Request, code: str) -> HttpResponseBase:
    """Offer a kind no more."""
    village = shown.require_village(request)

    def act() -> None:
        actions.end_type(by=request.by, at=timezone.now(), region_code=village, type_code=code)
        messages.success(
            request,
            _("Nobody can ask for it any more. Letters already asked for go on; you can offer it again."),
        )

    back = reverse("desk_letter_type", args=[code]) + shown.kept(request)
    return trying.attempt(request, act, back)


@officer("type.resume")
@require_POST
def resume(request: Request, code: str) -> HttpResponseBase:
    """Offer a kind again."""
    village = shown.require_village(request)

    def act() -> None:
        actions.resume_type(by=request.by, at=timezone.now(), region_code=village, type_code=code)
        messages.success(request, _("It is offered again."))

    back = reverse("desk_letter_type", args=[code]) + shown.kept(request)
    return trying.attempt(request, act, back)

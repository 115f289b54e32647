"""The last page of a report: check the answers, send, and never twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.cases.actions import intake
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import kinds as kind_rules
from simpul.desks import queries as desk_queries
from simpul.lib import money
from simpul.lib.errors import Refused
from simpul.web import forms
from simpul.web.policy import Request, public
from simpul.web.portal import draft as drafts
from simpul.web.portal import guard, receipt_link, report, report_forms, safety, similar, words
from simpul.web.portal.shapes import Kind

NOTICE_VERSION = "2026-11"
"""The version of the privacy notice on the last page; kept with every case. Raise it with every change of those words."""


@public
def check(request: Request) -> HttpResponseBase:
    """Every answer with a way to change it, the notice, and the one button."""
    pressed = request.POST.get("lapor", "")
    if pressed and (token := drafts.sent_token(request, pressed)):
        return redirect("report_receipt", token=token)
    draft = drafts.load(request)
    if draft is None:
        last = drafts.sent_token(request)
        return redirect("report_receipt", token=last) if last else redirect("report")
    kind = kind_queries.get_kind(draft.kind_code)
    missing = report.missing_page(draft)
    if kind is None or missing:
        return redirect(missing or "report")
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("report_receipt", token=_send(request, draft))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _check_page(request, form, draft, kind)


def _send(request: Request, draft: drafts.Draft) -> str:
    """Hand the draft to the act, and make the address of its receipt."""
    at = timezone.now()
    guard.admit_report(request, at, desk_queries.institution().phone)
    opened = intake.open_case(by=request.by, at=at, channel="web", **given(draft))
    token = receipt_link.seal(receipt_of(opened, danger=opened.case.urgency == "danger"))
    drafts.mark_sent(request, draft, token)
    return token


def receipt_of(opened: intake.Opened, *, danger: bool = False) -> receipt_link.Receipt:
    """What the person takes home. A sealed or anonymous matter shows neither its number nor its desk."""
    case = opened.case
    sealed = case.sensitivity == "sealed"
    return receipt_link.Receipt(
        case_id=str(case.id),
        number="" if opened.receipt16 else opened.number,
        pin=opened.pin,
        receipt16=opened.receipt16,
        kind=case.kind_id,
        region_code=case.region_code,
        received_at=case.received_at.isoformat(),
        due_at=case.due_at.isoformat() if case.due_at else "",
        desk="" if sealed else case.holder.name,
        danger=danger,
    )


def given(draft: drafts.Draft) -> dict[str, Any]:
    """The draft in the words of ``open_case``."""
    where, who = draft.pages["place"], draft.pages["person"]
    mode = str(who["mode"])
    return {
        "kind_code": draft.kind_code,
        "text_given": draft.text or _("The matter is told in the attached file."),
        "region_code": draft.region_code,
        "answers": draft.pages.get("details", {}),
        "mode": mode,
        "reporter": None if mode == "anonymous" else reporter_of(who),
        "about": intake.PersonGiven(name=who["about_name"])
        if mode == "proxy" and who.get("about_name")
        else None,
        "relation": who.get("relation", "") if mode == "proxy" else "",
        "group_size": who.get("group_size") if mode == "group" else None,
        "place": where.get("place", ""),
        "happened_date": date.fromisoformat(where["happened"]) if where.get("happened") else None,
        "urgency": "danger" if draft.pages["story"].get("danger") else "normal",
        "triage": draft.pages["story"].get("triage", ()),
        "hide_name": bool(who.get("hide_name")),
        "notice_version": NOTICE_VERSION,
        "clean_files": drafts.clean_files(draft),
        "language": words.language(),
        "incident_id": similar.still_open(draft.pages.get("similar", {}).get("incident", "")),
        "case_id": UUID(draft.case_id),
    }


def reporter_of(who: Mapping[str, Any]) -> intake.PersonGiven:
    """Who tells it, with what may be done with their phone."""
    return intake.PersonGiven(
        name=str(who.get("name", "")),
        phone=str(who.get("phone", "")),
        email=str(who.get("email", "")),
        owner=str(who.get("owner") or "own"),
        safe_to_call=who.get("safe") in ("both", "call"),
        safe_to_write=who.get("safe") in ("both", "write"),
    )


# --- the page ---------------------------------------------------------------------------------------------------------


def _check_page(request: Request, form: forms.Form, draft: drafts.Draft, kind: Kind) -> HttpResponse:
    context = {
        "form": form,
        "sections": _sections(draft, kind),
        "draft": draft,
        "back": reverse("report_person"),
        "sensitive": report.is_sensitive(draft, kind),
        "emergency": words.emergency_numbers() if draft.pages["story"].get("danger") else (),
    }
    return render(request, "portal/report/check.html", context, status=422 if form.errors else 200)


def _sections(draft: drafts.Draft, kind: Kind) -> list[dict[str, Any]]:
    return [
        {"title": _("What it is about"), "rows": _matter_rows(draft, kind)},
        {"title": _("Where and when"), "rows": _place_rows(draft)},
        *([{"title": _("More about it"), "rows": _detail_rows(draft, kind)}] if kind.fields else []),
        {"title": _("You"), "rows": _person_rows(draft)},
    ]


def _row(key: str, value: Any, page: str, hidden: str = "") -> dict[str, Any]:
    return {"key": key, "value": value, "url": f"{reverse(page)}?{report.CHANGE}=1", "hidden": hidden or key}


def _matter_rows(draft: drafts.Draft, kind: Kind) -> list[dict[str, Any]]:
    files = "\n".join(f"{file.name} ({filesizeformat(file.size)})" for file in draft.files)
    rows = [
        _row(_("About"), words.said(kind, "name"), "report"),
        _row(_("Your words"), draft.text, "report_story"),
    ]
    if files:
        rows.append(_row(_("Files"), files, "report_story"))
    if draft.pages["story"].get("triage"):
        ticked = "\n".join(safety.said(draft.pages["story"]["triage"]))
        rows.append(_row(_("First: is somebody in danger?"), ticked, "report_story"))
    if draft.pages["story"].get("danger"):
        rows.append(_row(_("Urgent"), _("Somebody is in danger now"), "report_story"))
    return rows


def _place_rows(draft: drafts.Draft) -> list[dict[str, Any]]:
    kept = draft.pages["place"]
    day = date.fromisoformat(kept["happened"]) if kept.get("happened") else None
    return [
        _row(_("Village"), kept["label"], "report_place"),
        _row(_("Hamlet or landmark"), kept.get("place", ""), "report_place"),
        _row(_("When"), words.date_words(day), "report_place"),
    ]


def _detail_rows(draft: drafts.Draft, kind: Kind) -> list[dict[str, Any]]:
    """The answered questions one by one, the others together on one row."""
    answers = draft.pages.get("details", {})
    rows, left = [], []
    for spec in kind.fields:
        said = answer_words(spec, answers.get(str(spec["key"])))
        if said:
            rows.append(_row(words.said(spec, "label"), said, "report_details"))
        else:
            left.append(words.said(spec, "label"))
    if left:
        rows.append(_row(_("Left empty"), "\n".join(left), "report_details"))
    return rows


def answer_words(spec: Mapping[str, Any], value: Any) -> str:
    """A kept answer as people read it."""
    if value in (None, "", []):
        return ""
    if value == kind_rules.UNKNOWN:
        return _("I do not know")
    labels = {str(option["value"]): words.said(option, "label") for option in spec.get("options", ())}
    if isinstance(value, list):
        return "\n".join(labels.get(str(item), str(item)) for item in value)
    if spec["type"] == "yes_no":
        return _("Yes") if value == "yes" else _("No")
    if spec["type"] == "money":
        return money.rupiah(int(value))
    if spec["type"] == "date":
        return words.date_words(date.fromisoformat(value))
    return labels.get(str(value), str(value))


def _person_rows(draft: drafts.Draft) -> list[dict[str, Any]]:
    who = draft.pages["person"]
    modes = {choice.value: str(choice.label) for choice in report_forms.MODES}
    rows = [_row(_("Who tells it"), modes.get(who["mode"], ""), "report_person")]
    if who["mode"] == "anonymous":
        return rows
    rows += [
        _row(_("Name"), who.get("name", ""), "report_person"),
        _row(_("Phone"), _phone_words(who), "report_person"),
    ]
    for key, label in (
        ("email", _("E-mail")),
        ("about_name", _("It concerns")),
        ("relation", _("Relation")),
        ("group_size", _("How many people")),
    ):
        if who.get(key):
            rows.append(_row(label, str(who[key]), "report_person"))
    if who.get("hide_name"):
        rows.append(_row(_("Your name"), _("Not shown to the office it is about"), "report_person"))
    return rows


def _phone_words(who: Mapping[str, Any]) -> str:
    if not who.get("phone"):
        return ""
    owners = dict(report_forms.OWNERS)
    safe = dict(report_forms.SAFE)
    parts = [who["phone"], owners.get(who.get("owner", ""), ""), safe.get(who.get("safe", ""), "")]
    return "\n".join(str(part) for part in parts if part)

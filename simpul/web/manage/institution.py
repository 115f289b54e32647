"""The institution's own page: its name, emblem, colour, contacts and quiet hours, with a preview of what residents will see."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.lib.errors import Refused
from simpul.web import forms
from simpul.web.manage import fields, frame
from simpul.web.policy import Request, officer

_TEXTS = (
    "name",
    "short_name",
    "service_name",
    "number_prefix",
    "brand",
    "phone",
    "whatsapp",
    "email",
    "address",
    "opening_words",
    "protection_officer",
    "ombudsman",
)
TRIED = ("name", "service_name", "brand", "opening_words")
"""What the preview shows before it is saved."""

LAYOUT: frame.Layout = (
    (gettext_lazy("Name"), ("name", "short_name", "service_name", "region_code", "number_prefix")),
    (gettext_lazy("Look"), ("brand", "emblem", "no_emblem")),
    (gettext_lazy("How residents reach you"), ("phone", "whatsapp", "email", "address", "opening_words")),
    (gettext_lazy("Rights"), ("protection_officer", "ombudsman")),
    (gettext_lazy("Quiet hours"), ("quiet_from", "quiet_to")),
)


class InstitutionForm(forms.Form):
    """Everything residents read about the institution."""

    name = forms.LineField(max_length=150, label=gettext_lazy("Name of the institution"))
    short_name = forms.LineField(
        max_length=40,
        width="20",
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Stands at the top of the desk pages."),
    )
    service_name = forms.LineField(max_length=80, label=gettext_lazy("Name of the service"))
    region_code = fields.AreaField(
        required=False,
        label=gettext_lazy("Area it serves"),
        help_text=gettext_lazy("A village, district, regency or province. Empty: everywhere."),
    )
    number_prefix = forms.LineField(
        max_length=10,
        width="5",
        label=gettext_lazy("Letters before case numbers"),
        help_text=gettext_lazy("Numbers already given stay as they are."),
    )
    brand = forms.LineField(
        max_length=20,
        width="10",
        label=gettext_lazy("Colour"),
        help_text=gettext_lazy("As # and six signs. White words must be easy to read on it."),
    )
    emblem = forms.FilesField(
        required=False,
        max_files=1,
        endings=("png", "jpg", "jpeg", "webp"),
        label=gettext_lazy("Emblem"),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 10 MB."),
    )
    no_emblem = fields.SwitchField(label=gettext_lazy("Take the present emblem away"))
    phone = forms.LineField(required=False, max_length=40, width="20", label=gettext_lazy("Phone"))
    whatsapp = forms.LineField(required=False, max_length=40, width="20", label=gettext_lazy("WhatsApp"))
    email = forms.LineField(required=False, max_length=254, label=gettext_lazy("E-mail"))
    address = forms.LongTextField(required=False, max_length=500, rows=3, label=gettext_lazy("Address"))
    opening_words = forms.LongTextField(
        required=False,
        max_length=1000,
        rows=3,
        label=gettext_lazy("Opening words"),
        help_text=gettext_lazy("Stand on the first page for residents."),
    )
    protection_officer = forms.LineField(
        required=False,
        max_length=200,
        label=gettext_lazy("Data-protection officer"),
        help_text=gettext_lazy("Whom residents ask about their personal data."),
    )
    ombudsman = forms.LineField(
        required=False, max_length=200, label=gettext_lazy("How to reach the Ombudsman")
    )
    quiet_from = fields.TimeField(
        label=gettext_lazy("From"), help_text=gettext_lazy("No message is sent to a resident in these hours.")
    )
    quiet_to = fields.TimeField(label=gettext_lazy("Until"))


def _initial(home: Any) -> dict[str, Any]:
    values = {name: getattr(home, name) for name in (*_TEXTS, "quiet_from", "quiet_to")}
    return {**values, "region_code": home.region_code}


@officer("desk.open")
def institution(request: Request) -> HttpResponse:
    """Read and change the institution."""
    home = desk_queries.institution()
    if "preview" in request.POST:
        tried = {name: request.POST.get(name, "")[:1000] for name in TRIED}
        return redirect(f"{reverse('manage_institution_preview')}?{urlencode(tried)}")
    form = InstitutionForm(frame.sent(request), request.FILES or None, initial=_initial(home))

    def run(values: dict[str, Any]) -> frame.Done:
        given = {name: values[name] for name in (*_TEXTS, "region_code", "quiet_from", "quiet_to")}
        given["number_prefix"] = given["number_prefix"].upper()
        emblem = _emblem(values["emblem"], remove=values["no_emblem"])
        try:
            desk_actions.change_institution(by=request.by, at=timezone.now(), emblem=emblem, **given)
        except Refused as refusal:
            refusal.field = refusal.field or "emblem"
            raise
        return _("The institution was changed. Residents see it with their next page."), reverse(
            "manage_institution"
        )

    page = frame.Ask(
        here="manage_institution",
        title=_("Institution"),
        button=_("Save"),
        back=reverse("manage_home"),
        layout=LAYOUT,
        template="manage/institution.html",
        extra={"home": home, "previews": True, "changes": frame.changes(request.by, "institution.change")},
    )
    return frame.ask(request, page, form, run)


def _emblem(files: list[UploadedFile], *, remove: bool) -> bytes | None:
    """The bytes of a new emblem, none to take it away, None to leave it."""
    if files:
        return files[0].read()
    return b"" if remove else None


@officer("desk.open")
@require_GET
def preview(request: Request) -> HttpResponse:
    """How the first page looks for residents in a name and colour that are not saved yet."""
    tried = copy.copy(desk_queries.institution())
    for name, longest in (("name", 150), ("service_name", 80), ("opening_words", 1000)):
        if request.GET.get(name):
            setattr(tried, name, forms.tidy_text(request.GET[name])[:longest])
    brand = forms.tidy_line(request.GET.get("brand", tried.brand))[:20]
    known = desk_rules.is_colour(brand)
    ratio = desk_rules.contrast_with_white(brand) if known else 0.0
    tried.brand = brand if known else tried.brand
    context = {
        "institution": tried,
        "typed": brand,
        "known": known,
        "ratio": round(ratio, 1),
        "least": desk_rules.LEAST_CONTRAST,
        "fits": ratio >= desk_rules.LEAST_CONTRAST,
    }
    return frame.show(request, "manage/institution_preview.html", context, here="manage_institution")

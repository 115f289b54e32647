"""Looking into a bundle, taking it in, and writing one for the road back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.lib.errors import Refused
from simpul.sync.actions import bundling
from simpul.sync.queries import bundles as queries
from simpul.sync.rules import bundles as rules
from simpul.web.desk import frame, words
from simpul.web.desk.bundles import forms
from simpul.web.policy import Request, officer

HERE = "desk_bundles"
MOST_HIDDEN = 1_400_000
"""A bundle of at most so many bytes travels with the page, so that it need not be chosen a second time."""


@officer("bundle.import")
def bundles(request: Request) -> HttpResponseBase:
    """Hand a bundle over, and see what is in it before it is taken in."""
    if request.method != "POST":
        return _page(request, forms.BundleForm())
    form = forms.BundleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.data_given()
    try:
        view = queries.inspect(data)
    except queries.BundleRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)
    hidden = rules.as_text(rules.from_anything(data)) if len(data) <= MOST_HIDDEN else ""
    made = words.moment(view.made_at, (request.by.served_areas or ("",))[0]) if view.made_at else ""
    context = {"view": view, "made": made, "sent": [_sent(one) for one in view.sent], "hidden": hidden}
    return frame.show(request, "desk/bundles/look.html", context, here=HERE)


def _sent(one: queries.Sent) -> dict[str, Any]:
    return {"one": one, "others": one.envelopes - one.ours, "new": one.envelopes - one.here}


def _page(request: Request, form: forms.BundleForm, status: int = 200) -> HttpResponseBase:
    parent = queries.parent()
    context = {
        "form": form,
        "parent": parent,
        "waiting": queries.waiting() if parent is not None else None,
        "devices": queries.devices_of(request.by),
    }
    return frame.show(request, "desk/bundles/hand_over.html", context, here=HERE, status=status)


@officer("bundle.import")
@require_POST
def take_in(request: Request) -> HttpResponseBase:
    """Take in what is whole; the same again changes nothing."""
    form = forms.BundleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        done = bundling.import_bundle(by=request.by, at=timezone.now(), data=form.data_given())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)
    for line in _lines(done):
        messages.success(request, line)
    for fault in done.faults:
        messages.warning(request, queries.words_of(fault))
    return redirect(HERE)


def _lines(done: bundling.Imported) -> list[str]:
    new = done.envelopes["stored"] + done.envelopes["fork"]
    said = []
    if new:
        said.append(
            _("%(n)s envelopes were taken in. What is in them is entered within a minute.") % {"n": new}
        )
    if done.envelopes["held"] + done.files["held"]:
        said.append(
            _("%(n)s things are for another server. This laptop carries them on.")
            % {"n": done.envelopes["held"] + done.files["held"]}
        )
    if done.letters:
        said.append(_("%(n)s receipts wait here for their phones.") % {"n": done.letters})
    if refused := done.envelopes["refused"] + done.files["refused"]:
        said.append(
            _("%(n)s were refused: they are for another server, or were not signed by their phone.")
            % {"n": refused}
        )
    return said or [_("Everything in it was here already. Nothing was changed.")]


@officer("bundle.export")
@require_POST
def export(request: Request) -> HttpResponseBase:
    """The file for the stick: receipts for the phones of this area; on a village laptop also what waits for the server above."""
    at = timezone.now()
    data = bundling.export_bundle(by=request.by, at=at, again="lagi" in request.POST)
    is_text = request.POST.get("bentuk") == "teks"
    answer = HttpResponse(
        rules.as_text(data).encode() if is_text else data,
        content_type="text/plain; charset=utf-8" if is_text else "application/octet-stream",
    )
    name = f"simpul-{timezone.localtime(at):%Y%m%d-%H%M}.{'txt' if is_text else 'simpul'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer

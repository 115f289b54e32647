"""Writing into a work's book, taking a line back, its photos and receipts, and the village's price list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from simpul.community.actions import giving, things
from simpul.community.queries import works as queries
from simpul.lib.files import FileMissing, FileStore
from simpul.web.desk import trying
from simpul.web.desk.works import forms, shared
from simpul.web.forms import read_date
from simpul.web.policy import Request, officer


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of line: what is asked, what is done, how it is taken back."""

    act: str
    heading: Any
    done: Any
    form: Callable[..., Any]
    write: Callable[..., Any]
    take_back: Callable[..., None] | None = None


def _labour(form: Any, **given: Any) -> None:
    giving.record_labour(**given, hours=form.hours())


def _material(form: Any, **given: Any) -> None:
    giving.record_material(**given, brought=form.brought())


def _money(form: Any, **given: Any) -> None:
    giving.record_money(**given, cash=form.cash())


def _tool(form: Any, **given: Any) -> None:
    things.lend_tool(**given, lent=form.lent())


def _photo(form: Any, **given: Any) -> None:
    things.add_picture(**given, shot=form.shot())


KINDS: dict[str, Kind] = {
    "tenaga": Kind(
        "labour.record",
        _lazy("Write down who helped"),
        _lazy("Hours written down."),
        forms.LabourForm,
        _labour,
        giving.withdraw_labour,
    ),
    "bahan": Kind(
        "material.record",
        _lazy("Write down materials"),
        _lazy("Materials written down."),
        forms.MaterialForm,
        _material,
        giving.withdraw_material,
    ),
    "uang": Kind(
        "money.record",
        _lazy("Write down cash"),
        _lazy("Cash written down."),
        forms.MoneyForm,
        _money,
        giving.withdraw_money,
    ),
    "alat": Kind(
        "tool.lend", _lazy("Write down a lent tool"), _lazy("Tool written down."), forms.ToolForm, _tool
    ),
    "foto": Kind(
        "picture.add",
        _lazy("Add a photo"),
        _lazy("Photo added."),
        forms.PhotoForm,
        _photo,
        things.remove_picture,
    ),
}


@officer(*shared.READING)
def write(request: Request, work_id: UUID, name: str) -> HttpResponseBase:
    """A new line; "and one more" keeps the day and asks again."""
    work, kind = shared.work_or_404(request, work_id), KINDS.get(name)
    if kind is None or not shared.may(request, kind.act, work.region_code):
        raise Http404
    today = shared.today(work.region_code)
    first = {"day": read_date(request.GET.get("hari", "")) or today}
    more = {"rates": queries.current_rates(work.region_code, today)} if name == "bahan" else {}
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = kind.form(*posted, initial=first, **more)
    if form.is_valid() and trying.run(
        form,
        lambda: kind.write(
            form,
            by=request.by,
            at=timezone.now(),
            work_id=work.id,
            day=form.cleaned_data["day"],
            entry_id=form.cleaned_data["entry_id"],
        ),
    ):
        messages.success(request, str(kind.done))
        if "lagi" in request.POST:
            day = form.cleaned_data["day"]
            return redirect(f"{request.path}?hari={day.isoformat()}")
        return redirect("desk_work", work_id=work.id)
    return shared.form_page(
        request,
        "desk/works/write.html",
        form,
        {"work": work, "heading": kind.heading, "files": name in ("uang", "foto")},
    )


@officer(*shared.READING)
def take_back(request: Request, work_id: UUID, name: str, entry_id: UUID) -> HttpResponseBase:
    """Take a line back, with its reason; the row stays and is struck through."""
    work, kind = shared.work_or_404(request, work_id), KINDS.get(name)
    if kind is None or kind.take_back is None:
        raise Http404
    back = kind.take_back
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: back(by=request.by, at=timezone.now(), entry_id=entry_id, why=form.cleaned_data["why"]),
    ):
        messages.success(request, _("Taken back. The line stays, struck through."))
        return redirect("desk_work", work_id=work.id)
    context = {"work": work, "heading": _("Take a line back"), "button": _("Take back"), "danger": True}
    return shared.form_page(request, "desk/works/ask.html", form, context)


@officer("tool.return")
def tool_back(request: Request, work_id: UUID, entry_id: UUID) -> HttpResponseBase:
    """A tool went back to its owner."""
    work = shared.work_or_404(request, work_id)
    form = forms.ReturnForm(
        request.POST if request.method == "POST" else None, initial={"day": shared.today(work.region_code)}
    )
    if form.is_valid() and trying.run(
        form,
        lambda: things.return_tool(
            by=request.by,
            at=timezone.now(),
            entry_id=entry_id,
            day=form.cleaned_data["day"],
            condition=form.cleaned_data["condition"],
        ),
    ):
        messages.success(request, _("The tool is back."))
        return redirect("desk_work", work_id=work.id)
    context = {"work": work, "heading": _("The tool went back"), "button": _("Write down")}
    return shared.form_page(request, "desk/works/ask.html", form, context)


@officer(*shared.READING)
@require_GET
def picture(request: Request, picture_id: UUID) -> HttpResponseBase:
    """A photo of a work."""
    found = queries.picture_for(request.by, picture_id)
    return _file(found)


@officer(*shared.READING)
@require_GET
def receipt(request: Request, entry_id: UUID) -> HttpResponseBase:
    """The photo of a receipt."""
    return _file(queries.receipt_for(request.by, entry_id))


def _file(found: Any) -> HttpResponseBase:
    if found is None:
        raise Http404
    try:
        data = FileStore(settings.SIMPUL_FILES).read(found.file_sha256)
    except FileMissing as missing:
        raise Http404 from missing
    response = HttpResponse(data, content_type=found.file_mime)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@officer(*shared.READING)
def rates(request: Request) -> HttpResponseBase:
    """The price list of a village, and a new price on it."""
    village = shared.own_village(request)
    may_set = bool(village) and shared.may(request, "rate.set", village)
    form = forms.RateForm(
        request.POST if request.method == "POST" and may_set else None,
        initial={"from_date": shared.today(village)} if village else {},
        by=request.by,
        village=village,
    )
    if (
        may_set
        and form.is_valid()
        and trying.run(
            form,
            lambda: things.set_rate(
                by=request.by,
                at=timezone.now(),
                region_code=village,
                name=form.cleaned_data["name"],
                unit=form.cleaned_data["unit"],
                price=form.cleaned_data["price"],
                from_date=form.cleaned_data["from_date"],
                source=form.cleaned_data["source"],
                is_wage=form.cleaned_data["is_wage"],
                rate_id=form.cleaned_data["entry_id"],
            ),
        )
    ):
        messages.success(request, _("The price is on the list."))
        return redirect("desk_work_rates")
    if request.method == "POST" and not may_set:
        raise Http404
    rows = list(queries.all_rates(request.by, village)) if village else []
    now = {one.id for one in queries.current_rates(village, shared.today(village))} if village else set()
    context = {
        "rows": [{"row": one, "now": one.id in now} for one in rows],
        "may_set": may_set,
        "village": village,
    }
    return shared.form_page(request, "desk/works/rates.html", form, context)

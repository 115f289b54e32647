"""The list of works, a new one, one with its book, its steps, and on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.access import ideas as idea_access
from simpul.community.actions import works
from simpul.community.queries import bank
from simpul.community.queries import works as queries
from simpul.community.rules import works as rules
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.lib.money import rupiah
from simpul.web import reading
from simpul.web.desk import area, frame, trying, words
from simpul.web.desk.works import forms, shared, steps
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

FILTERS = ("keadaan", "wilayah", "kata")


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The works of the area, each with what it took."""
    given = request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    filters = queries.Filters(
        state=given.get("keadaan", "")[:12],
        region=narrowed.code,
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        page=reading.page_number(given.get("page", "")),
    )
    page = queries.listed(request.by, filters)
    kept = {name: given[name] for name in FILTERS if given.get(name)}
    context = {
        "rows": [_row(one, page.sums[one.id]) for one in page.rows],
        "filters": {name: given.get(name, "") for name in FILTERS},
        "filtered": bool(kept),
        "area": narrowed,
        "states": choices.pairs(rules.STATES),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return frame.show(request, "desk/works/list.html", context, here=shared.HERE)


def _row(work: Any, sums: rules.Sums) -> dict[str, Any]:
    return {
        "work": work,
        "state": _(rules.STATES[work.state]),
        "tone": shared.TONES[work.state],
        "hok": rules.hok(sums.half_days) if sums.half_days else "",
        "ours": rupiah(sums.ours) if sums.ours else "",
    }


@officer("work.plan")
def new(request: Request) -> HttpResponseBase:
    """Plan a work, perhaps out of a matter."""
    village = shared.own_village(request)
    case_id = reading.key(request.GET.get("urusan", ""))
    idea = _idea(request)
    form = forms.PlanForm(
        request.POST if request.method == "POST" else None,
        initial={"entry_id": str(uuid7()), **({"title": idea.title} if idea else {})},
        by=request.by,
        village=village,
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            works.plan_work(
                by=request.by,
                at=timezone.now(),
                region_code=village or form.cleaned_data["place_code"],
                plan=form.plan(),
                case_id=case_id,
                idea_id=idea.id if idea else None,
                work_id=form.cleaned_data["entry_id"],
            )
        ),
    ):
        messages.success(request, _("Planned. Write down hours, materials and money here as they come."))
        return redirect("desk_work", work_id=made[0].id)
    return shared.form_page(request, "desk/works/plan.html", form, {"work": None})


def _idea(request: Request) -> Any:
    """The idea that the address names, when this seat may see it."""
    key = reading.key(request.GET.get("usulan", ""))
    try:
        return idea_access.idea_for(request.by, key) if key else None
    except NotFound as missing:
        raise Http404 from missing


@officer("work.change")
def change(request: Request, work_id: UUID) -> HttpResponseBase:
    """Change what is said of a work."""
    work = shared.work_or_404(request, work_id)
    names = (
        "title",
        "about",
        "place",
        "volume",
        "beneficiaries",
        "leader",
        "starts_date",
        "ends_date",
        "hides_amounts",
    )
    first = {name: getattr(work, name) for name in names}
    form = forms.PlanForm(
        request.POST if request.method == "POST" else None,
        initial={**first, "hamlet": str(work.hamlet_id or "")},
        by=request.by,
        village=work.region_code,
        old=True,
    )
    if form.is_valid() and trying.run(
        form,
        lambda: works.change_work(by=request.by, at=timezone.now(), work_id=work.id, plan=form.plan()),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_work", work_id=work.id)
    return shared.form_page(request, "desk/works/plan.html", form, {"work": work})


@officer(*shared.READING)
@require_GET
def one(request: Request, work_id: UUID) -> HttpResponseBase:
    """One work: where it stands, what it took, its book."""
    return frame.show(request, "desk/works/work.html", _told(request, work_id), here=shared.HERE)


@officer(*shared.READING)
@require_GET
def paper(request: Request, work_id: UUID) -> HttpResponseBase:
    """The book on paper, and an empty day sheet."""
    empty = request.GET.get("apa") == "kosong"
    context = {**_told(request, work_id), "empty": empty, "lines": range(1, 26)}
    return frame.show(request, "desk/works/print.html", context, here=shared.HERE)


def _told(request: Request, work_id: UUID) -> dict[str, Any]:
    work = shared.work_or_404(request, work_id)
    book = queries.book(work)
    may = {
        "change": "work.change",
        "write": "labour.record",
        "publish": "work.publish",
        "call_off": "work.call_off",
    }
    fund = bank.fund_of_works([work.id]).get(work.id, 0)
    worth = rules.worth(book.sums.half_days, book.wage)
    return {
        "work": work,
        "state": _(rules.STATES[work.state]),
        "tone": shared.TONES[work.state],
        "where": shared.place_name(work.region_code),
        "planned": " – ".join(words.day(day) for day in (work.starts_date, work.ends_date) if day),
        "path": shared.path(work.state),
        "sums": _sums(book.sums),
        "hok": rules.hok(book.sums.half_days),
        "fund": rupiah(fund) if fund else "",
        "worth": rupiah(worth) if worth else "",
        "wage_low": book.sums.wages > 0 and (book.sums.wage_share or 0) < rules.WAGE_SHARE,
        "wage_share": book.sums.wage_share,
        "labour": [(one, rules.hok(one.half_days * one.people)) for one in book.labour],
        "materials": [(one, _much(one), _(rules.SOURCES[one.source])) for one in book.materials],
        "money": [(one, _(rules.SOURCES[one.source]) if one.source else "") for one in book.money],
        "tools": book.tools,
        "pictures": [(one, _(rules.STAGES[one.stage])) for one in book.pictures],
        "may": {name: shared.may(request, act, work.region_code) for name, act in may.items()},
        "steps": [name for name, step in steps.STEPS.items() if work.state in step.states],
        "public_url": reverse("work", args=[work.id]) if work.published_at else "",
    }


def _much(one: Any) -> str:
    """An amount with its unit: "2,5 m3"."""
    whole = f"{one.quantity:,.2f}".rstrip("0").rstrip(".")
    return f"{whole.translate(str.maketrans(',.', '.,'))} {one.unit}"


def _sums(sums: rules.Sums) -> dict[str, str]:
    return {
        "materials": rupiah(sums.materials_ours),
        "money": rupiah(sums.money_ours),
        "ours": rupiah(sums.ours),
        "state": rupiah(sums.state),
        "spent": rupiah(sums.spent),
        "left": rupiah(sums.left),
        "short": "1" if sums.left < 0 else "",
    }
